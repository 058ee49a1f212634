import type { AnyNode, Arguments, CallBlock, Macro, NodeOf } from "./ast.ts"

type Visit = (node: AnyNode) => void

/** What each kind of node holds, in Jinja's order: targets before values, tests before branches. */
const CHILDREN: { [K in AnyNode["kind"]]: (node: NodeOf<K>, visit: Visit) => void } = {
  name: none,
  const: none,
  data: none,
  nsref: none,
  break: none,
  continue: none,
  output: (node, visit) => each(node.nodes, visit),
  concat: (node, visit) => each(node.nodes, visit),
  tuple: (node, visit) => each(node.items, visit),
  list: (node, visit) => each(node.items, visit),
  dict: (node, visit) => {
    for (const pair of node.items) each(pair, visit)
  },
  attribute: (node, visit) => visit(node.node),
  unary: (node, visit) => visit(node.node),
  not: (node, visit) => visit(node.node),
  do: (node, visit) => visit(node.node),
  item: (node, visit) => each([node.node, node.key], visit),
  slice: (node, visit) => each([node.start, node.stop, node.step], visit),
  call: withArguments,
  test: withArguments,
  filter: withArguments,
  binary: (node, visit) => each([node.left, node.right], visit),
  and: (node, visit) => each([node.left, node.right], visit),
  or: (node, visit) => each([node.left, node.right], visit),
  compare: (node, visit) => {
    visit(node.first)
    for (const [, value] of node.rest) visit(value)
  },
  conditional: (node, visit) => each([node.test, node.consequent, node.otherwise], visit),
  for: (node, visit) => {
    each([node.target, node.iterable], visit)
    each(node.body, visit)
    each(node.otherwise, visit)
    each([node.test], visit)
  },
  if: (node, visit) => {
    visit(node.test)
    each(node.body, visit)
    each(node.elifs, visit)
    each(node.otherwise, visit)
  },
  macro: withParameters,
  callblock: (node, visit) => {
    visit(node.call)
    withParameters(node, visit)
  },
  set: (node, visit) => each([node.target, node.value], visit),
  setblock: (node, visit) => {
    each([node.target, node.filter], visit)
    each(node.body, visit)
  },
  with: (node, visit) => {
    each(node.targets, visit)
    each(node.values, visit)
    each(node.body, visit)
  },
  filterblock: (node, visit) => {
    each(node.body, visit)
    visit(node.filter)
  },
}

function none(): void {}

function each(nodes: readonly (AnyNode | undefined)[], visit: Visit): void {
  for (const node of nodes) if (node !== undefined) visit(node)
}

function withArguments(node: Arguments & { readonly node: AnyNode | undefined }, visit: Visit): void {
  each([node.node], visit)
  each(node.args, visit)
  for (const [, value] of node.kwargs) visit(value)
  each([node.dynArgs, node.dynKwargs], visit)
}

function withParameters(node: Macro | CallBlock, visit: Visit): void {
  each(node.params, visit)
  each(node.defaults, visit)
  each(node.body, visit)
}

/** Visits the direct children of a node. */
export function eachChild(node: AnyNode, visit: Visit): void {
  const children = CHILDREN[node.kind] as (node: AnyNode, visit: Visit) => void
  children(node, visit)
}

/** Which of some names are read in these nodes, at any depth, before anything there sets them. */
export function undeclared(nodes: readonly AnyNode[], names: readonly string[]): Set<string> {
  const open = new Set(names)
  const found = new Set<string>()
  const walk = (node: AnyNode): void => {
    if (node.kind !== "name") eachChild(node, walk)
    else if (open.has(node.name)) {
      if (node.ctx === "load") found.add(node.name)
      else open.delete(node.name)
    }
  }
  each(nodes, walk)
  return found
}

/** The first place where a node sets a name, at any depth. */
export function storeOf(node: AnyNode, name: string): number | undefined {
  let at: number | undefined
  const walk = (child: AnyNode): void => {
    if (at !== undefined) return
    if (child.kind !== "name") eachChild(child, walk)
    else if (child.name === name && child.ctx === "store") at = child.at
  }
  walk(node)
  return at
}
