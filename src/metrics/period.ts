import { CartwrightError } from "../core/errors.ts"

export const GRAINS = ["day", "week", "month", "quarter", "year"] as const
export type Grain = (typeof GRAINS)[number]

/** Whole days, both included: `2026-01-31`. */
export interface Period {
  from: string
  to: string
}

export const COMPARISONS = ["previous_period", "previous_year"] as const
export type Comparison = (typeof COMPARISONS)[number]

/** Periods by name. They end with the last day that has data: data that ended long ago has its last month too. */
export const PRESETS = {
  last_7_days: (last) => ({ from: addDays(last, -6), to: last }),
  last_30_days: (last) => ({ from: addDays(last, -29), to: last }),
  last_90_days: (last) => ({ from: addDays(last, -89), to: last }),
  this_month: (last) => ({ from: startOf(last, "month"), to: last }),
  last_month: (last) => monthsBefore(last, 1, 1),
  last_12_months: (last) => ({ from: addDays(addMonths(last, -12), 1), to: last }),
  this_year: (last) => ({ from: startOf(last, "year"), to: last }),
  last_year: (last) => ({
    from: `${Number(last.slice(0, 4)) - 1}-01-01`,
    to: `${Number(last.slice(0, 4)) - 1}-12-31`,
  }),
} as const satisfies Record<string, (last: string) => Period>

/**
 * Reads a period: a preset, `2026`, `2026-Q1`, `2026-01`, `2026-01-15`, or two of these with `..` between.
 * @param coverage the days that have data
 * @returns undefined for `all`
 * @throws CartwrightError `usage`
 */
export function parsePeriod(text: string, coverage: Period | undefined): Period | undefined {
  if (text === "all") return undefined
  if (Object.hasOwn(PRESETS, text)) {
    if (coverage === undefined) throw wrongPeriod(text, "nothing that is published has a date")
    return PRESETS[text as keyof typeof PRESETS](coverage.to)
  }
  const [first = "", second = first, ...others] = text.split("..")
  const [from, to] = [spanOf(first), spanOf(second)]
  if (from === undefined || to === undefined || others.length > 0) throw wrongPeriod(text, "it is no period")
  if (from.from > to.to) throw wrongPeriod(text, "it ends before it begins")
  return { from: from.from, to: to.to }
}

function wrongPeriod(text: string, why: string): CartwrightError {
  return new CartwrightError("usage", `cannot take ${text} as a period: ${why}`, {
    choices: [
      "all",
      ...Object.keys(PRESETS),
      "2026",
      "2026-Q1",
      "2026-01",
      "2026-01-15",
      "2026-01-15..2026-02-14",
    ],
    state: "Nothing was asked.",
  })
}

function spanOf(text: string): Period | undefined {
  const [, year, quarter, month, day] = /^(\d{4})(?:-Q([1-4])|-(\d{2})(?:-(\d{2}))?)?$/.exec(text) ?? []
  if (year === undefined) return undefined
  if (quarter !== undefined)
    return monthsFrom(`${year}-${String(Number(quarter) * 3 - 2).padStart(2, "0")}-01`, 3)
  if (month === undefined) return monthsFrom(`${year}-01-01`, 12)
  if (day === undefined) return isDay(`${text}-01`) ? monthsFrom(`${text}-01`, 1) : undefined
  return isDay(text) ? { from: text, to: text } : undefined
}

/** Whether it is a day of the calendar as `2026-02-28`. */
export function isDay(text: string): boolean {
  const time = new Date(`${text}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time.getTime()) && dayOf(time) === text
}

/** The period to compare with. Whole months are compared with as many whole months. */
export function priorPeriod({ from, to }: Period, comparison: Comparison): Period {
  if (comparison === "previous_year") {
    const ends = addDays(to, 1)
    return { from: addMonths(from, -12), to: addDays(addMonths(ends, -12), -1) }
  }
  const ends = addDays(to, 1)
  if (from.endsWith("-01") && ends.endsWith("-01")) {
    const months = monthNumber(ends) - monthNumber(from)
    return { from: addMonths(from, -months), to: addDays(from, -1) }
  }
  return { from: addDays(from, -daysBetween(from, ends)), to: addDays(from, -1) }
}

/** The first days of the period's parts; of the first part, maybe before the period. */
export function bucketsOf({ from, to }: Period, grain: Grain): string[] {
  const buckets: string[] = []
  for (let start = startOf(from, grain); start <= to; start = nextBucket(start, grain)) buckets.push(start)
  return buckets
}

/** The first day of the part of the calendar that a day is in; weeks begin on Monday. */
export function startOf(day: string, grain: Grain): string {
  if (grain === "day") return day
  if (grain === "week") return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
  if (grain === "year") return `${day.slice(0, 4)}-01-01`
  const month = Number(day.slice(5, 7))
  const first = grain === "month" ? month : month - ((month - 1) % 3)
  return `${day.slice(0, 4)}-${String(first).padStart(2, "0")}-01`
}

function nextBucket(start: string, grain: Grain): string {
  if (grain === "day") return addDays(start, 1)
  if (grain === "week") return addDays(start, 7)
  return addMonths(start, { month: 1, quarter: 3, year: 12 }[grain])
}

export function addDays(day: string, days: number): string {
  const time = new Date(`${day}T00:00:00Z`)
  time.setUTCDate(time.getUTCDate() + days)
  return dayOf(time)
}

/** The same day of another month, or that month's last one. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return dayOf(new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))))
}

function monthsFrom(start: string, months: number): Period {
  return { from: start, to: addDays(addMonths(start, months), -1) }
}

function monthsBefore(day: string, before: number, months: number): Period {
  return monthsFrom(addMonths(startOf(day, "month"), -before), months)
}

function monthNumber(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}
