import { nodeOf, parentsOf, type Manifest } from "../nodes.ts"
import { reach, type Graph } from "./graph.ts"

/** What is run, who waits for whom, and in which order ready nodes are taken. */
export interface Plan {
  /** In the order in which one worker alone would take them. */
  order: string[]
  waitsFor: Map<string, Set<string>>
  dependents: Map<string, string[]>
}

/**
 * Plans the nodes to run: a node waits for its selected ancestors, also where nodes between them are not selected.
 * @param gateOnTests as in `build`: a node waits for the tests of its ancestors, too
 */
export function planNodes(
  manifest: Manifest,
  graph: Graph,
  selected: Set<string>,
  gateOnTests: boolean,
): Plan {
  const waitsFor = new Map<string, Set<string>>()
  for (const id of selected) waitsFor.set(id, selectedAncestors(graph, selected, id))
  if (gateOnTests) addTestGates(manifest, graph, selected, waitsFor)
  const dependents = new Map<string, string[]>([...selected].map((id) => [id, []]))
  for (const [id, parents] of waitsFor) for (const parent of parents) dependents.get(parent)?.push(id)
  return { order: byUrgency(manifest, dependents), waitsFor, dependents }
}

/** The nearest selected nodes above one. */
function selectedAncestors(graph: Graph, selected: Set<string>, id: string): Set<string> {
  const found = new Set<string>()
  const seen = new Set<string>()
  const visit = (from: string): void => {
    for (const parent of graph.parents.get(from) ?? []) {
      if (seen.has(parent)) continue
      seen.add(parent)
      if (selected.has(parent)) found.add(parent)
      else visit(parent)
    }
  }
  visit(id)
  return found
}

function addTestGates(
  manifest: Manifest,
  graph: Graph,
  selected: Set<string>,
  waitsFor: Map<string, Set<string>>,
): void {
  const tests = [...selected].filter((id) => isTest(manifest, id))
  const byParent = new Map<string, string[]>()
  for (const test of tests) {
    const node = nodeOf(manifest, test)
    if (node === undefined) continue
    for (const parent of new Set(parentsOf(node))) {
      const list = byParent.get(parent)
      if (list === undefined) byParent.set(parent, [test])
      else list.push(test)
    }
  }
  for (const id of selected) {
    // Exposures and saved queries do not wait for tests.
    if (isTest(manifest, id) || !manifest.nodes.has(id)) continue
    const ancestors = reach(graph.parents, [id])
    for (const ancestor of ancestors) {
      for (const test of byParent.get(ancestor) ?? []) {
        const node = nodeOf(manifest, test)
        if (node !== undefined && parentsOf(node).every((parent) => ancestors.has(parent)))
          waitsFor.get(id)?.add(test)
      }
    }
  }
}

function isTest(manifest: Manifest, id: string): boolean {
  const type = nodeOf(manifest, id)?.resource_type
  return type === "test" || type === "unit_test"
}

/**
 * Most urgent first: the node with the longest way below it, so that what all wait for in the end is not begun last. A node comes
 * before all that waits for it; seeds come first, since projects read them as sources too, which nobody can see.
 */
function byUrgency(manifest: Manifest, dependents: Map<string, string[]>): string[] {
  const ways = new Map<string, number>()
  const wayFrom = (id: string): number => {
    const known = ways.get(id)
    if (known !== undefined) return known
    const below = Math.max(0, ...(dependents.get(id) ?? []).map(wayFrom))
    const way = below + effortOf(manifest, id)
    ways.set(id, way)
    return way
  }
  const ids = [...dependents.keys()].sort((a, b) => wayFrom(b) - wayFrom(a) || (a < b ? -1 : 1))
  const isSeed = (id: string): boolean => nodeOf(manifest, id)?.resource_type === "seed"
  return [...ids.filter(isSeed), ...ids.filter((id) => !isSeed(id))]
}

/** About how long a node takes, compared with others. */
function effortOf(manifest: Manifest, id: string): number {
  const materialized = nodeOf(manifest, id)?.config["materialized"]
  return materialized === "table" || materialized === "incremental" ? 5 : 1
}
