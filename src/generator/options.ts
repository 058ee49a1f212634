import { CartwrightError } from "../core/errors.ts"
import { isoDate, midnight } from "./shop/calendar.ts"

/** What is generated, checked and complete. */
export interface Settings {
  scale: number
  seed: number
  /** First and last day covered, `2026-01-31`. */
  from: string
  to: string
  /** How many of the last days come as deliveries of their own; 0: one delivery, undated. */
  days: number
  format: "csv" | "csv.gz" | "parquet" | "ndjson"
  style: "bigquery" | "kaggle"
  /** About how many rows a file holds at most. */
  rowsPerFile: number
}

const DEFAULTS = { from: "2022-01-01", to: "2025-12-31" }
const MAX_SCALE = 1000

/** @throws CartwrightError `usage`, naming the option, what it was and what would be valid */
export function checkedSettings(options: {
  scale: number
  seed: number
  from?: string
  to?: string
  days?: number
  format?: Settings["format"]
  style?: Settings["style"]
  rowsPerFile?: number
}): Settings {
  const { scale, seed, from = DEFAULTS.from, to = DEFAULTS.to, days = 0, rowsPerFile = 2_500_000 } = options
  if (!(scale > 0 && scale <= MAX_SCALE)) {
    throw invalid("scale", scale, `a number above 0, at most ${MAX_SCALE}`)
  }
  if (!Number.isSafeInteger(seed)) throw invalid("seed", seed, "a whole number")
  for (const [name, date] of Object.entries({ from, to })) {
    if (!isDate(date)) throw invalid(name, date, "a date such as 2025-12-31")
  }
  if (from > to) throw invalid("to", to, `a date not before ${from}`)
  const covered = Math.round((midnight(to) - midnight(from)) / 86_400) + 1
  if (covered > 36_525) throw invalid("from", from, "a range of at most a hundred years")
  if (!Number.isInteger(days) || days < 0 || days > covered) {
    throw invalid("days", days, `a whole number from 0 to ${covered}, the days from ${from} to ${to}`)
  }
  if (!(rowsPerFile >= 1000)) throw invalid("rowsPerFile", rowsPerFile, "a number of at least 1000")
  return {
    scale,
    seed,
    from,
    to,
    days,
    format: options.format ?? "csv",
    style: options.style ?? "bigquery",
    rowsPerFile,
  }
}

/** The counts of a shop of this scale. Fewer products below scale 1, by its square root, so that each still sells. */
export function sizes(scale: number): { visits: number; customers: number; products: number } {
  return {
    visits: Math.max(20, Math.round(VISITS_AT_SCALE_1 * scale)),
    customers: Math.max(10, Math.round(100_000 * scale)),
    products: Math.max(180, Math.round(29_120 * Math.min(1, Math.sqrt(scale)))),
  }
}

/** How many events a visit has, on average. */
export const EVENTS_PER_VISIT = 4.4

/** Makes about 2.4 M events and 125 k orders. */
const VISITS_AT_SCALE_1 = 507_000

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(midnight(text)) && isoDate(midnight(text)) === text
}

function invalid(option: string, value: unknown, valid: string): CartwrightError {
  return new CartwrightError("usage", `${option} is ${String(value)}`, {
    choices: [valid],
    next: `Give ${valid}.`,
    state: "Nothing was written.",
  })
}
