import { PythonError } from "../errors.ts"
import { type DictLike, dictOf, PySet } from "./dict.ts"
import { textLength, viewItems } from "./text.ts"
import { typeName } from "./type-names.ts"
import {
  Callable,
  DictView,
  HostObject,
  Markup,
  Namespace,
  NativeMarker,
  OneShot,
  PyFloat,
  Range,
  Tuple,
  Undefined,
} from "./types.ts"

/** Python's `bool(value)`. */
export function truthy(value: unknown): boolean {
  if (typeof value === "boolean") return value
  if (typeof value === "object") return value !== null && objectTruth(value)
  if (typeof value === "number") return value !== 0
  return value !== "" && value !== 0n && value !== undefined
}

function objectTruth(value: object): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Map || value instanceof Set || value instanceof PySet) return value.size > 0
  if (value instanceof Undefined) return false
  if (value instanceof Markup || value instanceof NativeMarker) return value.text !== ""
  if (value instanceof PyFloat) return value.value !== 0
  if (value instanceof HostObject)
    return value.truth?.() ?? (value.length === undefined || value.length() > 0)
  if (value instanceof Callable || value instanceof OneShot || value instanceof Namespace) return true
  if (value instanceof Range) return value.length > 0
  if (value instanceof DictView) return value.dict.size > 0
  return (dictOf(value)?.size ?? 1) > 0
}

/** Python's `iter(value)`; throws TypeError for what cannot be iterated. */
export function iterate(value: unknown): Iterable<unknown> {
  if (Array.isArray(value) || typeof value === "string") return value as Iterable<unknown>
  if (value instanceof Markup || value instanceof NativeMarker) return value.text
  if (value instanceof Undefined) return []
  if (value instanceof OneShot || value instanceof Range) return value
  if (value instanceof DictView) return viewIterator(value)
  if (value instanceof PySet) return guarded(value.items, value.items.keys(), "Set")
  if (value instanceof Set) return value as Set<unknown>
  if (value instanceof HostObject) {
    if (value.iterate !== undefined) return value.iterate()
    throw notIterable(value)
  }
  const dict = dictOf(value)
  if (dict !== undefined) return guarded(dict, dict.keys(), "dictionary")
  throw notIterable(value)
}

/** Like {@link iterate}, undefined for what cannot be iterated. */
export function tryIterate(value: unknown): Iterable<unknown> | undefined {
  try {
    return iterate(value)
  } catch (error) {
    if (error instanceof PythonError && error.kind === "TypeError") return undefined
    throw error
  }
}

function viewIterator(view: DictView): Iterable<unknown> {
  const { dict } = view
  if (view.kind === "keys") return guarded(dict, dict.keys(), "dictionary")
  if (view.kind === "values") return guarded(dict, second(dict.entries()), "dictionary")
  return guarded(dict, pairs(dict.entries()), "dictionary")
}

function* second(entries: Iterable<[unknown, unknown]>): Generator {
  for (const [, value] of entries) yield value
}

function* pairs(entries: Iterable<[unknown, unknown]>): Generator {
  for (const [key, value] of entries) yield Tuple.of(key, value)
}

/** Fails when the dict grows or shrinks meanwhile, as Python does (and where a JS Map would go on for ever). */
function* guarded(dict: DictLike, items: Iterable<unknown>, what: string): Generator {
  const size = dict.size
  for (const item of items) {
    if (dict.size !== size) break
    yield item
  }
  if (dict.size !== size) throw new PythonError("RuntimeError", `${what} changed size during iteration`)
}

const notIterable = (value: unknown): PythonError =>
  new PythonError("TypeError", `'${typeName(value)}' object is not iterable`)

/** Python's `list(value)`. */
export function list(value: unknown): unknown[] {
  return Array.from(iterate(value))
}

/** `a, b = value`: exactly so many items. */
export function unpack(value: unknown, count: number): unknown[] {
  let parts: unknown[]
  try {
    parts = list(value)
  } catch (error) {
    if (!(error instanceof PythonError) || error.kind !== "TypeError") throw error
    throw new PythonError("TypeError", `cannot unpack non-iterable ${typeName(value)} object`)
  }
  if (parts.length > count) {
    throw new PythonError("ValueError", `too many values to unpack (expected ${count})`)
  }
  if (parts.length < count) {
    throw new PythonError(
      "ValueError",
      `not enough values to unpack (expected ${count}, got ${parts.length})`,
    )
  }
  return parts
}

/** Python's `len(value)`. */
export function length(value: unknown): number {
  const size = tryLength(value)
  if (size === undefined)
    throw new PythonError("TypeError", `object of type '${typeName(value)}' has no len()`)
  return size
}

export function tryLength(value: unknown): number | undefined {
  if (typeof value === "string") return textLength(value)
  if (Array.isArray(value) || value instanceof Range) return value.length
  if (value instanceof Markup || value instanceof NativeMarker) return textLength(value.text)
  if (value instanceof Undefined) return 0
  if (value instanceof PySet || value instanceof Set) return value.size
  if (value instanceof DictView) return viewItems(value).length
  if (value instanceof HostObject) return value.length?.()
  return dictOf(value)?.size
}
