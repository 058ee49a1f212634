import { PythonError } from "../errors.ts"
import { fixed } from "../values/number-text.ts"
import {
  divideNumbers,
  index,
  int,
  multiplyNumbers,
  negate,
  power,
  toDouble,
  big,
} from "../values/numbers.ts"
import { truncateToInt } from "../values/percent-format.ts"
import { strip } from "../values/string-search.ts"
import { repr, str, textOf } from "../values/text.ts"
import { truthy } from "../values/iteration.ts"
import { typeName } from "../values/type-names.ts"
import { float, isFloat, isNumeric, type Numeric, Undefined } from "../values/types.ts"
import { undefinedFailure } from "../values/undefined.ts"
import { type Builtin, define } from "./filter.ts"

/** Python's `float(value)`. */
export function toFloat(value: unknown): number {
  if (value instanceof Undefined) throw undefinedFailure(value)
  if (isNumeric(value)) return toDouble(value)
  const text = textOf(value)
  if (text === undefined) {
    const what = `float() argument must be a string or a real number, not '${typeName(value)}'`
    throw new PythonError("TypeError", what)
  }
  const trimmed = strip(text, undefined, true, true)
  if (/^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i.test(trimmed)) {
    return Number(trimmed.replaceAll("_", ""))
  }
  const [, sign, word] = /^([+-]?)(inf|infinity|nan)$/i.exec(trimmed) ?? []
  if (word === undefined)
    throw new PythonError("ValueError", `could not convert string to float: ${repr(text)}`)
  if (/nan/i.test(word)) return Number.NaN
  return sign === "-" ? -Infinity : Infinity
}

/** Python's `int(value)`, `int(text, base)`. */
export function toInt(value: unknown, base = 10): number | bigint {
  if (value instanceof Undefined) throw undefinedFailure(value)
  if (isNumeric(value)) {
    return isFloat(value) ? int(truncateToInt(toDouble(value))) : int(big(value))
  }
  const text = textOf(value)
  if (text === undefined) {
    const what = `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`
    throw new PythonError("TypeError", what)
  }
  const parsed = parseInt(strip(text, undefined, true, true), base)
  if (parsed !== undefined) return int(parsed)
  throw new PythonError("ValueError", `invalid literal for int() with base ${base}: ${repr(text)}`)
}

const PREFIXES: Record<string, number> = { b: 2, o: 8, x: 16 }

function parseInt(text: string, base: number): bigint | undefined {
  if (base !== 0 && (base < 2 || base > 36)) {
    throw new PythonError("ValueError", "int() base must be >= 2 and <= 36, or 0")
  }
  const [, sign, rest = ""] = /^([+-]?)(.*)$/s.exec(text.toLowerCase()) ?? []
  const prefix = PREFIXES[/^0([box])/.exec(rest)?.[1] ?? ""]
  const prefixed = prefix !== undefined && (base === prefix || base === 0)
  const radix = prefixed ? prefix : base === 0 ? 10 : base
  const body = prefixed ? rest.slice(2).replace(/^_/, "") : rest
  if (base === 0 && !prefixed && /^0_?\d/.test(body) && !/^[0_]+$/.test(body)) return undefined
  if (!/^[\da-z]+(?:_[\da-z]+)*$/.test(body)) return undefined
  let value = 0n
  for (const char of body.replaceAll("_", "")) {
    const digit = Number.parseInt(char, 36)
    if (digit >= radix) return undefined
    value = value * BigInt(radix) + BigInt(digit)
  }
  return sign === "-" ? -value : value
}

const isTypeOrValueError = (error: unknown): boolean =>
  error instanceof PythonError && (error.kind === "TypeError" || error.kind === "ValueError")

/** Python's `round(value, digits)`: halves to even, floats by their exact value. */
export function round(value: unknown, digits: number | undefined): Numeric {
  if (value instanceof Undefined) throw undefinedFailure(value)
  if (!isNumeric(value)) {
    throw new PythonError("TypeError", `type ${typeName(value)} doesn't define __round__ method`)
  }
  if (!isFloat(value)) {
    const exact = big(value)
    if (digits === undefined || digits >= 0) return int(exact)
    const rounded = BigInt(fixed(exact, digits))
    return int(exact < 0n ? -rounded : rounded)
  }
  const number = toDouble(value)
  if (digits === undefined) {
    const whole = BigInt(fixed(Number.isFinite(number) ? number : Number(truncateToInt(number)), 0))
    return int(number < 0 ? -whole : whole)
  }
  if (!Number.isFinite(number) || number === 0) return float(number)
  const absolute = digits > 323 ? Math.abs(number) : Number(fixed(number, Math.max(digits, -400)))
  return float(number < 0 ? -absolute : absolute)
}

function roundFilter(value: unknown, precision: unknown, method: unknown): unknown {
  const how = method === undefined ? "common" : textOf(method)
  if (how !== "common" && how !== "ceil" && how !== "floor") {
    throw new PythonError("ValueError", "method must be common, ceil or floor")
  }
  if (how === "common") return round(value, precision === null ? undefined : index(precision ?? 0))
  if (value instanceof Undefined) throw undefinedFailure(value)
  if (!isNumeric(value)) throw new PythonError("TypeError", `must be real number, not ${typeName(value)}`)
  const scale = power(10, precision === undefined ? 0 : (precision as Numeric))
  const scaled = multiplyNumbers(value, scale)
  const whole = isFloat(scaled) ? int(truncateToInt(Math[how](toDouble(scaled)))) : scaled
  return divideNumbers(whole, scale)
}

const SIZES = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]

function fileSize(value: unknown, binary: boolean): string {
  const bytes = toFloat(value)
  const base = binary ? 1024 : 1000
  if (bytes === 1) return "1 Byte"
  if (bytes < base) return `${str(int(truncateToInt(bytes)))} Bytes`
  for (const [i, size] of SIZES.entries()) {
    const unit = base ** (i + 2)
    if (bytes >= unit && i < SIZES.length - 1) continue
    const name = binary ? `${size.slice(0, 1).toUpperCase()}iB` : size
    return `${fixed((base * bytes) / unit, 1)} ${name}`
  }
  return ""
}

export const NUMBER_FILTERS: readonly [string, Builtin][] = [
  define("abs", "", (_, value) => {
    if (value instanceof Undefined || !isNumeric(value)) {
      throw new PythonError("TypeError", `bad operand type for abs(): '${typeName(value)}'`)
    }
    const number = typeof value === "boolean" ? Number(value) : value
    return toDouble(number) < 0 || Object.is(toDouble(number), -0) ? negate(number) : number
  }),
  define("float", "default?", (_, value, fallback) => {
    try {
      return float(toFloat(value))
    } catch (error) {
      if (isTypeOrValueError(error)) return fallback === undefined ? float(0) : fallback
      throw error
    }
  }),
  define("int", "default? base?", (_, value, fallback, base) => {
    try {
      return toInt(value, base === undefined ? 10 : index(base))
    } catch (error) {
      if (!isTypeOrValueError(error)) throw error
    }
    try {
      return int(truncateToInt(toFloat(value)))
    } catch (error) {
      const overflow = error instanceof PythonError && error.kind === "OverflowError"
      if (isTypeOrValueError(error) || overflow) return fallback === undefined ? 0 : fallback
      throw error
    }
  }),
  define("round", "precision? method?", (_, value, precision, method) =>
    roundFilter(value, precision, method),
  ),
  define("filesizeformat", "binary?", (_, value, binary) => fileSize(value, truthy(binary))),
]
