import { projectError } from "../errors.ts"
import { allNodes, nodeOf, parentsOf, type Manifest } from "../nodes.ts"

/** Who depends on whom, both ways. Ids only. */
export interface Graph {
  parents: Map<string, string[]>
  children: Map<string, string[]>
}

/**
 * Builds the graph of a manifest and proves that it has no cycle.
 * @throws CartwrightError `transform` naming the nodes of the cycle in order
 */
export function buildGraph(manifest: Manifest): Graph {
  const parents = new Map<string, string[]>()
  const children = new Map<string, string[]>()
  for (const node of allNodes(manifest)) {
    const known = [...new Set(parentsOf(node))].filter((id) => nodeOf(manifest, id) !== undefined)
    parents.set(node.unique_id, known)
    if (!children.has(node.unique_id)) children.set(node.unique_id, [])
    for (const id of known) {
      const list = children.get(id)
      if (list === undefined) children.set(id, [node.unique_id])
      else list.push(node.unique_id)
    }
  }
  const graph = { parents, children }
  const cycle = findCycle(graph)
  if (cycle !== undefined) {
    throw projectError(`found a cycle: ${cycle.join(" --> ")}`, {
      place: nodeOf(manifest, cycle[0] ?? "")?.original_file_path,
      next: "Break the cycle: one of these models must not refer to the next.",
    })
  }
  return graph
}

function findCycle(graph: Graph): string[] | undefined {
  const done = new Set<string>()
  const path: string[] = []
  const onPath = new Set<string>()
  const visit = (id: string): string[] | undefined => {
    if (onPath.has(id)) return [...path.slice(path.indexOf(id)), id]
    if (done.has(id)) return undefined
    path.push(id)
    onPath.add(id)
    for (const child of graph.children.get(id) ?? []) {
      const cycle = visit(child)
      if (cycle !== undefined) return cycle
    }
    path.pop()
    onPath.delete(id)
    done.add(id)
    return undefined
  }
  for (const id of graph.parents.keys()) {
    const cycle = visit(id)
    if (cycle !== undefined) return cycle
  }
  return undefined
}

/** What is reached from some nodes within a number of steps, themselves not counted unless reached. */
export function reach(
  edges: Map<string, string[]>,
  from: Iterable<string>,
  steps = Number.POSITIVE_INFINITY,
): Set<string> {
  const reached = new Set<string>()
  let frontier = [...from]
  for (let step = 0; step < steps && frontier.length > 0; step++) {
    const next: string[] = []
    for (const id of frontier) {
      for (const neighbour of edges.get(id) ?? []) {
        if (!reached.has(neighbour)) {
          reached.add(neighbour)
          next.push(neighbour)
        }
      }
    }
    frontier = next
  }
  return reached
}
