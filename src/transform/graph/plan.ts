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
  return { order: inLevels(waitsFor, dependents), waitsFor, dependents }
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

/** Level by level from the roots; within a level by id. */
function inLevels(waitsFor: Map<string, Set<string>>, dependents: Map<string, string[]>): string[] {
  const open = new Map([...waitsFor].map(([id, parents]) => [id, parents.size]))
  const order: string[] = []
  let level = [...open].filter(([, count]) => count === 0).map(([id]) => id)
  while (level.length > 0) {
    level.sort()
    order.push(...level)
    const next: string[] = []
    for (const id of level) {
      for (const dependent of dependents.get(id) ?? []) {
        const left = (open.get(dependent) ?? 0) - 1
        open.set(dependent, left)
        if (left === 0) next.push(dependent)
      }
    }
    level = next
  }
  return order
}
