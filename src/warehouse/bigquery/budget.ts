import { CartwrightError } from "../../core/errors.ts"

const MEGABYTE = 1024 * 1024
/** The least that BigQuery bills of a query, and of each table in it. */
const LEAST = 10 * MEGABYTE

/** What a query that reads so much is billed: whole megabytes, at least 10 for each table. */
export function billedAtMost(bytes: number, tables: number): number {
  return Math.max(Math.ceil(bytes / MEGABYTE) * MEGABYTE, 0) + LEAST * Math.max(1, tables)
}

/** What a job may take of the budget, and how to give back what it did not. */
export interface Grant {
  /** For `maximumBytesBilled`. */
  bytes: number
  settle(billed: number): void
}

/**
 * The bytes that all jobs of a run may be billed together. A job is let in when its estimate, beside those of the jobs that run, is
 * within what is left; else it waits until they are settled. Estimates are upper bounds, so that the cap holds whatever runs at once.
 */
export class Budget {
  readonly #cap: number
  #billed = 0
  #reserved = 0
  #waiting: (() => void)[] = []

  constructor(cap: number) {
    this.#cap = cap
  }

  /** Bytes that were billed so far. */
  get billed(): number {
    return this.#billed
  }

  /**
   * @param estimate bytes at most; undefined where nobody can tell: the job then gets all that is left and runs alone
   * @throws CartwrightError `config` when it is more than is left
   */
  async grant(estimate: number | undefined, place: string): Promise<Grant> {
    for (;;) {
      const left = this.#cap - this.#billed
      const wanted = estimate ?? Math.max(left, 1)
      if (wanted > left) throw this.#exceeded(wanted, left, place)
      if (this.#reserved + wanted <= left) return this.#reserve(wanted)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  #reserve(bytes: number): Grant {
    this.#reserved += bytes
    return {
      bytes,
      settle: (billed) => {
        this.#reserved -= bytes
        this.#billed += billed
        const waiting = this.#waiting
        this.#waiting = []
        for (const wake of waiting) wake()
      },
    }
  }

  #exceeded(wanted: number, left: number, place: string): CartwrightError {
    return new CartwrightError(
      "config",
      `the query may be billed ${megabytes(wanted)}, and of the run's ${megabytes(this.#cap)} only ${megabytes(left)} are left`,
      {
        place,
        next: "Raise the cap if the cost is meant to be, or run less at once.",
        state: "The query did not run and costs nothing.",
      },
    )
  }
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / MEGABYTE).toLocaleString("en-US")} MB`
}
