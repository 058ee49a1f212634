export const DAY = 86_400_000_000n
export const MINUTE = 60_000_000n

/** Microseconds since 1970 of a point in time on the UTC clock. */
export function fromParts(
  year: number,
  month: number,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
  micros: number,
): bigint {
  const date = new Date(Date.UTC(2000, month - 1, day, hours, minutes, seconds))
  date.setUTCFullYear(year, month - 1, day)
  return BigInt(date.getTime()) * 1000n + BigInt(micros)
}

export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

export function sign(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0
}

export function two(value: number): string {
  return String(value).padStart(2, "0")
}
