import { PythonError } from "../errors.ts"
import { exponential, fixed, floatText, general } from "./number-text.ts"
import { toDouble, big } from "./numbers.ts"
import { points, repr, sliceText, str, textOf } from "./text.ts"
import { typeName } from "./type-names.ts"
import { isFloat, isNumeric, type Numeric } from "./types.ts"

interface Spec {
  fill: string
  align: "<" | ">" | "=" | "^" | undefined
  sign: "+" | "-" | " " | undefined
  alternate: boolean
  width: number
  grouping: "," | "_" | undefined
  precision: number | undefined
  type: string
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su

/** Python's `format(value, spec)`: the format mini language. */
export function format(value: unknown, specification: string): string {
  const text = textOf(value)
  if (specification === "") return text ?? str(value)
  if (text !== undefined) return formatText(text, parseSpec(specification, value))
  if (!isNumeric(value)) {
    const what = `unsupported format string passed to ${typeName(value)}.__format__`
    throw new PythonError("TypeError", what)
  }
  return formatNumber(value, parseSpec(specification, value))
}

function parseSpec(text: string, value: unknown): Spec {
  const match = SPEC.exec(text)
  if (match === null) {
    const what = `Invalid format specifier ${repr(text)} for object of type '${typeName(value)}'`
    throw new PythonError("ValueError", what)
  }
  const [, fill, align, sign, alternate, zero, width, grouping, precision, type] = match
  return {
    fill: fill ?? (zero !== undefined && align === undefined ? "0" : zero !== undefined ? "0" : " "),
    align: (align ?? (zero !== undefined ? "=" : undefined)) as Spec["align"],
    sign: sign as Spec["sign"],
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: grouping as Spec["grouping"],
    precision: precision === undefined ? undefined : Number(precision),
    type: type ?? "",
  }
}

function formatText(text: string, spec: Spec): string {
  if (spec.type !== "" && spec.type !== "s") throw unknownType(spec.type, "str")
  if (spec.sign !== undefined) throw specError("Sign not allowed in string format specifier")
  if (spec.alternate) throw specError("Alternate form (#) not allowed in string format specifier")
  if (spec.grouping !== undefined) throw specError(`Cannot specify '${spec.grouping}' with 's'.`)
  // A leading zero means `=` for numbers; for strings it only fills.
  if (spec.align === "=" && spec.fill !== "0") {
    throw specError("'=' alignment not allowed in string format specifier")
  }
  const kept = spec.precision === undefined ? text : sliceText(text, 0, spec.precision)
  return pad(kept, spec.fill, spec.align === "=" ? "<" : (spec.align ?? "<"), spec.width)
}

const specError = (message: string): PythonError => new PythonError("ValueError", message)

const unknownType = (type: string, of: string): PythonError =>
  specError(`Unknown format code '${type}' for object of type '${of}'`)

/** Pads to a width in code points. */
export function pad(text: string, fill: string, align: "<" | ">" | "^", width: number): string {
  const missing = width - points(text).length
  if (missing <= 0) return text
  if (align === "<") return text + fill.repeat(missing)
  if (align === ">") return fill.repeat(missing) + text
  const left = Math.floor(missing / 2)
  return fill.repeat(left) + text + fill.repeat(missing - left)
}

const FLOAT_TYPES = "eEfFgGn%"
const INT_BASES: Record<string, [base: number, prefix: string]> = {
  d: [10, ""],
  n: [10, ""],
  b: [2, "0b"],
  o: [8, "0o"],
  x: [16, "0x"],
  X: [16, "0X"],
}

function formatNumber(value: Numeric, spec: Spec): string {
  if (isFloat(value) || (spec.type !== "n" && spec.type !== "" && FLOAT_TYPES.includes(spec.type))) {
    const number = toDouble(value)
    const negative = number < 0 || Object.is(number, -0)
    const body = floatBody(Math.abs(number), spec)
    return finish(negative, "", body, spec, 3)
  }
  const number = typeof value === "boolean" ? BigInt(Number(value)) : big(value)
  if (spec.type === "c") {
    if (spec.sign !== undefined) throw specError("Sign not allowed with integer format specifier 'c'")
    return pad(
      String.fromCodePoint(Number(number)),
      spec.fill,
      spec.align === "=" ? ">" : (spec.align ?? "<"),
      spec.width,
    )
  }
  const [base, prefix] = INT_BASES[spec.type === "" ? "d" : spec.type] ?? []
  if (base === undefined) throw unknownType(spec.type, typeName(value))
  if (spec.precision !== undefined) throw specError("Precision not allowed in integer format specifier")
  if (spec.grouping === "," && base !== 10) throw specError(`Cannot specify ',' with '${spec.type}'.`)
  const digits = (number < 0n ? -number : number).toString(base)
  const body = spec.type === "X" ? digits.toUpperCase() : digits
  return finish(number < 0n, spec.alternate ? (prefix ?? "") : "", body, spec, base === 10 ? 3 : 4)
}

function floatBody(value: number, spec: Spec): string {
  const { type } = spec
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? "nan" : "inf"
    return (
      (type === "F" || type === "E" || type === "G" ? text.toUpperCase() : text) + (type === "%" ? "%" : "")
    )
  }
  const precision = spec.precision ?? 6
  switch (type) {
    case "":
      return spec.precision === undefined ? floatText(value) : generalWithPoint(value, spec.precision)
    case "e":
    case "E": {
      const text = exponential(value, precision)
      return type === "E" ? text.toUpperCase() : text
    }
    case "f":
    case "F":
      return fixed(value, precision) + (spec.alternate && precision === 0 ? "." : "")
    case "g":
    case "G":
    case "n": {
      const text = general(value, precision, spec.alternate)
      return type === "G" ? text.toUpperCase() : text
    }
    case "%":
      return `${fixed(value * 100, precision)}%`
    default:
      throw unknownType(type, "float")
  }
}

/** A precision without a type: like `g`, but a float stays recognisable as one. */
function generalWithPoint(value: number, precision: number): string {
  const count = precision === 0 ? 1 : precision
  const exponent = Number(exponential(value, count - 1).split("e")[1])
  if (value !== 0 && exponent >= count - 1 && exponent >= -4) {
    const [mantissa = "", power = ""] = exponential(value, count - 1).split("e")
    return `${mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa}e${power}`
  }
  const text = general(value, precision, false)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** Sign, prefix, thousands separators and padding. */
function finish(negative: boolean, prefix: string, body: string, spec: Spec, groupSize: number): string {
  const sign = negative ? "-" : spec.sign === "+" || spec.sign === " " ? spec.sign : ""
  const match = /^([\da-fA-F]*)(.*)$/s.exec(body)
  const isDecimal = groupSize === 3
  const whole = isDecimal ? (/^\d*/.exec(body)?.[0] ?? "") : (match?.[1] ?? "")
  const tail = body.slice(whole.length)
  const align = spec.align ?? ">"
  if (align === "=" && spec.fill === "0") {
    const room = spec.width - sign.length - prefix.length - tail.length
    return sign + prefix + zeroPadded(whole, spec.grouping, groupSize, room) + tail
  }
  const text = prefix + grouped(whole, spec.grouping, groupSize) + tail
  if (align === "=") return sign + pad(text, spec.fill, ">", spec.width - sign.length)
  return pad(sign + text, spec.fill, align, spec.width)
}

function grouped(digits: string, separator: string | undefined, size: number): string {
  if (separator === undefined) return digits
  return digits.replace(new RegExp(`\\B(?=(?:[\\da-fA-F]{${size}})+$)`, "g"), separator)
}

function zeroPadded(digits: string, separator: string | undefined, size: number, room: number): string {
  let padded = digits
  while (grouped(padded, separator, size).length < room) padded = `0${padded}`
  return grouped(padded, separator, size)
}
