/** Exponents up to this size are multiplied out: what a person writes, and numbers of a few thousand bits. */
const EXACT_EXPONENT = 64

/**
 * `base ** exponent` with the last digit that Python prints. V8's own power is off by one unit in the last place for
 * about one in twenty of the powers that templates have; for integral exponents the exact power is rounded once instead.
 */
export function powerOfDoubles(base: number, exponent: number): number {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > EXACT_EXPONENT) return base ** exponent
  if (!Number.isFinite(base) || base === 0 || exponent === 0) return base ** exponent
  const { mantissa, shift } = decompose(Math.abs(base))
  const size = BigInt(Math.abs(exponent))
  const power = mantissa ** size
  const rounded = exponent > 0 ? scaled(power, 1n, shift * exponent) : scaled(1n, power, shift * exponent)
  return base < 0 && exponent % 2 !== 0 ? -rounded : rounded
}

/** A positive double as an integer times a power of two. */
function decompose(value: number): { mantissa: bigint; shift: number } {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const raw = bits.getBigUint64(0)
  const exponent = Number(raw >> 52n)
  const fraction = raw & ((1n << 52n) - 1n)
  return exponent === 0
    ? { mantissa: fraction, shift: -1074 }
    : { mantissa: fraction | (1n << 52n), shift: exponent - 1075 }
}

/** `numerator / denominator * 2 ** shift` as a double, rounded once, half to even; also where it is subnormal. */
function scaled(numerator: bigint, denominator: bigint, shift: number): number {
  const magnitude = length(numerator) - length(denominator) + shift
  // Bits that the result has room for, 53 and fewer below the normal range; the last of three more collects the rest.
  const room = Math.max(0, Math.min(53, magnitude + 1074)) + 3
  const up = room - (length(numerator) - length(denominator))
  const [top, bottom] =
    up >= 0 ? [numerator << BigInt(up), denominator] : [numerator, denominator << BigInt(-up)]
  let quotient = top / bottom
  if (quotient * bottom !== top) quotient |= 1n
  return toDouble(quotient, shift - up)
}

/** An integer of a few more bits than fit times a power of two: rounded to the unit of the double that results. */
function toDouble(value: bigint, shift: number): number {
  const unit = Math.max(length(value) + shift - 53, -1074)
  const drop = unit - shift
  const kept = drop <= 0 ? value << BigInt(-drop) : halfEven(value, BigInt(drop))
  // Two factors: one alone would leave the range of the powers of two.
  const half = Math.trunc(unit / 2)
  return Number(kept) * 2 ** half * 2 ** (unit - half)
}

function halfEven(value: bigint, drop: bigint): bigint {
  const floor = value >> drop
  const rest = value & ((1n << drop) - 1n)
  const half = 1n << (drop - 1n)
  return rest > half || (rest === half && (floor & 1n) === 1n) ? floor + 1n : floor
}

const length = (value: bigint): number => value.toString(2).length
