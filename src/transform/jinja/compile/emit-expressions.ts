import type { Arguments, Expression, NodeOf } from "../syntax/ast.ts"
import { Markup, PyFloat } from "../values/types.ts"
import type { FunctionFrame } from "./function-frame.ts"
import type { Scope } from "./scopes.ts"

/** What the emitter of expressions has to know about the environment. */
export interface KnownNames {
  /** `host` filters and tests may return promises, `builtin` ones do not; undefined = there is none. */
  filter(name: string): "host" | "builtin" | undefined
  test(name: string): "host" | "builtin" | undefined
  fail(message: string, at: number): Error
  lineOf(at: number): number
}

/** Where an expression stands: the scope of its names, the function that it becomes part of. */
export interface Site {
  scope: Scope
  frame: FunctionFrame
  /** Inside an `if`, where unknown filters and tests fail only when they are reached. */
  soft: boolean
  /** Parameters that may not have got their value yet: read while defaults are evaluated. */
  pending?: ReadonlySet<string> | undefined
}

type Emit<K extends Expression["kind"]> = (node: NodeOf<K>, site: Site, emitter: ExpressionEmitter) => string

/**
 * The JS of each kind of expression. Whatever can fail notes its place last, in the variable `p`, after its operands
 * were evaluated: `getattr(cx, object, "name", p = 17)`.
 */
const EXPRESSIONS: { [K in Expression["kind"]]: Emit<K> } = {
  const: (node) => literal(node.value),
  name: emitName,
  nsref: (node, _site, emitter) => {
    throw emitter.known.fail("a namespace attribute cannot be read here", node.at)
  },
  slice: (node, _site, emitter) => {
    throw emitter.known.fail("a slice stands alone between brackets", node.at)
  },
  tuple: (node, site, emitter) => `Tuple.of(${emitter.list(node.items, site)})`,
  list: (node, site, emitter) => `[${emitter.list(node.items, site)}]`,
  dict: (node, site, emitter) => {
    const items = node.items.map((pair) => `[${emitter.list(pair, site)}]`)
    return `dict([${items.join(", ")}], p = ${node.at})`
  },
  attribute: (node, site, emitter) => {
    const object = emitter.expression(node.node, site)
    return `getattr(cx, ${object}, ${JSON.stringify(node.name)}, p = ${node.at})`
  },
  item: (node, site, emitter) => {
    if (node.key.kind !== "slice")
      return `getitem(cx, ${emitter.list([node.node, node.key], site)}, p = ${node.at})`
    const bounds = [node.key.start, node.key.stop, node.key.step].map((bound) =>
      bound === undefined ? "null" : emitter.expression(bound, site),
    )
    return `slice(${emitter.expression(node.node, site)}, ${bounds.join(", ")}, p = ${node.at})`
  },
  call: (node, site, emitter) => {
    const target = emitter.expression(node.node, site)
    return site.frame.awaited(`call(${target}, ${emitter.arguments(node, site)}, p = ${node.at})`)
  },
  filter: (node, site, emitter) => {
    const value = node.node === undefined ? '""' : emitter.expression(node.node, site)
    return emitter.filter(node.name, value, node, node.at, site)
  },
  test: (node, site, emitter) => {
    const known = emitter.known.test(node.name)
    if (known === undefined && !site.soft) throw emitter.known.fail(`No test named '${node.name}'.`, node.at)
    const value = emitter.expression(node.node, site)
    const args = emitter.arguments(node, site)
    const call = `test(cx, ${JSON.stringify(node.name)}, ${value}, ${args}, p = ${node.at})`
    return known === "host" ? site.frame.awaited(call) : call
  },
  binary: (node, site, emitter) => {
    const operands = `${emitter.list([node.left, node.right], site)}, p = ${node.at}`
    return node.operator === "+" ? `add(${operands})` : `operate("${node.operator}", ${operands})`
  },
  unary: (node, site, emitter) => {
    return `unary("${node.operator}", ${emitter.expression(node.node, site)}, p = ${node.at})`
  },
  not: (node, site, emitter) => `!truthy(${emitter.expression(node.node, site)})`,
  and: (node, site, emitter) => {
    const temp = site.frame.temporary()
    const left = emitter.expression(node.left, site)
    return `(truthy(${temp} = ${left}) ? ${emitter.expression(node.right, site)} : ${temp})`
  },
  or: (node, site, emitter) => {
    const temp = site.frame.temporary()
    const left = emitter.expression(node.left, site)
    return `(truthy(${temp} = ${left}) ? ${temp} : ${emitter.expression(node.right, site)})`
  },
  concat: (node, site, emitter) => {
    return `(${node.nodes.map((child) => `str(${emitter.expression(child, site)})`).join(" + ")})`
  },
  compare: emitComparison,
  conditional: (node, site, emitter) => {
    const soft = { ...site, soft: true }
    const test = emitter.expression(node.test, soft)
    const consequent = emitter.expression(node.consequent, soft)
    const otherwise =
      node.otherwise === undefined
        ? `noElse(${emitter.known.lineOf(node.at)})`
        : emitter.expression(node.otherwise, soft)
    return `(truthy(${test}) ? ${consequent} : ${otherwise})`
  },
}

function emitName(node: NodeOf<"name">, site: Site, emitter: ExpressionEmitter): string {
  const variable = site.scope.find(node.name)
  if (variable === undefined) {
    const what = `Tried to resolve a name to a reference that was unknown to the frame ('${node.name}')`
    throw emitter.known.fail(what, node.at)
  }
  const isParameter = site.scope.loadOf(variable)?.kind === "param"
  if (isParameter && site.pending?.has(variable) !== true) return variable
  return `(${variable} === undefined ? missing(cx, ${JSON.stringify(node.name)}) : ${variable})`
}

const COMPARISONS: Record<string, string> = { "==": "eq", "!=": "ne", in: "inside", "not in": "outside" }

/** In a chain every operand is evaluated once, and only while the comparisons before it hold. */
function emitComparison(node: NodeOf<"compare">, site: Site, emitter: ExpressionEmitter): string {
  let left = emitter.expression(node.first, site)
  const parts: string[] = []
  for (const [i, [operator, value]] of node.rest.entries()) {
    let right = emitter.expression(value, site)
    let next = right
    if (i < node.rest.length - 1) {
      next = site.frame.temporary()
      right = `${next} = ${right}`
    }
    const named = COMPARISONS[operator]
    const operands = `${left}, ${right}, p = ${value.at}`
    parts.push(named === undefined ? `order("${operator}", ${operands})` : `${named}(${operands})`)
    left = next
  }
  return `(${parts.join(" && ")})`
}

/** Turns expressions into JS expressions. */
export class ExpressionEmitter {
  readonly known: KnownNames

  constructor(known: KnownNames) {
    this.known = known
  }

  expression(node: Expression, site: Site): string {
    const emit = EXPRESSIONS[node.kind] as Emit<Expression["kind"]>
    return emit(node, site, this)
  }

  list(nodes: readonly Expression[], site: Site): string {
    return nodes.map((node) => this.expression(node, site)).join(", ")
  }

  /**
   * Positional and keyword arguments, as the two parameters of a HostFunction.
   * @param caller JS of the body of a call block
   */
  arguments(node: Arguments, site: Site, caller?: string): string {
    const args = `[${this.list(node.args, site)}]`
    const kwargs = node.kwargs.map(([key, value]) => `${propertyName(key)}: ${this.expression(value, site)}`)
    if (caller !== undefined) kwargs.push(`caller: ${caller}`)
    const { dynArgs, dynKwargs } = node
    const positional =
      dynArgs === undefined ? args : `spread(${args}, ${this.expression(dynArgs, site)}, p = ${dynArgs.at})`
    const named = kwargs.length === 0 ? "NO_KWARGS" : `{ __proto__: null, ${kwargs.join(", ")} }`
    if (dynKwargs === undefined) return `${positional}, ${named}`
    return `${positional}, merge(${named}, ${this.expression(dynKwargs, site)}, p = ${dynKwargs.at})`
  }

  /** A filter on a value that is a JS expression already. */
  filter(name: string, value: string, node: Arguments, at: number, site: Site): string {
    const known = this.known.filter(name)
    if (known === undefined && !site.soft) throw this.known.fail(`No filter named '${name}'.`, at)
    const call = `filter(cx, ${JSON.stringify(name)}, ${value}, ${this.arguments(node, site)}, p = ${at})`
    return known === "host" ? site.frame.awaited(call) : call
  }
}

/** A name as a key of an object literal; computed, so that `__proto__` is a name like others. */
const propertyName = (name: string): string => `[${JSON.stringify(name)}]`

/** A constant as JS source. */
function literal(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value)
  if (typeof value === "bigint") return `${value}n`
  if (value instanceof PyFloat) return `new PyFloat(${value.value})`
  if (value instanceof Markup) return `new Markup(${JSON.stringify(value.text)})`
  return String(value)
}
