import type { Anomaly } from "./anomalies.ts"
import type { MeasureName } from "./measures.ts"

/** What was found, for a person: `thelook.orders: 120 rows were delivered, usually 900 to 1,100 (since 2026-03-04)`. */
export function anomalySentence(anomaly: Omit<Anomaly, "message">): string {
  const { source, dataset, asOf, since } = anomaly
  const lasting = since === asOf ? "" : `, since ${since.slice(0, 10)}`
  return `${source}.${dataset}: ${whatOf(anomaly)}${lasting}`
}

function whatOf({ measure, subject, value, low, high }: Omit<Anomaly, "message">): string {
  const rows = `${count(value)} ${value === 1 ? "row" : "rows"}`
  const usualRows = `usually ${count(Math.ceil(low ?? 0))} to ${count(Math.floor(high ?? 0))}`
  const usualShare = `usually at most ${percent(high ?? 0)}`
  const sentences: Record<MeasureName, string> = {
    rows_delivered: `${rows} delivered, ${usualRows}`,
    rows_new: `${rows} new or changed, ${usualRows}`,
    hours_since_previous: `came ${hours(value)} after the delivery before, usually at most ${hours(high ?? 0)}`,
    rejected_rate: `${percent(value)} of the new rows were rejected, ${usualShare}`,
    flagged_rate: `${percent(value)} of the new rows are flagged, ${usualShare}`,
    null_rate: `${percent(value)} of the new rows have no ${subject}, ${usualShare}`,
    screen_rate: `${percent(value)} of the rows fail ${subject}, ${usualShare}`,
  }
  return sentences[measure]
}

/** A number of things for a person: `1,249`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US")
}

function percent(share: number): string {
  const value = share * 100
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`
}

function hours(value: number): string {
  return value >= 72
    ? `${(value / 24).toFixed(1)} days`
    : `${value >= 10 ? Math.round(value) : value.toFixed(1)} h`
}
