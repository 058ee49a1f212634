import { nodeOf, parentsOf, type Manifest } from "../nodes.ts"
import { reach, type Graph } from "./graph.ts"
import { searchNodes } from "./methods.ts"
import type { Criterion, Selection, SetOperation } from "./spec.ts"

export interface Selecting {
  manifest: Manifest
  graph: Graph
  projectName: string
  /** Told once for each term that matches nothing. */
  onNothing?: ((raw: string) => void) | undefined
}

/** Selected outright, and tests that would come along if all their parents were selected. */
interface Selected {
  direct: Set<string>
  indirect: Set<string>
}

/** The ids that a selection names, tests that come along included. */
export function selectNodes(selecting: Selecting, selection: Selection): Set<string> {
  return resolve(selecting, selection).direct
}

function resolve(selecting: Selecting, selection: Selection): Selected {
  if (selection.kind === "criterion") return resolveCriterion(selecting, selection)
  const bundles = selection.parts.map((part) => resolve(selecting, part))
  const direct = combine(
    selection,
    bundles.map((bundle) => bundle.direct),
  )
  const indirect = combine(
    selection,
    bundles.map((bundle) => new Set([...bundle.direct, ...bundle.indirect])),
  )
  const all = withCompletedTests(selecting, selection, direct, indirect)
  if (selection.expectExists && all.size === 0) selecting.onNothing?.(selection.raw)
  return { direct: all, indirect }
}

function resolveCriterion(selecting: Selecting, term: Criterion): Selected {
  const found = new Set(searchNodes(selecting.manifest, selecting.projectName, term))
  const { graph } = selecting
  const selected = new Set(found)
  const add = (ids: Iterable<string>): void => {
    for (const id of ids) selected.add(id)
  }
  if (term.childrensParents) {
    const children = reach(graph.children, found)
    add(children)
    add(reach(graph.parents, new Set([...found, ...children])))
  }
  if (term.parents !== undefined) add(reach(graph.parents, found, term.parents))
  if (term.children !== undefined) add(reach(graph.children, found, term.children))
  if (term.indirect === "empty") return { direct: selected, indirect: new Set() }
  return withTests(selecting, selected, term)
}

/** Adds the tests of selected nodes, as the mode of indirect selection asks. */
function withTests(selecting: Selecting, selected: Set<string>, term: Criterion): Selected {
  const { manifest, graph } = selecting
  const direct = new Set(selected)
  const indirect = new Set<string>()
  const available =
    term.indirect === "buildable"
      ? new Set([...selected, ...reach(graph.parents, selected), ...manifest.sources.keys()])
      : selected
  for (const id of reach(graph.children, selected, 1)) {
    const node = nodeOf(manifest, id)
    if (node === undefined || (node.resource_type !== "test" && node.resource_type !== "unit_test")) continue
    if (term.indirect === "eager" || parentsOf(node).every((parent) => available.has(parent))) direct.add(id)
    else indirect.add(id)
  }
  return { direct, indirect }
}

/** Tests that no single term brought along, but whose parents are all selected by the terms together. */
function withCompletedTests(
  selecting: Selecting,
  operation: SetOperation,
  direct: Set<string>,
  indirect: Set<string>,
): Set<string> {
  if (operation.indirect === "eager" || operation.indirect === "empty") return direct
  const available =
    operation.indirect === "buildable"
      ? new Set([...direct, ...reach(selecting.graph.parents, direct)])
      : direct
  const all = new Set(direct)
  for (const id of indirect) {
    const node = selecting.manifest.nodes.get(id)
    if (node !== undefined && parentsOf(node).every((parent) => available.has(parent))) all.add(id)
  }
  return all
}

function combine(operation: SetOperation, sets: Set<string>[]): Set<string> {
  const [first, ...others] = sets
  if (first === undefined) return new Set()
  switch (operation.kind) {
    case "union":
      return new Set(sets.flatMap((set) => [...set]))
    case "intersection":
      return new Set([...first].filter((id) => others.every((set) => set.has(id))))
    case "difference":
    default:
      return new Set([...first].filter((id) => !others.some((set) => set.has(id))))
  }
}
