import { PythonError } from "../errors.ts"
import { dictOf, isPlainObject, PySet } from "./dict.ts"
import { floatText } from "./number-text.ts"
import {
  Callable,
  DictView,
  HostObject,
  isFloat,
  Markup,
  Namespace,
  NativeMarker,
  OneShot,
  PyDecimal,
  PyFloat,
  Range,
  Tuple,
  Undefined,
} from "./types.ts"

/** Python's `str(value)`: what `{{ value }}` prints. */
export function str(value: unknown): string {
  if (typeof value === "string") return value
  if (typeof value === "number") return isFloat(value) ? floatText(value) : integerText(value)
  if (typeof value === "boolean") return value ? "True" : "False"
  if (typeof value === "bigint") return integerText(value)
  if (value === null || value === undefined) return "None"
  if (typeof value !== "object") return "<function>"
  if (value instanceof Markup || value instanceof NativeMarker) return value.text
  if (value instanceof Undefined) return ""
  if (value instanceof PyDecimal) return value.text
  return value instanceof HostObject ? value.toString() : repr(value)
}

/** Python refuses to print longer ints. */
const MAX_INT_DIGITS = 4300

function integerText(value: number | bigint): string {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : String(BigInt(value))
  const text = String(value)
  if (text.length > MAX_INT_DIGITS && text.length - (value < 0n ? 1 : 0) > MAX_INT_DIGITS) {
    const what = `Exceeds the limit (${MAX_INT_DIGITS} digits) for integer string conversion`
    throw new PythonError("ValueError", what)
  }
  return text
}

/** Python's `repr(value)`. */
export function repr(value: unknown): string {
  return reprWithin(value, [])
}

function reprWithin(value: unknown, containers: object[]): string {
  if (typeof value === "string") return quoted(value)
  if (typeof value !== "object" || value === null) return str(value)
  if (value instanceof PyDecimal) return `Decimal(${quoted(value.text)})`
  if (value instanceof PyFloat) return floatText(value.value)
  if (value instanceof Markup) return `Markup(${quoted(value.text)})`
  if (value instanceof NativeMarker) return quoted(value.text)
  if (value instanceof Undefined) return "Undefined"
  if (value instanceof HostObject) return value.repr()
  if (value instanceof Callable) return value.toString()
  if (value instanceof Range) {
    return value.step === 1
      ? `range(${value.start}, ${value.stop})`
      : `range(${value.start}, ${value.stop}, ${value.step})`
  }
  if (value instanceof OneShot) return `<${value.typeName} object>`
  return containerText(value, containers)
}

function containerText(value: object, containers: object[]): string {
  if (containers.includes(value)) return Array.isArray(value) ? "[...]" : "{...}"
  const inner = [...containers, value]
  const item = (element: unknown): string => reprWithin(element, inner)
  if (value instanceof Tuple) {
    return value.length === 1 ? `(${item(value[0])},)` : `(${Array.from(value, item).join(", ")})`
  }
  if (Array.isArray(value)) return `[${value.map(item).join(", ")}]`
  if (value instanceof DictView) return `dict_${value.kind}([${viewItems(value).map(item).join(", ")}])`
  if (value instanceof Namespace) return `<Namespace ${item(value.attributes)}>`
  if (value instanceof PySet || value instanceof Set) {
    return value.size === 0 ? "set()" : `{${Array.from(value as Iterable<unknown>, item).join(", ")}}`
  }
  const dict = dictOf(value)
  if (dict !== undefined) {
    return `{${Array.from(dict.entries(), ([key, entry]) => `${item(key)}: ${item(entry)}`).join(", ")}}`
  }
  return "<object>"
}

/** The elements of a view now. */
export function viewItems(view: DictView): unknown[] {
  if (view.kind === "keys") return [...view.dict.keys()]
  if (view.kind === "values") return Array.from(view.dict.entries(), ([, value]) => value)
  return Array.from(view.dict.entries(), ([key, value]) => Tuple.of(key, value))
}

/** Characters that Python's repr escapes: controls, unassigned, separators other than the space. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\p{Zs}\\'"]/u
const UNPRINTABLE_EACH = /[\p{C}\p{Zl}\p{Zp}\p{Zs}\\'"]/gu

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  if (!UNPRINTABLE.test(text)) return quote + text + quote
  return quote + text.replace(UNPRINTABLE_EACH, (char) => escapedChar(char, quote)) + quote
}

function escapedChar(char: string, quote: string): string {
  switch (char) {
    case " ":
      return char
    case "\\":
      return "\\\\"
    case "\n":
      return "\\n"
    case "\r":
      return "\\r"
    case "\t":
      return "\\t"
    case "'":
    case '"':
      return char === quote ? `\\${char}` : char
    default: {
      const code = char.codePointAt(0) ?? 0
      const hex = code.toString(16)
      if (code < 0x100) return `\\x${hex.padStart(2, "0")}`
      return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`
    }
  }
}

/** A string, or the text of Markup; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value
  return value instanceof Markup || value instanceof NativeMarker ? value.text : undefined
}

/** True for dicts, and for host objects that are mappings. */
export function isMapping(value: unknown): boolean {
  return value instanceof Map || isPlainObject(value) || (value instanceof HostObject && value.isMapping)
}

const SURROGATE = /[\ud800-\udfff]/

/** True where code units and code points differ. */
export const hasAstral = (text: string): boolean => SURROGATE.test(text)

/** Code points of a string; the string itself where each is one code unit, which indexes alike. */
export function points(text: string): string | string[] {
  return hasAstral(text) ? Array.from(text) : text
}

/** Length in code points. */
export function textLength(text: string): number {
  return points(text).length
}

/** Code points of a string from one index to another, as slices of arrays count. */
export function sliceText(text: string, from: number, to?: number): string {
  return hasAstral(text) ? Array.from(text).slice(from, to).join("") : text.slice(from, to)
}

/** Order of strings by code points. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  if (!hasAstral(a) && !hasAstral(b)) return a < b ? -1 : 1
  const x = Array.from(a, (char) => char.codePointAt(0) ?? 0)
  const y = Array.from(b, (char) => char.codePointAt(0) ?? 0)
  for (let i = 0; i < x.length && i < y.length; i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0)
    if (difference !== 0) return difference
  }
  return x.length - y.length
}
