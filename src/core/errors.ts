/**
 * Expected failures. Each has a stable code, and says what a person needs in order to go on; anything else that is
 * thrown is a bug and is shown with its stack.
 */
export type ErrorCode =
  | "usage"
  | "config"
  | "input"
  | "extract"
  | "lake"
  | "load"
  | "transform"
  | "screen"
  | "publish"
  | "early"
  | "locked"
  | "environment"
  | "unsupported"
  | "interrupted"

export interface ErrorDetails {
  /** Where: a file with line, a table, an object key. */
  place?: string | undefined
  /** What would have been valid. */
  choices?: readonly string[] | undefined
  /** The next step, as an imperative sentence or a command. */
  next?: string | undefined
  /** What state the data is in now, e.g. "Version 20261101T0800 stays published." */
  state?: string | undefined
  cause?: unknown
}

export class CartwrightError extends Error {
  override readonly name = "CartwrightError"
  readonly code: ErrorCode
  readonly place: string | undefined
  readonly choices: readonly string[]
  readonly next: string | undefined
  readonly state: string | undefined

  /** @param offence what is wrong, one sentence without a full stop at its end */
  constructor(code: ErrorCode, offence: string, details: ErrorDetails = {}) {
    super(offence, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.place = details.place
    this.choices = details.choices ?? []
    this.next = details.next
    this.state = details.state
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/**
 * The valid choices nearest to what was written, for "did you mean".
 * @returns the best choice by edit distance, if it is near enough to be a likely slip
 */
export function nearest(written: string, choices: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(written.length / 3)) + 1
  for (const choice of choices) {
    const distance = editDistance(written.toLowerCase(), choice.toLowerCase())
    if (distance < bestDistance) {
      best = choice
      bestDistance = distance
    }
  }
  return best
}

/** A library's error may hold the request that failed, and with it token and credentials: only its message and stack are kept. */
export function withoutSecrets(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown
  const told = new Error(thrown.message)
  if (thrown.stack !== undefined) told.stack = thrown.stack
  return told
}

/** Insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity
      current.push(Math.min((last[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution, swap))
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}
