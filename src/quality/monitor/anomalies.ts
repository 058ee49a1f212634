import {
  beginOf,
  expectedRange,
  isPlainlyUsual,
  LEAST_HISTORY,
  type Point,
  type Range,
  WINDOW,
} from "./expectation.ts"
import { type Measurement, type MeasureName, RULES } from "./measures.ts"
import { anomalySentence } from "./wording.ts"

/** A landing in which a measure was not as usual; a row of `quality.anomalies`. */
export interface Anomaly {
  source: string
  dataset: string
  measure: MeasureName
  subject: string | null
  landing: string
  asOf: string
  value: number
  expected: number
  /** Null where there is no bound on that side. */
  low: number | null
  high: number | null
  direction: "low" | "high"
  /** State (`as_of`) of the first of the landings without a usual one between it and this one. */
  since: string
  /** It is in the newest landing of its data set. */
  isOpen: boolean
  /** All of this in words. */
  message: string
}

/** How one data set fares, for a person who asks whether its numbers are fresh and complete. */
export interface DatasetHealth {
  source: string
  dataset: string
  /** How many landings there are to learn from, at most {@link WINDOW}, and how many it takes before anything alarms. */
  landings: number
  needed: number
  /** The newest delivery. */
  newest: { landing: string; asOf: string; rows: number }
  /** What its volume was expected to be; null while learning. */
  usualRows: Range | null
  /** When the next delivery is overdue; null while learning. ISO, UTC. */
  dueBy: string | null
}

/** So many of the newest landings are judged; those before are only learnt from. */
const JUDGED = 120
/** More landings than these of a data set change nothing in what is found. */
export const LANDINGS_READ = JUDGED + WINDOW

/**
 * Compares each of the newest landings with those before it. The result depends on what was measured alone, in whatever order it is
 * given: newest first, then the gravest.
 */
export function findAnomalies(measurements: readonly Measurement[]): Anomaly[] {
  const newest = newestLandings(measurements)
  const found = [...seriesOf(measurements).values()].flatMap((series) => {
    const first = series[0]
    return first === undefined ? [] : anomaliesOf(series, newest.get(datasetOf(first))?.landing)
  })
  return found.sort(
    (a, b) => compare(b.asOf, a.asOf) || severity(b) - severity(a) || compare(keyOf(a), keyOf(b)),
  )
}

function anomaliesOf(series: readonly Measurement[], newest: string | undefined): Anomaly[] {
  const points = series.map(pointOf)
  const anomalies: Anomaly[] = []
  let since: string | undefined
  for (let i = Math.max(LEAST_HISTORY, series.length - JUDGED); i < series.length; i++) {
    const [measurement, point] = [series[i], points[i]]
    if (measurement === undefined || point === undefined) continue
    const rule = RULES[measurement.measure]
    const history = points.slice(Math.max(0, i - WINDOW), i)
    const next = { at: beginOf(point, rule), ofRows: point.ofRows }
    const range = isPlainlyUsual(history, point, rule) ? undefined : expectedRange(history, next, rule)
    if (range === undefined || (point.value >= range.low && point.value <= range.high)) {
      since = undefined
      continue
    }
    since ??= measurement.asOf
    anomalies.push(anomalyOf(measurement, range, since, measurement.landing === newest))
  }
  return anomalies
}

function anomalyOf(measurement: Measurement, range: Range, since: string, isOpen: boolean): Anomaly {
  const { source, dataset, measure, subject, landing, asOf, value } = measurement
  const anomaly: Omit<Anomaly, "message"> = {
    source,
    dataset,
    measure,
    subject,
    landing,
    asOf,
    value,
    expected: range.expected,
    low: finite(range.low),
    high: finite(range.high),
    direction: value < range.low ? "low" : "high",
    since,
    isOpen,
  }
  return { ...anomaly, message: anomalySentence(anomaly) }
}

/** How each data set fares, by name. */
export function healthOf(measurements: readonly Measurement[]): DatasetHealth[] {
  const series = seriesOf(measurements)
  const health: DatasetHealth[] = []
  for (const newest of newestLandings(measurements).values()) {
    const volumes = series.get(seriesKey({ ...newest, measure: "rows_delivered", subject: null })) ?? []
    const last = volumes.at(-1)
    if (last === undefined) continue
    const before = volumes.slice(-1 - WINDOW, -1).map(pointOf)
    const intervals =
      series.get(seriesKey({ ...newest, measure: "hours_since_previous", subject: null })) ?? []
    const at = Date.parse(newest.at)
    const pause = expectedRange(intervals.map(pointOf), { at, ofRows: null }, RULES.hours_since_previous)
    health.push({
      source: newest.source,
      dataset: newest.dataset,
      landings: before.length,
      needed: LEAST_HISTORY,
      newest: { landing: last.landing, asOf: last.asOf, rows: last.value },
      usualRows: expectedRange(before, { at, ofRows: null }, RULES.rows_delivered) ?? null,
      dueBy: pause === undefined ? null : new Date(at + pause.high * 3_600_000).toISOString(),
    })
  }
  return health.sort((a, b) => compare(a.source, b.source) || compare(a.dataset, b.dataset))
}

/** The values of each measure in the order of extraction. */
function seriesOf(measurements: readonly Measurement[]): Map<string, Measurement[]> {
  const series = new Map<string, Measurement[]>()
  for (const measurement of measurements) {
    const key = seriesKey(measurement)
    const list = series.get(key)
    if (list === undefined) series.set(key, [measurement])
    else list.push(measurement)
  }
  for (const list of series.values()) list.sort(inOrder)
  return series
}

function newestLandings(measurements: readonly Measurement[]): Map<string, Measurement> {
  const newest = new Map<string, Measurement>()
  for (const measurement of measurements) {
    const known = newest.get(datasetOf(measurement))
    if (known === undefined || inOrder(known, measurement) < 0)
      newest.set(datasetOf(measurement), measurement)
  }
  return newest
}

function inOrder(a: Measurement, b: Measurement): number {
  return compare(a.at, b.at) || compare(a.landing, b.landing)
}

function datasetOf({ source, dataset }: Pick<Measurement, "source" | "dataset">): string {
  return JSON.stringify([source, dataset])
}

function seriesKey({
  source,
  dataset,
  series,
  measure,
  subject,
}: Pick<Measurement, "source" | "dataset" | "series" | "measure" | "subject">): string {
  return JSON.stringify([source, dataset, series, measure, subject])
}

function pointOf({ at, value, ofRows }: Measurement): Point {
  return { at: Date.parse(at), value, ofRows }
}

/** How many times further from what is expected than the bound it is. */
function severity({ value, expected, low, high }: Anomaly): number {
  const bound = value < expected ? low : high
  return Math.abs(value - expected) / Math.max(1e-9, Math.abs((bound ?? expected) - expected))
}

function keyOf({ source, dataset, measure, subject }: Anomaly): string {
  return JSON.stringify([source, dataset, measure, subject])
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
