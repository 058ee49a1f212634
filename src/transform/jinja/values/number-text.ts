/** A float as Python's repr has it: the shortest digits that give the same float back. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan"
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf"
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0"
  const [digits, exponent] = shortestDigits(Math.abs(value))
  const sign = value < 0 ? "-" : ""
  if (exponent < -4 || exponent >= 16) return sign + scientific(digits, exponent)
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return `${sign}${digits.padEnd(exponent + 1, "0")}.0`
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

function shortestDigits(value: number): [digits: string, exponent: number] {
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e")
  return [mantissa.replace(".", ""), Number(exponent)]
}

function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ""
  return `${digits[0]}${fraction}e${exponentText(exponent)}`
}

/** Exponent with its sign and at least two digits. */
function exponentText(exponent: number): string {
  return `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`
}

/** A finite float as an exact fraction. */
function exactFraction(value: number): [numerator: bigint, denominator: bigint] {
  let exponent = 0
  let mantissa = value
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent++
  }
  return [BigInt(mantissa), 1n << BigInt(exponent)]
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  const twice = (numerator - quotient * denominator) * 2n
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) return quotient + 1n
  return quotient
}

/**
 * Absolute value with a fixed number of decimals, rounded from the exact value, halves to even.
 * @param decimals may be negative: then tens, hundreds … are rounded, and the text has no point
 */
export function fixed(value: number | bigint, decimals: number): string {
  const [numerator, denominator] = typeof value === "bigint" ? [value, 1n] : exactFraction(Math.abs(value))
  const absolute = numerator < 0n ? -numerator : numerator
  if (decimals < 0) {
    const unit = 10n ** BigInt(-decimals)
    return String(divideHalfEven(absolute, denominator * unit) * unit)
  }
  const scaled = divideHalfEven(absolute * 10n ** BigInt(decimals), denominator)
  const digits = String(scaled).padStart(decimals + 1, "0")
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** Absolute value in scientific notation with so many decimals. */
export function exponential(value: number, decimals: number): string {
  const [digits, exponent] = significant(value, decimals + 1)
  return scientificPadded(digits, exponent)
}

function scientificPadded(digits: string, exponent: number): string {
  return `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}e${exponentText(exponent)}`
}

/** So many significant digits of the absolute value, and the exponent of the first. */
function significant(value: number, count: number): [digits: string, exponent: number] {
  const absolute = Math.abs(value)
  if (absolute === 0) return ["0".repeat(count), 0]
  let exponent = Number(absolute.toExponential().split("e")[1])
  const [numerator, denominator] = exactFraction(absolute)
  for (;;) {
    const shift = count - 1 - exponent
    const scaled =
      shift >= 0
        ? divideHalfEven(numerator * 10n ** BigInt(shift), denominator)
        : divideHalfEven(numerator, denominator * 10n ** BigInt(-shift))
    const digits = String(scaled)
    if (digits.length === count) return [digits, exponent]
    exponent += digits.length - count
  }
}

/** Absolute value in general notation: fixed or scientific, whichever is shorter; `alternate` keeps trailing zeros. */
export function general(value: number, precision: number, alternate: boolean): string {
  const count = precision === 0 ? 1 : precision
  const [digits, exponent] = significant(value, count)
  if (exponent < -4 || exponent >= count) {
    return scientificPadded(alternate ? digits : digits.replace(/0+$/, "") || "0", exponent)
  }
  let text: string
  if (exponent < 0) text = `0.${"0".repeat(-exponent - 1)}${digits}`
  else if (exponent + 1 >= digits.length) text = digits
  else text = `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
  return alternate || !text.includes(".") ? text : text.replace(/\.?0+$/, "")
}
