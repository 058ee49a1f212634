import { CartwrightError } from "./errors.ts"

/** What a step tells while it works. `cli` renders it; tests collect it; the run record keeps it. */
export interface ProgressEvent {
  /** The pipeline step: extract, load, transform, publish, generate. */
  step: string
  /** What is worked on: a data set, a model, a table. */
  name: string
  status: "start" | "progress" | "done" | "skipped" | "warned" | "failed"
  /** Rows done so far (progress) or in all (done). */
  rows?: number
  /** Bytes done so far or in all. */
  bytes?: number
  /** Milliseconds since this item started. */
  elapsedMs?: number
  /** One plain line for a person. */
  message?: string
}

/** Everything that a step takes from the world outside its arguments. Logic never reads the wall clock itself. */
export interface Effects {
  now(): Date
  report(event: ProgressEvent): void
  /** Aborted by Ctrl-C; long steps stop at the next safe place and throw {@link interrupted}. */
  signal: AbortSignal
}

/** Effects for callers who want none shown: the real clock, no reports, never aborted. */
export function silentEffects(overrides: Partial<Effects> = {}): Effects {
  return { now: () => new Date(), report: () => {}, signal: new AbortController().signal, ...overrides }
}

/** Throws when the person asked to stop. */
export function throwIfInterrupted(effects: Effects, state: string): void {
  if (effects.signal.aborted) throw new CartwrightError("interrupted", "stopped on request", { state })
}
