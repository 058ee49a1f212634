import { setTimeout } from "node:timers/promises"
import { isTransient, JobFailure, problemOf } from "./problem.ts"

/** How the time between two attempts passes; a test lets none pass. */
export interface Pacing {
  /** Rejects when the signal is aborted. */
  pause(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** From 0 to below 1. */
  random(): number
}

export const REAL_PACING: Pacing = {
  pause: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
  random: Math.random,
}

/** After this many attempts the problem is told: after a minute or more a busy service has recovered, or will not soon. */
export const ATTEMPTS = 8
const LONGEST = 32_000

/** How long to wait after the n-th attempt (from 0): 1, 2, 4 … 32 seconds, half of it by chance, so that many do not come back at once. */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(LONGEST, 1000 * 2 ** attempt)
  return full / 2 + (full / 2) * random
}

/**
 * Makes a request again while its problem may pass. Made twice, it must do the same as made once; a job that failed is none that
 * another request would mend.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  pacing: Pacing,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof JobFailure || !isTransient(problemOf(error)) || attempt + 1 >= ATTEMPTS)
        throw error
      await pacing.pause(backoff(attempt, pacing.random()), signal)
    }
  }
}
