import { powerOfDoubles } from "./double-power.ts"
import { PythonError } from "../errors.ts"
import { typeName } from "./type-names.ts"
import { float, isFloat, isInt, type Numeric, PyFloat } from "./types.ts"

/** As a JS number, for float arithmetic. */
export function toDouble(value: Numeric): number {
  const number = Number(value)
  if (typeof value === "bigint" && !Number.isFinite(number)) {
    throw new PythonError("OverflowError", "int too large to convert to float")
  }
  return number
}

/** As a number or bigint that JS compares with others exactly. */
export function comparable(value: Numeric): number | bigint {
  if (typeof value === "boolean") return value ? 1 : 0
  return value instanceof PyFloat ? value.value : value
}

/** An int of any size in its smallest form. */
export function int(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}

/** An int (or an integral float) as bigint. */
export function big(value: Numeric): bigint {
  return BigInt(value instanceof PyFloat ? value.value : value)
}

/** Neither is a bigint, which a JS number may not hold exactly. */
const small = (a: Numeric, b: Numeric): boolean => typeof a !== "bigint" && typeof b !== "bigint"

const noNegativeZero = (value: number): number => (value === 0 ? 0 : value)

export function addNumbers(a: Numeric, b: Numeric): Numeric {
  if (isFloat(a) || isFloat(b)) return float(toDouble(a) + toDouble(b))
  const sum = Number(a) + Number(b)
  return small(a, b) && Number.isSafeInteger(sum) ? sum : int(big(a) + big(b))
}

export function subtractNumbers(a: Numeric, b: Numeric): Numeric {
  if (isFloat(a) || isFloat(b)) return float(toDouble(a) - toDouble(b))
  const difference = Number(a) - Number(b)
  return small(a, b) && Number.isSafeInteger(difference) ? difference : int(big(a) - big(b))
}

export function multiplyNumbers(a: Numeric, b: Numeric): Numeric {
  if (isFloat(a) || isFloat(b)) return float(toDouble(a) * toDouble(b))
  const product = Number(a) * Number(b)
  return small(a, b) && Number.isSafeInteger(product) ? noNegativeZero(product) : int(big(a) * big(b))
}

export function divideNumbers(a: Numeric, b: Numeric): Numeric {
  if (isFloat(a) || isFloat(b)) {
    const divisor = toDouble(b)
    if (divisor === 0) throw new PythonError("ZeroDivisionError", "float division by zero")
    return float(toDouble(a) / divisor)
  }
  if (Number(b) === 0) throw new PythonError("ZeroDivisionError", "division by zero")
  if (typeof a !== "bigint" && typeof b !== "bigint") return float(noNegativeZero(Number(a) / Number(b)))
  return float(divideExactly(big(a), big(b)))
}

/** Quotient of two ints of any size, rounded once: 66 or more bits with a sticky bit, then to a double. */
function divideExactly(a: bigint, b: bigint): number {
  const negative = a < 0n !== b < 0n
  const dividend = a < 0n ? -a : a
  const divisor = b < 0n ? -b : b
  const shift = Math.max(0, 66 + bits(divisor) - bits(dividend))
  const scaled = dividend << BigInt(shift)
  let quotient = scaled / divisor
  if (quotient * divisor !== scaled) quotient |= 1n
  const result = Number(quotient) * 2 ** -shift
  if (!Number.isFinite(result)) {
    throw new PythonError("OverflowError", "integer division result too large for a float")
  }
  return negative ? -result : result
}

const bits = (value: bigint): number => value.toString(16).length * 4

/** Floor division and remainder, as `//` and `%` have them: the remainder has the sign of the divisor. */
export function divmod(a: Numeric, b: Numeric, operation: "//" | "%"): [Numeric, Numeric] {
  if (isFloat(a) || isFloat(b)) return floatDivmod(toDouble(a), toDouble(b), operation)
  if (Number(b) === 0) {
    const what = operation === "%" ? "integer modulo by zero" : "integer division or modulo by zero"
    throw new PythonError("ZeroDivisionError", what)
  }
  const x = Number(a)
  const y = Number(b)
  if (typeof a !== "bigint" && typeof b !== "bigint" && Math.abs(x) < 2 ** 52 && Math.abs(y) < 2 ** 52) {
    let remainder = x % y
    if (remainder !== 0 && remainder < 0 !== y < 0) remainder += y
    return [noNegativeZero((x - remainder) / y), noNegativeZero(remainder)]
  }
  const dividend = big(a)
  const divisor = big(b)
  let remainder = dividend % divisor
  if (remainder !== 0n && remainder < 0n !== divisor < 0n) remainder += divisor
  return [int((dividend - remainder) / divisor), int(remainder)]
}

function floatDivmod(a: number, b: number, operation: "//" | "%"): [Numeric, Numeric] {
  if (b === 0) {
    throw new PythonError(
      "ZeroDivisionError",
      operation === "%" ? "float modulo" : "float floor division by zero",
    )
  }
  let remainder = a % b
  let quotient = (a - remainder) / b
  if (remainder !== 0) {
    if (remainder < 0 !== b < 0) {
      remainder += b
      quotient -= 1
    }
  } else remainder = b < 0 ? -0 : 0
  let floored: number
  if (quotient !== 0) {
    floored = Math.floor(quotient)
    if (quotient - floored > 0.5) floored += 1
  } else floored = a / b < 0 || Object.is(a / b, -0) ? -0 : 0
  return [float(floored), float(remainder)]
}

/** Largest number of bits that a power may have: more is an error and no endless computation. */
const MAX_POWER_BITS = 4_000_000

export function power(a: Numeric, b: Numeric): Numeric {
  if (!isFloat(a) && !isFloat(b)) {
    const exponent = big(b)
    if (exponent >= 0n) {
      const base = big(a)
      const size = base === 0n || base === 1n || base === -1n ? 0 : bits(base < 0n ? -base : base)
      if (BigInt(size) * exponent > MAX_POWER_BITS)
        throw new PythonError("OverflowError", "power is too large")
      return int(base ** exponent)
    }
  }
  const base = toDouble(a)
  const exponent = toDouble(b)
  if (base === 0 && exponent < 0) {
    throw new PythonError("ZeroDivisionError", "0.0 cannot be raised to a negative power")
  }
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent)) {
    throw new PythonError("ValueError", "complex numbers are not supported")
  }
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return float(1)
  const result = powerOfDoubles(base, exponent)
  if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw new PythonError("OverflowError", "(34, 'Numerical result out of range')")
  }
  return float(result)
}

export function negate(value: Numeric): Numeric {
  if (isFloat(value)) return float(-toDouble(value))
  return typeof value === "bigint" ? int(-value) : noNegativeZero(-Number(value))
}

/** The value of an argument that has to be an int: `range(x)`, indexes, widths. */
export function index(value: unknown): number {
  if (typeof value === "boolean") return value ? 1 : 0
  if (isInt(value)) return Number(value)
  throw new PythonError("TypeError", `'${typeName(value)}' object cannot be interpreted as an integer`)
}
