import type { Session } from "../../warehouse/warehouse.ts"
import { type ColumnFacts, isTime, readValues } from "./facts.ts"
import { wordsOf } from "./names.ts"
import type { TimeCoverage } from "./report.ts"
import { isPlaceholderTime } from "./suspicions.ts"

/** With fewer days covered, a weekday without rows is a gap and no habit. */
const DAYS_FOR_HABITS = 28
const GAPS_SHOWN = 20
const DAY = 86_400_000

/** The column that tells when a row came about: the most complete one, those named after it first. */
export function timeColumn(columns: readonly ColumnFacts[]): ColumnFacts | undefined {
  const filled = ({ profile }: ColumnFacts) => profile.type.fits
  return columns
    .filter((column) => isTime(column) && filled(column) >= column.rows * 0.5)
    .sort((a, b) => rank(a.name) - rank(b.name) || filled(b) - filled(a))[0]
}

/** 0 when it came about, 1 some other time, 2 a time of the bookkeeping. */
function rank(name: string): 0 | 1 | 2 {
  const words = wordsOf(name)
  if (words.some((word) => /^(?:created|ordered|occurred|purchased|invoice|event|order|started)$/.test(word)))
    return 0
  return isBookkeeping(name) ? 2 : 1
}

/** Times that tell when somebody touched a row, not when what it records happened. */
export function isBookkeeping(name: string): boolean {
  return wordsOf(name).some((word) => BOOKKEEPING.has(word))
}

const BOOKKEEPING = new Set("updated modified synced loaded extracted emitted deleted birth dob".split(" "))

/** Rows per day of a time column, and the stretches of days without any. */
export async function timeCoverage(
  session: Session,
  column: ColumnFacts,
  now: Date,
): Promise<TimeCoverage | null> {
  const found = await session.rows<{ day: string; n: bigint }>(
    `select x::date::varchar as day, sum(n) as n from ${readValues(column)}
     where x <= timestamp '${aYearAfter(now)}' and not ${isPlaceholderTime} group by 1 order by 1`,
  )
  const perDay = found.map(({ day, n }): [string, number] => [day, Number(n)])
  const [first, last] = [perDay[0], perDay.at(-1)]
  if (first === undefined || last === undefined) return null
  const days = daysBetween(first[0], last[0]) + 1
  const quietWeekdays = habituallyQuiet(perDay, days)
  const gaps = gapsOf(perDay, quietWeekdays)
  const rows = perDay.map(([, n]) => n)
  const [busiestDay, busiestRows] = perDay.reduce((most, each) => (each[1] > most[1] ? each : most))
  return {
    column: column.name,
    from: first[0],
    to: last[0],
    days,
    daysWithRows: perDay.length,
    quietWeekdays,
    gaps: gaps.toSorted((a, b) => b.days - a.days).slice(0, GAPS_SHOWN),
    gapCount: gaps.length,
    median: median(rows),
    busiest: { day: busiestDay, rows: busiestRows },
    outside: column.rows - rows.reduce((sum, n) => sum + n, 0),
    perDay,
  }
}

/** What is later is a slip of the pen, and would make all days until then a gap. */
function aYearAfter(now: Date): string {
  return new Date(now.getTime() + 366 * DAY).toISOString().slice(0, 19)
}

function habituallyQuiet(perDay: readonly [string, number][], days: number): number[] {
  if (days < DAYS_FOR_HABITS) return []
  const seen = new Set(perDay.map(([day]) => weekday(day)))
  const quiet = [1, 2, 3, 4, 5, 6, 7].filter((each) => !seen.has(each))
  // Rows on few of the weekdays are reports of a week or month, not habits of a shop.
  return quiet.length > 3 ? [] : quiet
}

function gapsOf(perDay: readonly [string, number][], quiet: readonly number[]): TimeCoverage["gaps"] {
  const gaps: TimeCoverage["gaps"] = []
  for (const [i, [day]] of perDay.entries()) {
    const next = perDay[i + 1]?.[0]
    if (next === undefined) break
    const missing = expectedBetween(day, next, quiet)
    const [from, to] = [missing[0], missing.at(-1)]
    if (from !== undefined && to !== undefined) gaps.push({ from, to, days: missing.length })
  }
  return gaps
}

/** The days between two others on which there should have been rows. */
function expectedBetween(before: string, after: string, quiet: readonly number[]): string[] {
  const days: string[] = []
  for (let time = Date.parse(before) + DAY; time < Date.parse(after); time += DAY) {
    const day = new Date(time).toISOString().slice(0, 10)
    if (!quiet.includes(weekday(day))) days.push(day)
  }
  return days
}

function weekday(day: string): number {
  return new Date(day).getUTCDay() || 7
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
