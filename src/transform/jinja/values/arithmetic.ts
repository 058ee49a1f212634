import { PythonError } from "../errors.ts"
import { escapeHtml } from "../builtins/html.ts"
import { formatPercent } from "./percent-format.ts"
import { setOf } from "./comparison.ts"
import { PySet } from "./dict.ts"
import {
  addNumbers,
  divideNumbers,
  divmod,
  multiplyNumbers,
  negate,
  power,
  subtractNumbers,
} from "./numbers.ts"
import { textOf } from "./text.ts"
import { typeName } from "./type-names.ts"
import { HostObject, isNumeric, Markup, type Numeric, Tuple, Undefined } from "./types.ts"
import { undefinedFailure } from "./undefined.ts"

export type Operator = "+" | "-" | "*" | "/" | "//" | "%" | "**"

const NUMERIC: Record<Operator, (a: Numeric, b: Numeric) => Numeric> = {
  "+": addNumbers,
  "-": subtractNumbers,
  "*": multiplyNumbers,
  "/": divideNumbers,
  "//": (a, b) => divmod(a, b, "//")[0],
  "%": (a, b) => divmod(a, b, "%")[1],
  "**": power,
}

/** `a + b`, the most frequent one. */
export function add(a: unknown, b: unknown): unknown {
  if (typeof a === "string" && typeof b === "string") return a + b
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b
    if (Number.isInteger(a) && Number.isInteger(b) && Number.isSafeInteger(sum)) return sum
  }
  return operate("+", a, b)
}

/** Any other binary operator. */
export function operate(operator: Operator, a: unknown, b: unknown): unknown {
  if (isNumeric(a) && isNumeric(b)) return NUMERIC[operator](a, b)
  if (operator === "%") {
    const format = textOf(a)
    if (format !== undefined)
      return a instanceof Markup ? formatPercent(format, b, true) : formatPercent(format, b, false)
  }
  if (a instanceof Undefined) throw undefinedFailure(a)
  if (b instanceof Undefined) throw undefinedFailure(b)
  const result =
    operator === "+"
      ? concatenate(a, b)
      : operator === "*"
        ? repeatEither(a, b)
        : setDifference(operator, a, b)
  if (result !== undefined) return result
  const hosted = hostOperation(operator, a, b)
  if (hosted !== undefined) return hosted
  throw unsupportedOperands(operator, a, b)
}

function concatenate(a: unknown, b: unknown): unknown {
  const x = textOf(a)
  const y = textOf(b)
  if (x !== undefined && y !== undefined) {
    if (a instanceof Markup) return new Markup(x + (b instanceof Markup ? y : escapeHtml(y)))
    return b instanceof Markup ? new Markup(escapeHtml(x) + y) : x + y
  }
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    return a instanceof Tuple ? Tuple.from([...a, ...b]) : [...(a as unknown[]), ...(b as unknown[])]
  }
  return undefined
}

/** Longest string or list that `*` may make: a template is no place for more. */
const MAX_REPEATED = 100_000_000

function repeatEither(a: unknown, b: unknown): unknown {
  return repeat(a, b) ?? repeat(b, a)
}

function repeat(value: unknown, times: unknown): unknown {
  const isCount = typeof times === "boolean" || typeof times === "bigint" || Number.isInteger(times)
  if (!isCount) return undefined
  const count = Math.max(0, Number(times))
  const text = textOf(value)
  const size = text?.length ?? (Array.isArray(value) ? value.length : undefined)
  if (size === undefined) return undefined
  if (size === 0) return value instanceof Tuple || text !== undefined ? value : []
  if (size * count > MAX_REPEATED) throw new PythonError("OverflowError", "repeated sequence is too long")
  if (text !== undefined) return value instanceof Markup ? new Markup(text.repeat(count)) : text.repeat(count)
  const items: unknown[] = Array.from({ length: count }, () => value as unknown[]).flat()
  return value instanceof Tuple ? Tuple.from(items) : items
}

function setDifference(operator: Operator, a: unknown, b: unknown): unknown {
  if (operator !== "-") return undefined
  const set = setOf(a)
  const other = setOf(b)
  if (set === undefined || other === undefined) return undefined
  return new PySet([...set].filter((item) => !other.has(item)))
}

function hostOperation(operator: Operator, a: unknown, b: unknown): unknown {
  if (a instanceof HostObject) {
    const result = a.operate?.(operator, b, false)
    if (result !== undefined) return result
  }
  return b instanceof HostObject ? b.operate?.(operator, a, true) : undefined
}

function unsupportedOperands(operator: Operator, a: unknown, b: unknown): PythonError {
  if (operator === "+") {
    const left = Array.isArray(a) ? typeName(a) : textOf(a) === undefined ? undefined : "str"
    if (left !== undefined) {
      const what = `can only concatenate ${left} (not "${typeName(b)}") to ${left}`
      return new PythonError("TypeError", what)
    }
  }
  if (operator === "*" && (isSequence(a) || isSequence(b))) {
    const other = isSequence(a) ? b : a
    return new PythonError("TypeError", `can't multiply sequence by non-int of type '${typeName(other)}'`)
  }
  const symbol = operator === "**" ? "** or pow()" : operator
  return new PythonError(
    "TypeError",
    `unsupported operand type(s) for ${symbol}: '${typeName(a)}' and '${typeName(b)}'`,
  )
}

const isSequence = (value: unknown): boolean => Array.isArray(value) || textOf(value) !== undefined

/** `-a` or `+a`. */
export function unary(operator: "-" | "+", value: unknown): unknown {
  if (isNumeric(value))
    return operator === "-" ? negate(value) : typeof value === "boolean" ? Number(value) : value
  if (value instanceof Undefined) throw undefinedFailure(value)
  throw new PythonError("TypeError", `bad operand type for unary ${operator}: '${typeName(value)}'`)
}
