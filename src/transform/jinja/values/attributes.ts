import { PythonError } from "../errors.ts"
import { DICT_METHODS, LIST_METHODS, type Method, SET_METHODS, TUPLE_METHODS } from "./collection-methods.ts"
import { canonicalKey, dictOf, PySet } from "./dict.ts"
import { list } from "./iteration.ts"
import type { FieldAccess } from "./brace-format.ts"
import { int, big } from "./numbers.ts"
import { nonZeroStep } from "./string-search.ts"
import { pickPoints, stringMethod } from "./string-methods.ts"
import { points, textLength, textOf } from "./text.ts"
import { typeName } from "./type-names.ts"
import {
  Callable,
  float,
  GroupTuple,
  HostObject,
  isFloat,
  isInt,
  Markup,
  Namespace,
  NativeMarker,
  PyFloat,
  Range,
  Tuple,
  Undefined,
} from "./types.ts"
import { undefinedFailure } from "./undefined.ts"

/**
 * `object.name` in a template: an attribute, else an item, else undefined. Only what is listed here, or what a
 * HostObject gives, can be reached; no property or prototype of a JS object ever is.
 */
export function getAttribute(object: unknown, name: string, lenient = false): unknown {
  if (object instanceof Undefined) return ofUndefined(object, name)
  const attribute = attributeOf(object, name)
  if (attribute !== undefined) return attribute
  if (isDunder(name)) return unsafe(object, name, lenient)
  const item = itemOf(object, name)
  if (item !== undefined) return item
  return new Undefined({ object, name, lenient })
}

/** `object[key]` in a template: an item, else an attribute, else undefined. */
export function getItem(object: unknown, key: unknown, lenient = false): unknown {
  if (object instanceof Undefined) {
    if (object.lenient) return object
    throw undefinedFailure(object)
  }
  const item = itemOf(object, key)
  if (item !== undefined) return item
  const name = textOf(key)
  if (name !== undefined) {
    const attribute = attributeOf(object, name)
    if (attribute !== undefined) return attribute
    if (isDunder(name)) return unsafe(object, name, lenient)
  }
  return new Undefined({ object, name: key, lenient })
}

const isDunder = (name: string): boolean => name.startsWith("__") && name.endsWith("__")

function unsafe(object: unknown, name: string, lenient: boolean): Undefined {
  const hint = `access to attribute '${name}' of '${typeName(object)}' object is unsafe.`
  return new Undefined({ hint, object, name, lenient, unsafe: true })
}

function ofUndefined(object: Undefined, name: string): unknown {
  if (!object.lenient) throw undefinedFailure(object)
  if (name === "name") return object.name ?? null
  if (name === "hint") return object.hint ?? null
  return new Undefined({ ...(object.hint === undefined ? {} : { hint: object.hint }), name, lenient: true })
}

/** How `str.format` reaches into its arguments. */
const ACCESS: FieldAccess = {
  attribute: (object, name) => getAttribute(object, name),
  item: (o, key) => getItem(o, key),
}

/** Python's `getattr`, for public names; undefined = no such attribute. */
export function attributeOf(object: unknown, name: string): unknown {
  if (name.startsWith("_")) return undefined
  if (object instanceof NativeMarker) return attributeOf(object.text, name)
  if (typeof object === "string" || object instanceof Markup) {
    const method = stringMethod(object, name, ACCESS)
    return method === undefined ? undefined : new Callable(method, name)
  }
  if (typeof object === "number" || typeof object === "bigint" || typeof object === "boolean") {
    return numberAttribute(object, name)
  }
  if (typeof object !== "object" || object === null) return undefined
  if (object instanceof HostObject) return object.attribute?.(name)
  if (object instanceof Callable) return object.attributes?.get(name)
  if (object instanceof Namespace) return object.attributes.get(name)
  if (object instanceof PyFloat) return numberAttribute(object, name)
  if (Array.isArray(object)) return listAttribute(object, name)
  if (object instanceof PySet) return bound(SET_METHODS, object, name)
  if (object instanceof Set) return bound(SET_METHODS, new PySet(object as Set<unknown>), name)
  if (object instanceof Range) return rangeAttribute(object, name)
  const dict = dictOf(object)
  return dict === undefined ? undefined : bound(DICT_METHODS, dict, name)
}

function bound<T>(methods: ReadonlyMap<string, Method<T>>, self: T, name: string): Callable | undefined {
  const method = methods.get(name)
  return method === undefined ? undefined : new Callable((args, kwargs) => method(self, args, kwargs), name)
}

function listAttribute(object: unknown[], name: string): unknown {
  if (!(object instanceof Tuple)) return bound(LIST_METHODS, object, name)
  if (object instanceof GroupTuple) {
    if (name === "grouper") return object[0]
    if (name === "list") return object[1]
  }
  return bound(TUPLE_METHODS, object, name)
}

function rangeAttribute(range: Range, name: string): unknown {
  if (name === "start" || name === "stop" || name === "step") return range[name]
  return bound(TUPLE_METHODS, [...range], name)
}

function numberAttribute(value: number | bigint | boolean | PyFloat, name: string): unknown {
  const number = typeof value === "boolean" ? Number(value) : value
  if (name === "real") return number
  if (isFloat(number)) {
    if (name === "imag") return float(0)
    if (name === "is_integer") return new Callable(() => number instanceof PyFloat, name)
    return undefined
  }
  if (name === "imag") return 0
  if (name === "numerator") return number
  if (name === "denominator") return 1
  if (name === "bit_length") {
    const size = big(number)
    return new Callable(() => (size === 0n ? 0 : (size < 0n ? -size : size).toString(2).length), name)
  }
  return undefined
}

/** `object[key]`, undefined where Python raises TypeError or LookupError. */
function itemOf(object: unknown, key: unknown): unknown {
  if (object instanceof HostObject) return object.item?.(key)
  const dict = dictOf(object)
  if (dict !== undefined) {
    if (!isHashable(key)) return undefined
    return dict.has(key) ? (dict.get(key) ?? null) : undefined
  }
  if (!isInt(key) && typeof key !== "boolean") return undefined
  const at = Number(key)
  if (Array.isArray(object)) {
    const i = at < 0 ? at + object.length : at
    return i >= 0 && i < object.length ? ((object[i] as unknown) ?? null) : undefined
  }
  const text = textOf(object)
  if (text !== undefined) {
    const all = points(text)
    const char = all[at < 0 ? at + all.length : at]
    return char !== undefined && object instanceof Markup ? new Markup(char) : char
  }
  if (object instanceof Range) {
    const i = at < 0 ? at + object.length : at
    return i >= 0 && i < object.length ? object.at(i) : undefined
  }
  return undefined
}

function isHashable(key: unknown): boolean {
  try {
    canonicalKey(key)
    return true
  } catch {
    return false
  }
}

/** `object[start:stop:step]`; here, unlike with single items, errors are raised. */
export function getSlice(object: unknown, start: unknown, stop: unknown, step: unknown): unknown {
  const text = textOf(object)
  if (text !== undefined) {
    const part = pickPoints(text, indexes(textLength(text), start, stop, step))
    return object instanceof Markup ? new Markup(part) : part
  }
  if (Array.isArray(object)) {
    const items = Array.from(indexes(object.length, start, stop, step), (i) => object[i] as unknown)
    return object instanceof Tuple ? Tuple.from(items) : items
  }
  if (object instanceof Range) return sliceRange(object, start, stop, step)
  if (object instanceof Undefined) {
    if (object.lenient) return object
    throw undefinedFailure(object)
  }
  if (object instanceof HostObject && object.iterate !== undefined && object.length !== undefined) {
    const items = list(object)
    return Tuple.from(Array.from(indexes(items.length, start, stop, step), (i) => items[i]))
  }
  if (dictOf(object) !== undefined) throw new PythonError("TypeError", "unhashable type: 'slice'")
  throw new PythonError("TypeError", `'${typeName(object)}' object is not subscriptable`)
}

function sliceRange(range: Range, start: unknown, stop: unknown, step: unknown): Range {
  const [from, to, by] = sliceBounds(range.length, start, stop, step)
  return new Range(range.start + from * range.step, range.start + to * range.step, range.step * by)
}

function* indexes(length: number, start: unknown, stop: unknown, step: unknown): Generator<number> {
  const [from, to, by] = sliceBounds(length, start, stop, step)
  if (by > 0) for (let i = from; i < to; i += by) yield i
  else for (let i = from; i > to; i += by) yield i
}

function sliceBounds(length: number, start: unknown, stop: unknown, step: unknown): [number, number, number] {
  const by = nonZeroStep(sliceIndex(step) ?? 1)
  const low = by > 0 ? 0 : -1
  const high = by > 0 ? length : length - 1
  const clamp = (value: number | undefined, missing: number): number => {
    if (value === undefined) return missing
    const at = value < 0 ? value + length : value
    return Math.min(Math.max(at, low), high)
  }
  return [clamp(sliceIndex(start), by > 0 ? low : high), clamp(sliceIndex(stop), by > 0 ? high : low), by]
}

function sliceIndex(value: unknown): number | undefined {
  if (value === null || value === undefined) return undefined
  if (typeof value === "boolean") return Number(value)
  if (isInt(value)) return Number(int(BigInt(value)))
  const what = "slice indices must be integers or None or have an __index__ method"
  throw new PythonError("TypeError", what)
}
