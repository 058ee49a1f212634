import { escapeHtml } from "../builtins/html.ts"
import { PythonError } from "../errors.ts"
import { dictOf } from "./dict.ts"
import { pad } from "./format-spec.ts"
import { exponential, fixed, general } from "./number-text.ts"
import { toDouble, big } from "./numbers.ts"
import { points, repr, sliceText, str, textOf } from "./text.ts"
import { typeName } from "./type-names.ts"
import { HostObject, isFloat, isNumeric, Markup, Range, Tuple, Undefined } from "./types.ts"
import { undefinedFailure } from "./undefined.ts"

const CONVERSION = /%(?:\(((?:[^()]|\([^()]*\))*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?(.)?/gsu

/** Python's `text % value`; for Markup what is filled in is escaped, and the result is Markup. */
export function formatPercent(template: string, value: unknown, markup: boolean): string | Markup {
  const values = new Arguments(value)
  const escape = (text: string, of: unknown): string =>
    markup && !(of instanceof Markup) ? escapeHtml(text) : text
  const result = template.replace(CONVERSION, (_, ...groups: unknown[]) => {
    const [key, flags = "", width, precision, type] = groups as (string | undefined)[]
    if (type === undefined) throw new PythonError("ValueError", "incomplete format")
    if (type === "%" && key === undefined) return "%"
    const named = key === undefined ? undefined : values.named(key)
    const size = values.size(width) ?? 0
    const decimals = values.size(precision)
    if (type === "%") return "%"
    const item = key === undefined ? values.next() : named
    const [sign, body] = convert(type, item, flags, decimals, escape, groups)
    const left = flags.includes("-") || size < 0
    if (flags.includes("0") && !left && NUMERIC.has(type)) return zeroPadded(sign, body, Math.abs(size))
    return pad(sign + body, " ", left ? "<" : ">", Math.abs(size))
  })
  values.finish()
  return markup ? new Markup(result) : result
}

function zeroPadded(sign: string, body: string, size: number): string {
  const [, prefix = ""] = /^(0[xXo])/.exec(body) ?? []
  return sign + prefix + pad(body.slice(prefix.length), "0", ">", size - sign.length - prefix.length)
}

const NUMERIC = new Set("diuoxXeEfFgG")

/** The right side of `%`: a tuple is several values, a mapping is looked into, anything else is one value. */
class Arguments {
  readonly #value: unknown
  readonly #isTuple: boolean
  #used = 0

  constructor(value: unknown) {
    this.#value = value
    this.#isTuple = value instanceof Tuple
  }

  next(): unknown {
    const values = this.#isTuple ? (this.#value as unknown[]) : [this.#value]
    if (this.#used >= values.length)
      throw new PythonError("TypeError", "not enough arguments for format string")
    return values[this.#used++]
  }

  /** A width or precision: a number, or `*` for the next value. */
  size(text: string | undefined): number | undefined {
    if (text !== "*") return text === undefined ? undefined : Number(text)
    const value = this.next()
    if (typeof value === "number" && Number.isInteger(value)) return value
    throw new PythonError("TypeError", "* wants int")
  }

  named(key: string): unknown {
    const dict = dictOf(this.#value)
    if (dict !== undefined) {
      if (!dict.has(key)) throw new PythonError("KeyError", repr(key))
      return dict.get(key)
    }
    if (this.#value instanceof HostObject && this.#value.item !== undefined) {
      const found = this.#value.item(key)
      if (found !== undefined) return found
      throw new PythonError("KeyError", repr(key))
    }
    if (this.#value instanceof Undefined) throw undefinedFailure(this.#value)
    if (this.#subscriptable)
      throw new PythonError("TypeError", `${typeName(this.#value)} indices must be integers`)
    throw new PythonError("TypeError", "format requires a mapping")
  }

  /** Values with items may stay unused, as in Python. */
  get #subscriptable(): boolean {
    const value = this.#value
    if (this.#isTuple || textOf(value) !== undefined) return false
    if (value instanceof HostObject) return value.item !== undefined
    return (
      Array.isArray(value) ||
      dictOf(value) !== undefined ||
      value instanceof Undefined ||
      value instanceof Range
    )
  }

  finish(): void {
    const count = this.#isTuple ? (this.#value as unknown[]).length : 1
    if (this.#used < count && !this.#subscriptable) {
      throw new PythonError("TypeError", "not all arguments converted during string formatting")
    }
  }
}

type Escape = (text: string, of: unknown) => string

function convert(
  type: string,
  item: unknown,
  flags: string,
  decimals: number | undefined,
  escape: Escape,
  groups: readonly unknown[],
): [sign: string, body: string] {
  switch (type) {
    case "s":
      return ["", truncated(escape(str(item), item), decimals)]
    case "r":
      return ["", truncated(escape(repr(item), undefined), decimals)]
    case "a":
      return ["", truncated(escape(ascii(repr(item)), undefined), decimals)]
    case "c":
      return ["", character(item)]
    case "d":
    case "i":
    case "u":
    case "o":
    case "x":
    case "X":
      return integer(type, item, flags, decimals)
    case "e":
    case "E":
    case "f":
    case "F":
    case "g":
    case "G":
      return floating(type, item, flags, decimals ?? 6)
    default: {
      const code = (type.codePointAt(0) ?? 0).toString(16)
      const at = Number(groups.at(-2)) + 1
      throw new PythonError("ValueError", `unsupported format character '${type}' (0x${code}) at index ${at}`)
    }
  }
}

const truncated = (text: string, length: number | undefined): string =>
  length === undefined ? text : sliceText(text, 0, length)

const ascii = (text: string): string =>
  text.replace(/[^\0-\x7f]/gu, (char) => {
    const hex = (char.codePointAt(0) ?? 0).toString(16)
    if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`
    return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`
  })

function character(item: unknown): string {
  const text = textOf(item)
  if (text !== undefined && points(text).length === 1) return text
  if (text === undefined && isNumeric(item) && !isFloat(item)) return String.fromCodePoint(Number(item))
  throw new PythonError("TypeError", "%c requires int or char")
}

function signOf(negative: boolean, flags: string): string {
  if (negative) return "-"
  return flags.includes("+") ? "+" : flags.includes(" ") ? " " : ""
}

function integer(type: string, item: unknown, flags: string, decimals: number | undefined): [string, string] {
  if (item instanceof Undefined && "diu".includes(type)) throw undefinedFailure(item)
  const decimal = "diu".includes(type)
  if (!isNumeric(item) || (!decimal && isFloat(item))) {
    const what = decimal ? "a real number is required" : "an integer is required"
    throw new PythonError("TypeError", `%${type} format: ${what}, not ${typeName(item)}`)
  }
  const value = isFloat(item) ? truncateToInt(toDouble(item)) : big(item)
  const absolute = value < 0n ? -value : value
  const base = decimal ? 10 : type === "o" ? 8 : 16
  let digits = absolute.toString(base).padStart(decimals ?? 0, "0")
  if (flags.includes("#") && !decimal) digits = `0${type === "o" ? "o" : "x"}${digits}`
  return [signOf(value < 0n, flags), type === "X" ? digits.toUpperCase() : digits]
}

/** `int(value)` of a float. */
export function truncateToInt(value: number): bigint {
  if (Number.isNaN(value)) throw new PythonError("ValueError", "cannot convert float NaN to integer")
  if (!Number.isFinite(value))
    throw new PythonError("OverflowError", "cannot convert float infinity to integer")
  return BigInt(Math.trunc(value))
}

function floating(type: string, item: unknown, flags: string, decimals: number): [string, string] {
  if (item instanceof Undefined) throw undefinedFailure(item)
  if (!isNumeric(item)) throw new PythonError("TypeError", `must be real number, not ${typeName(item)}`)
  const value = toDouble(item)
  const sign = signOf(value < 0 || Object.is(value, -0), flags)
  const alternate = flags.includes("#")
  const upper = type === type.toUpperCase()
  let body: string
  if (!Number.isFinite(value)) body = Number.isNaN(value) ? "nan" : "inf"
  else if ("fF".includes(type)) body = fixed(value, decimals) + (alternate && decimals === 0 ? "." : "")
  else if ("eE".includes(type)) body = exponential(value, decimals)
  else body = general(value, decimals, alternate)
  return [sign, upper ? body.toUpperCase() : body]
}
