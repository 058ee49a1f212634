import { PythonError } from "../errors.ts"
import { sorted } from "../values/comparison.ts"
import { type DictLike, dictOf } from "../values/dict.ts"
import { floatText } from "../values/number-text.ts"
import { toDouble } from "../values/numbers.ts"
import { str, textOf } from "../values/text.ts"
import { typeName } from "../values/type-names.ts"
import { HostObject, isFloat, isNumeric } from "../values/types.ts"

export interface JsonOptions {
  sortKeys?: boolean
  /** Spaces per level, or the text of one level; without it everything stays on one line. */
  indent?: number | string | undefined
}

/** Python's `json.dumps(value)`: ASCII only, blanks after commas and colons. @throws PythonError for other types */
export function toJson(value: unknown, options: JsonOptions = {}): string {
  const { indent } = options
  const unit =
    indent === undefined ? undefined : typeof indent === "string" ? indent : " ".repeat(Math.max(0, indent))
  return write(value, { sortKeys: options.sortKeys ?? false, unit }, "\n")
}

interface Layout {
  sortKeys: boolean
  unit: string | undefined
}

function write(value: unknown, layout: Layout, newline: string): string {
  const text = textOf(value)
  if (text !== undefined) return quote(text)
  if (value === null || value === undefined) return "null"
  if (typeof value === "boolean") return String(value)
  if (isNumeric(value)) return isFloat(value) ? double(toDouble(value)) : str(value)
  const inner = layout.unit === undefined ? newline : newline + layout.unit
  if (Array.isArray(value)) {
    return wrap(
      "[",
      "]",
      value.map((item) => write(item, layout, inner)),
      layout,
      inner,
      newline,
    )
  }
  const dict = dictOf(value)
  if (dict !== undefined) {
    const entries = entriesOf(dict, layout).map(
      ([key, item]) => `${keyText(key)}: ${write(item, layout, inner)}`,
    )
    return wrap("{", "}", entries, layout, inner, newline)
  }
  if (value instanceof HostObject) {
    const json = value.toJson?.()
    if (json !== undefined) return write(json, layout, newline)
  }
  throw new PythonError("TypeError", `Object of type ${typeName(value)} is not JSON serializable`)
}

function wrap(
  open: string,
  close: string,
  items: string[],
  layout: Layout,
  inner: string,
  newline: string,
): string {
  if (items.length === 0) return open + close
  if (layout.unit === undefined) return open + items.join(", ") + close
  return open + inner + items.join(`,${inner}`) + newline + close
}

function entriesOf(dict: DictLike, layout: Layout): [unknown, unknown][] {
  const entries = [...dict.entries()]
  return layout.sortKeys
    ? (sorted(entries, (entry) => (entry as unknown[])[0]) as [unknown, unknown][])
    : entries
}

function keyText(key: unknown): string {
  const text = textOf(key)
  if (text !== undefined) return quote(text)
  if (key === null) return '"null"'
  if (typeof key === "boolean") return `"${key}"`
  if (isNumeric(key)) return `"${isFloat(key) ? double(toDouble(key)) : str(key)}"`
  throw new PythonError("TypeError", `keys must be str, int, float, bool or None, not ${typeName(key)}`)
}

function double(value: number): string {
  if (Number.isNaN(value)) return "NaN"
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity"
  return floatText(value)
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\uffff]/g, (char) => {
    return char === "\x7f" ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`
  })
}
