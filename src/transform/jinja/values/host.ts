import { dictOf, PySet } from "./dict.ts"
import { viewItems } from "./text.ts"
import { DictView, Markup, NativeMarker, OneShot, PyFloat, Range, Undefined } from "./types.ts"
import { Dict, isPlainObject } from "./dict.ts"

/**
 * A template's value as plain JS: floats as numbers, safe text as string, undefined as undefined, tuples, views,
 * ranges and generators as arrays, sets as Set, dicts as plain objects (as Map where a key is no string). Host objects
 * and callables stay.
 */
export function toHost(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value
  if (value instanceof PyFloat) return value.value
  if (value instanceof Markup || value instanceof NativeMarker) return value.text
  if (value instanceof Undefined) return undefined
  if (Array.isArray(value)) return Array.from(value, toHost)
  if (value instanceof DictView) return viewItems(value).map(toHost)
  if (value instanceof Range || value instanceof OneShot)
    return Array.from(value as Iterable<unknown>, toHost)
  if (value instanceof PySet) return new Set(Array.from(value, toHost))
  const dict = dictOf(value)
  if (dict === undefined) return value
  const entries = Array.from(dict.entries(), ([key, item]) => [toHost(key), toHost(item)] as const)
  if (entries.some(([key]) => typeof key !== "string")) return new Map(entries)
  const object: Record<string, unknown> = {}
  for (const [key, item] of entries) {
    Object.defineProperty(object, key as string, {
      value: item,
      writable: true,
      enumerable: true,
      configurable: true,
    })
  }
  return object
}

/**
 * Plain JS as a template's value, copied deeply: objects and Maps as dicts, Sets as sets, undefined as None.
 * Numbers with an integral value become ints: give `float(2)` where a float is meant.
 */
export function fromHost(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(fromHost)
  if (value instanceof Set) return new PySet(Array.from(value, fromHost))
  if (value instanceof Dict) return value
  if (value instanceof Map || isPlainObject(value)) {
    const entries = value instanceof Map ? value : Object.entries(value)
    return Dict.fromEntries(Array.from(entries, ([key, item]) => [fromHost(key), fromHost(item)] as const))
  }
  return value
}
