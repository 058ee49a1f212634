import type { Rule } from "./measures.ts"
import { type Line, median, spread, theilSen } from "./robust.ts"

/** A value in the history of a measure. */
export interface Point {
  /** Milliseconds since 1970. */
  at: number
  value: number
  /** The rows of which a rate is a share. */
  ofRows: number | null
}

/** What a value may be without being remarkable. Infinite where the rule does not look in that direction. */
export interface Range {
  low: number
  expected: number
  high: number
}

/** Fewer values than these say nothing about what is usual. */
export const LEAST_HISTORY = 8
/** What is longer ago no longer counts: eight weeks of daily deliveries. */
export const WINDOW = 56
/** So many values of one weekday tell what is usual on it. */
const LEAST_OF_WEEKDAY = 4
/** Before that, what lies within this factor of a value of the same weekday is usual. */
const WEEKDAY_SLACK = 1.5
/** How many standard deviations are still usual where their size is known well. */
const DEVIATIONS = 4

/** A weekly pattern is one that leaves less than this share of what a line leaves. */
const WEEKLY_GAIN = 0.75

/** A fit whose errors are this much larger than the best one's may be the true one all the same. */
const ABOUT_AS_GOOD = 1.5

const DAY = 86_400_000
const HOUR = 3_600_000

/**
 * The usual range at a time, from the values before it, oldest first; undefined while there are too few.
 * @param next when the value is measured (for an interval: when it began), and of how many rows
 */
export function expectedRange(
  history: readonly Point[],
  next: { at: number; ofRows: number | null },
  rule: Rule,
): Range | undefined {
  if (history.length < LEAST_HISTORY) return undefined
  const recent = history.slice(-WINDOW)
  const range = RANGES[rule.kind](recent, next)
  return withLeastChange(widened(range, recent, next.at, rule), next, rule)
}

/**
 * Whether a rate is within the usual range for the simple reason that it is no higher than what half of the values before it are, or too
 * small to matter. Nearly all rates are, and then need no statistics.
 */
export function isPlainlyUsual(history: readonly Point[], { value, ofRows }: Point, rule: Rule): boolean {
  if (rule.kind !== "rate") return false
  if (value < rule.leastAbsolute || value * (ofRows ?? Infinity) < rule.leastRows) return true
  const bound = value / (1 + rule.leastRelative)
  const reaching = history.reduce((sum, point) => sum + (point.value >= bound ? 1 : 0), 0)
  return 2 * reaching > history.length
}

const RANGES = { volume: volumeRange, total: volumeRange, interval: intervalRange, rate: rateRange }

/** A spread that few values tell is often too small. */
function deviations(values: number): number {
  return DEVIATIONS * (1 + 6 / values)
}

/** Weekday of a time in UTC; for an interval, that of its beginning: what follows a Friday is long, not what ends on a Monday. */
function weekday(at: number): number {
  return new Date(at).getUTCDay()
}

/** When a point's value began to be measured. */
export function beginOf({ at, value }: Point, { kind }: Rule): number {
  return kind === "interval" ? at - value * HOUR : at
}

/**
 * A line through the values, and per weekday how far they lie from it. Growth by a constant share is a line of logarithms, growth by
 * a constant number one of the numbers themselves: the line that fits better is taken; both are, where that is not clear.
 */
function volumeRange(history: readonly Point[], next: { at: number }): Range {
  const fits = [
    fit(history, next.at, Math.log1p, Math.expm1),
    fit(
      history,
      next.at,
      (value) => value,
      (value) => value,
    ),
  ]
  fits.sort((a, b) => a.error - b.error)
  const [best, other] = fits
  if (best === undefined) return { low: -Infinity, expected: 0, high: Infinity }
  if (other === undefined || other.error > ABOUT_AS_GOOD * best.error) return best.range
  return {
    ...best.range,
    low: Math.min(best.range.low, other.range.low),
    high: Math.max(best.range.high, other.range.high),
  }
}

function fit(
  history: readonly Point[],
  at: number,
  scale: (value: number) => number,
  unscale: (value: number) => number,
): { error: number; range: Range } {
  const xs = history.map((point) => (point.at - at) / DAY)
  const ys = history.map(({ value }) => scale(value))
  const days = history.map((point) => weekday(point.at))
  const plain = lineThrough(xs, ys)
  const effects = weekdayEffects(days, plain.residuals)
  const weekly = lineThrough(
    xs,
    ys.map((y, i) => y - (effects.get(days[i] ?? 0) ?? 0)),
  )
  // Medians of few days always seem to explain something: they are believed where they explain much.
  const isWeekly = totalOf(weekly.residuals) < WEEKLY_GAIN * totalOf(plain.residuals)
  const { line, residuals, spread: size } = isWeekly ? weekly : plain
  const usual = deviations(ys.length) * size * (isWeekly ? weekdayDoubt(ys.length / 7) : 1)
  const centre = line.level + (isWeekly ? (effects.get(weekday(at)) ?? 0) : 0)
  const expected = Math.max(0, unscale(centre))
  // Things that come by chance vary at least so much, however alike the counts before were.
  const chance = DEVIATIONS * Math.sqrt(expected)
  const error = median(
    history.map(({ value }, i) => Math.abs(value - unscale((ys[i] ?? 0) - (residuals[i] ?? 0)))),
  )
  return {
    error,
    range: {
      low: Math.max(0, Math.min(unscale(centre - usual), expected - chance)),
      expected,
      high: Math.max(unscale(centre + usual), expected + chance),
    },
  }
}

function lineThrough(
  xs: readonly number[],
  ys: readonly number[],
): { line: Line; residuals: number[]; spread: number } {
  const line = theilSen(xs, ys)
  const residuals = ys.map((y, i) => y - line.level - line.slope * (xs[i] ?? 0))
  return { line, residuals, spread: spread(residuals, 0) }
}

/** Weekends count in it, which a median of all days does not see. */
function totalOf(residuals: readonly number[]): number {
  return residuals.reduce((sum, residual) => sum + Math.abs(residual), 0)
}

/** How far each weekday lies from the line through all, where there are enough of it. */
function weekdayEffects(days: readonly number[], residuals: readonly number[]): Map<number, number> {
  const effects = new Map<number, number>()
  for (const day of new Set(days)) {
    const offsets = residuals.filter((_, i) => days[i] === day)
    if (offsets.length >= LEAST_OF_WEEKDAY) effects.set(day, median(offsets))
  }
  return effects
}

/** How much further than what remains says a value lies from a median of so many: that median has an error, and has taken some away. */
function weekdayDoubt(weeks: number): number {
  return Math.sqrt((weeks + 1) / Math.max(1, weeks - 1))
}

/** Intervals that began on the same weekday, where there are enough; otherwise all. */
function intervalRange(history: readonly Point[], next: { at: number }): Range {
  const same = history.filter((point) => weekday(point.at - point.value * HOUR) === weekday(next.at))
  const values = (same.length >= LEAST_OF_WEEKDAY ? same : history).map(({ value }) => value)
  const expected = median(values)
  return { low: -Infinity, expected, high: expected + deviations(values.length) * spread(values, expected) }
}

/** A share of few rows varies by chance alone, which is allowed for. */
function rateRange(history: readonly Point[], next: { ofRows: number | null }): Range {
  const values = history.map(({ value }) => value)
  const expected = median(values)
  const rows = Math.max(1, next.ofRows ?? 1)
  const likely = Math.max(expected, 1 / rows)
  const chance = Math.sqrt((likely * Math.max(0, 1 - likely)) / rows)
  return {
    low: -Infinity,
    expected,
    high: expected + Math.max(deviations(values.length) * spread(values, expected), DEVIATIONS * chance),
  }
}

/** Until a weekday has shown what is usual on it, everything that it has shown is, and what is near that. */
function widened(range: Range, history: readonly Point[], at: number, rule: Rule): Range {
  if (rule.kind === "rate" || rule.kind === "total") return range
  const same = history.filter((point) => weekday(beginOf(point, rule)) === weekday(at))
  if (same.length === 0 || same.length >= LEAST_OF_WEEKDAY) return range
  const values = same.map(({ value }) => value)
  return {
    ...range,
    low: Math.min(range.low, Math.min(...values) / WEEKDAY_SLACK),
    high: Math.max(range.high, Math.max(...values) * WEEKDAY_SLACK),
  }
}

function withLeastChange(range: Range, next: { ofRows: number | null }, rule: Rule): Range {
  const least = Math.max(
    rule.leastAbsolute,
    range.expected * rule.leastRelative,
    rule.leastRows / Math.max(1, next.ofRows ?? 1),
  )
  return {
    low: rule.direction === "up" ? -Infinity : Math.min(range.low, range.expected - least),
    expected: range.expected,
    high: Math.max(range.high, range.expected + least),
  }
}
