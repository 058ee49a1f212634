import type { Measurement, MeasureName } from "./measures.ts"

export interface HistoryOptions {
  dataset?: string
  measure?: MeasureName
  subject?: string | null
  /** First day. @defaultValue Thursday, 2026-01-01 */
  from?: string
  ofRows?: number | null
  hour?: number
}

/** One value a day, from the first day on; undefined where nothing was delivered. */
export function dailyHistory(
  values: readonly (number | undefined)[],
  options: HistoryOptions = {},
): Measurement[] {
  const first = Date.parse(options.from ?? "2026-01-01")
  return values.flatMap((value, day) => {
    if (value === undefined) return []
    const at = new Date(first + (day * 24 + (options.hour ?? 3)) * 3_600_000).toISOString()
    return [
      {
        landing: `${options.dataset ?? "orders"}-${String(day).padStart(4, "0")}`,
        source: "shop",
        dataset: options.dataset ?? "orders",
        series: "incremental",
        asOf: at,
        at,
        measure: options.measure ?? "rows_delivered",
        subject: options.subject ?? null,
        value,
        ofRows: options.ofRows ?? null,
      },
    ]
  })
}

/** The hours between the days on which something was delivered. */
export function intervalsOf(delivered: readonly boolean[], options: HistoryOptions = {}): Measurement[] {
  let last: number | undefined
  const hours = delivered.map((is, day) => {
    if (!is) return undefined
    const value = last === undefined ? undefined : (day - last) * 24
    last = day
    return value
  })
  return dailyHistory(hours, { ...options, measure: "hours_since_previous" })
}

export interface Random {
  uniform: () => number
  normal: () => number
  binomial: (n: number, p: number) => number
}

/** Random numbers that a seed determines (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const binomial = (n: number, p: number) => {
    let hits = 0
    for (let i = 0; i < n; i++) if (uniform() < p) hits++
    return hits
  }
  return { uniform, normal, binomial }
}
