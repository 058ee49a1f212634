import { createHash } from "node:crypto"

/**
 * Randomness as a pure function of (seed, purpose, entity): neither the number of threads nor the order of work can
 * change it. SQL uses integer and plain IEEE arithmetic on these hashes only; curves (logarithms, powers) are tables
 * computed here, so that two machines agree to the last byte.
 */
export interface Randomness {
  /** SQL: 64 random bits (UBIGINT) for the entity that the integer expression names. */
  hash(purpose: string, entity: string): string
  /** A number in [0, 1) for TypeScript, from the first 52 bits of a SHA-256. */
  unit(purpose: string, entity: number): number
  /** SQL: an order-free text that is part of a longer one to be digested by md5. */
  salt(purpose: string): string
}

export function randomness(seed: number): Randomness {
  const digest = (text: string) => createHash("sha256").update(`${seed}\n${text}`).digest("hex")
  const keys = new Map<string, bigint>()
  const key = (purpose: string): bigint => {
    let value = keys.get(purpose)
    if (value === undefined) {
      value = BigInt(`0x${digest(purpose).slice(0, 16)}`)
      keys.set(purpose, value)
    }
    return value
  }
  return {
    hash: (purpose, entity) => `hash(xor((${entity})::ubigint, ${key(purpose)}::ubigint))`,
    unit: (purpose, entity) => Number.parseInt(digest(`${purpose}\n${entity}`).slice(0, 13), 16) / 2 ** 52,
    salt: (purpose) => `'${digest(purpose).slice(0, 12)}'`,
  }
}

/** SQL: `width` bits of a hash from bit `shift` on, as an integer in [0, 2^width). */
export function bits(hash: string, shift: number, width: number): string {
  return `((${hash} >> ${shift}) & ${2 ** width - 1})::integer`
}

/** How many of 65,536 draws a probability takes. */
export function of16(probability: number): number {
  return Math.max(0, Math.min(65_536, Math.round(probability * 65_536)))
}

/**
 * SQL: the index of the share that a 16-bit draw falls into.
 * @param shares any positive weights
 */
export function pick16(draw: string, shares: readonly number[]): string {
  const cuts = cumulate(shares, 65_536)
  const arms = shares.slice(1).map((_, i) => `when ${draw} < ${cuts[i]} then ${i}`)
  return `(case ${arms.join(" ")} else ${shares.length - 1} end)`
}

/** Running totals of the weights, scaled so that the last is `total`, as integers. */
export function cumulate(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  let running = 0
  return weights.map((weight) => Math.round(((running += weight) / sum) * total))
}

/** A wheel: `size` slots, each holding the index of a weight, in proportion to the weights. */
export function wheel(weights: readonly number[], size: number): number[] {
  const cuts = cumulate(weights, size)
  let index = 0
  return Array.from({ length: size }, (_, slot) => {
    while (slot >= (cuts[index] ?? size)) index++
    return index
  })
}
