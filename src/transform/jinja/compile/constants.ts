import { PythonError } from "../errors.ts"
import { operate, unary } from "../values/arithmetic.ts"
import { getAttribute, getItem, getSlice } from "../values/attributes.ts"
import { contains, equal, type OrderOperator, ordered } from "../values/comparison.ts"
import { Dict, PySet } from "../values/dict.ts"
import { list, truthy } from "../values/iteration.ts"
import { str } from "../values/text.ts"
import { isNumeric, Markup, Range, Tuple, type Kwargs, Undefined } from "../values/types.ts"
import type { Arguments, CompareOperator, Expression, NodeOf } from "../syntax/ast.ts"
import { merge, NO_KWARGS } from "./arguments.ts"
import type { ConstantFolder } from "./emitter.ts"
import type { RenderContext } from "./render-context.ts"

/** Filters that Jinja evaluates only while rendering, because they use the context. */
const NEED_CONTEXT: ReadonlySet<string> = new Set([
  "map",
  "select",
  "reject",
  "selectattr",
  "rejectattr",
  "random",
])

class NotConstant extends Error {}

/**
 * What Jinja folds at compile time. It matters in native rendering alone: there a constant expression becomes text
 * (`{{ 1 + 1 }}` is the string 2), while a value that is computed keeps its type.
 */
export function constantFolder(context: RenderContext): ConstantFolder {
  return (node) => {
    try {
      const value = evaluate(node, context)
      return isPlain(value) ? { text: str(value) } : undefined
    } catch {
      // Not constant, or an error that rendering will raise again at its place.
      return undefined
    }
  }
}

function isPlain(value: unknown): boolean {
  if (value === null || typeof value === "string" || isNumeric(value)) return true
  if (value instanceof Markup || value instanceof Range) return true
  if (Array.isArray(value)) return value.every(isPlain)
  if (value instanceof PySet) return [...value].every(isPlain)
  return value instanceof Dict && [...value].every(([key, item]) => isPlain(key) && isPlain(item))
}

type Value = (child: Expression) => unknown
type Evaluator<K extends Expression["kind"]> = (
  node: NodeOf<K>,
  value: Value,
  context: RenderContext,
) => unknown

/** The kinds of expressions that can be constant. */
const EVALUATORS: { [K in Expression["kind"]]?: Evaluator<K> } = {
  const: (node) => node.value,
  tuple: (node, value) => Tuple.from(node.items.map(value)),
  list: (node, value) => node.items.map(value),
  dict: (node, value) =>
    Dict.fromEntries(node.items.map(([key, item]) => [value(key), value(item)] as const)),
  attribute: (node, value) => getAttribute(value(node.node), node.name),
  item: evaluateItem,
  filter: (node, value, context) => {
    if (node.node === undefined || NEED_CONTEXT.has(node.name)) throw new NotConstant()
    return context.applyFilter(node.name, value(node.node), ...constantArguments(node, value))
  },
  test: (node, value, context) =>
    context.applyTest(node.name, value(node.node), ...constantArguments(node, value)),
  binary: (node, value) => operate(node.operator, value(node.left), value(node.right)),
  unary: (node, value) => unary(node.operator, value(node.node)),
  not: (node, value) => !truthy(value(node.node)),
  and: (node, value) => {
    const left = value(node.left)
    return truthy(left) ? value(node.right) : left
  },
  or: (node, value) => {
    const left = value(node.left)
    return truthy(left) ? left : value(node.right)
  },
  concat: (node, value) => node.nodes.map((child) => str(value(child))).join(""),
  compare: evaluateComparison,
  conditional: (node, value) => {
    if (truthy(value(node.test))) return value(node.consequent)
    if (node.otherwise === undefined) throw new NotConstant()
    return value(node.otherwise)
  },
}

function evaluate(node: Expression, context: RenderContext): unknown {
  const evaluator = EVALUATORS[node.kind] as Evaluator<Expression["kind"]> | undefined
  if (evaluator === undefined) throw new NotConstant()
  return evaluator(node, (child) => evaluate(child, context), context)
}

function evaluateItem(node: NodeOf<"item">, value: Value): unknown {
  if (node.key.kind !== "slice") return getItem(value(node.node), value(node.key))
  const { start, stop, step } = node.key
  const bound = (child: Expression | undefined): unknown => (child === undefined ? null : value(child))
  const object = value(node.node)
  const bounds = [bound(start), bound(stop), bound(step)] as const
  try {
    return getSlice(object, ...bounds)
  } catch (error) {
    // Folded slices are looked up like items, so what cannot be sliced is undefined.
    if (error instanceof PythonError && error.kind === "TypeError") return new Undefined({ object })
    throw error
  }
}

function constantArguments(node: Arguments, value: Value): [unknown[], Kwargs] {
  const args = node.args.map(value)
  if (node.dynArgs !== undefined) args.push(...list(value(node.dynArgs)))
  const named = Dict.fromEntries(node.kwargs.map(([name, item]) => [name, value(item)] as const))
  const kwargs = merge(NO_KWARGS, named)
  return [args, node.dynKwargs === undefined ? kwargs : merge(kwargs, value(node.dynKwargs))]
}

const COMPARISONS: Partial<Record<CompareOperator, (left: unknown, right: unknown) => boolean>> = {
  "==": equal,
  "!=": (left, right) => !equal(left, right),
  in: (left, right) => contains(right, left),
  "not in": (left, right) => !contains(right, left),
}

function evaluateComparison(node: NodeOf<"compare">, value: Value): boolean {
  let left = value(node.first)
  for (const [operator, next] of node.rest) {
    const right = value(next)
    const holds = COMPARISONS[operator]?.(left, right) ?? ordered(operator as OrderOperator, left, right)
    if (!holds) return false
    left = right
  }
  return true
}
