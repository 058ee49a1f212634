import { PythonError } from "../errors.ts"
import { canonicalKey, type DictLike, dictOf, PySet } from "./dict.ts"
import { iterate } from "./iteration.ts"
import { comparable } from "./numbers.ts"
import { compareText, textOf, viewItems } from "./text.ts"
import { typeName } from "./type-names.ts"
import { DictView, HostObject, isNumeric, type Numeric, Range, Tuple, Undefined } from "./types.ts"
import { undefinedFailure } from "./undefined.ts"

/** Python's `a == b`. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return !Number.isNaN(a)
  if (typeof a === "string" && typeof b === "string") return false
  if (a === null || b === null) return a === b
  if (isNumeric(a)) return isNumeric(b) && sameNumber(a, b)
  if (a instanceof HostObject) return a.equals?.(b) ?? (b instanceof HostObject && (b.equals?.(a) ?? false))
  if (b instanceof HostObject) return b.equals?.(a) ?? false
  const text = textOf(a)
  if (text !== undefined) return text === textOf(b)
  if (a instanceof Undefined) return b instanceof Undefined && a.lenient === b.lenient
  return equalContainers(a, b)
}

function sameNumber(a: Numeric, b: Numeric): boolean {
  const x = comparable(a)
  const y = comparable(b)
  return typeof x === typeof y ? x === y : x <= y && x >= y
}

function equalContainers(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a instanceof Tuple !== b instanceof Tuple || a.length !== b.length) return false
    return a.every((item, i) => same(item, b[i]))
  }
  const dict = dictOf(a)
  if (dict !== undefined) {
    const other = dictOf(b)
    return other !== undefined && equalDicts(dict, other)
  }
  const set = setOf(a)
  if (set !== undefined) {
    const other = setOf(b)
    return other !== undefined && set.size === other.size && isSubset(set, other)
  }
  if (a instanceof Range && b instanceof Range) {
    if (a.length !== b.length) return false
    return a.length === 0 || (a.start === b.start && (a.length === 1 || a.step === b.step))
  }
  return false
}

/** Identical or equal: how containers compare their items. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || Object.is(a, b) || equal(a, b)
}

function equalDicts(a: DictLike, b: DictLike): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a.entries()) if (!b.has(key) || !same(value, b.get(key))) return false
  return true
}

/** A set, or a view that acts as one. */
export function setOf(value: unknown): PySet | undefined {
  if (value instanceof PySet) return value
  if (value instanceof Set) return new PySet(value as Set<unknown>)
  if (value instanceof DictView && value.kind !== "values") return new PySet(viewItems(value))
  return undefined
}

function isSubset(a: PySet, b: PySet): boolean {
  for (const item of a) if (!b.has(item)) return false
  return true
}

export type OrderOperator = "<" | "<=" | ">" | ">="

/** Python's `a < b` and the like. */
export function ordered(operator: OrderOperator, a: unknown, b: unknown): boolean {
  if (isNumeric(a) && isNumeric(b)) return HOLDS[operator](comparable(a), comparable(b))
  const x = textOf(a)
  const y = textOf(b)
  if (x !== undefined && y !== undefined) return HOLDS[operator](compareText(x, y), 0)
  if (a instanceof Undefined) throw undefinedFailure(a)
  if (b instanceof Undefined) throw undefinedFailure(b)
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    return orderedLists(operator, a, b)
  }
  const order = hostOrder(a, b)
  if (order !== undefined) return HOLDS[operator](order, 0)
  const set = setOf(a)
  const other = setOf(b)
  if (set !== undefined && other !== undefined) return orderedSets(operator, set, other)
  const types = `'${typeName(a)}' and '${typeName(b)}'`
  throw new PythonError("TypeError", `'${operator}' not supported between instances of ${types}`)
}

function hostOrder(a: unknown, b: unknown): number | undefined {
  if (a instanceof HostObject) {
    const order = a.compare?.(b)
    if (order !== undefined) return order
  }
  if (b instanceof HostObject) {
    const order = b.compare?.(a)
    if (order !== undefined) return -order
  }
  return undefined
}

function orderedLists(operator: OrderOperator, a: readonly unknown[], b: readonly unknown[]): boolean {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    if (!same(a[i], b[i])) return ordered(operator, a[i], b[i])
  }
  return HOLDS[operator](a.length, b.length)
}

function orderedSets(operator: OrderOperator, a: PySet, b: PySet): boolean {
  if (operator === "<") return a.size < b.size && isSubset(a, b)
  if (operator === "<=") return isSubset(a, b)
  if (operator === ">") return b.size < a.size && isSubset(b, a)
  return isSubset(b, a)
}

const HOLDS: Record<OrderOperator, (a: number | bigint, b: number | bigint) => boolean> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
}

/** Order of two values for `sort`, `min`, `max`: only `<` is used, as Python does. */
export function less(a: unknown, b: unknown): boolean {
  return ordered("<", a, b)
}

/** Python's `sorted(items, key=…, reverse=…)`: stable, also in reverse. */
export function sorted(
  items: Iterable<unknown>,
  key: (item: unknown) => unknown,
  reverse = false,
): unknown[] {
  const keyed = Array.from(items, (item) => ({ item, key: key(item) }))
  if (reverse) keyed.reverse()
  keyed.sort((a, b) => (less(a.key, b.key) ? -1 : less(b.key, a.key) ? 1 : 0))
  if (reverse) keyed.reverse()
  return keyed.map(({ item }) => item)
}

/** Python's `item in container`. */
export function contains(container: unknown, item: unknown): boolean {
  const text = textOf(container)
  if (text !== undefined) {
    const part = textOf(item)
    if (part === undefined) {
      const what = `'in <string>' requires string as left operand, not ${typeName(item)}`
      throw new PythonError("TypeError", what)
    }
    return text.includes(part)
  }
  const dict = dictOf(container)
  if (dict !== undefined) {
    canonicalKey(item)
    return dict.has(item)
  }
  if (container instanceof PySet) return container.has(item)
  if (container instanceof DictView && container.kind === "keys") return container.dict.has(item)
  if (container instanceof HostObject && container.contains !== undefined) return container.contains(item)
  for (const element of iterableFor(container)) if (same(element, item)) return true
  return false
}

function iterableFor(container: unknown): Iterable<unknown> {
  try {
    return iterate(container)
  } catch (error) {
    if (!(error instanceof PythonError)) throw error
    throw new PythonError("TypeError", `argument of type '${typeName(container)}' is not iterable`)
  }
}
