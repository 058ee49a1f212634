/** What is measured of a landing; `quality.landing_measures` has one row for each. */
export type MeasureName =
  | "rows_delivered"
  | "rows_new"
  | "hours_since_previous"
  | "rejected_rate"
  | "flagged_rate"
  | "null_rate"
  | "screen_rate"

/** One measured value of one landing. */
export interface Measurement {
  landing: string
  source: string
  dataset: string
  /** Only landings of one kind are compared: whole snapshots, or what was added. */
  series: string
  /** ISO, UTC. */
  asOf: string
  /** When it was extracted: ISO, UTC; the order of landings. */
  at: string
  measure: MeasureName
  /** The column or screen that it is of; null where it is of the landing. */
  subject: string | null
  /** Rows, hours, or a share between 0 and 1. */
  value: number
  /** The rows of which a rate is a share. */
  ofRows: number | null
}

/** When a value is worth telling a person, beside being improbable. */
export interface Rule {
  /** `total`: what is there at a time, and not what came; it has no weekdays. */
  kind: "volume" | "total" | "interval" | "rate"
  /** `up`: less than usual is good news. */
  direction: "both" | "up"
  /** It differs from what is expected by at least this share of it. */
  leastRelative: number
  /** And by at least this: rows, hours, or of a rate the share. */
  leastAbsolute: number
  /** Rates: by at least so many rows, so that one row in three is no alarm. */
  leastRows: number
}

const VOLUME: Rule = {
  kind: "volume",
  direction: "both",
  leastRelative: 0.3,
  leastAbsolute: 20,
  leastRows: 0,
}
const RATE: Rule = { kind: "rate", direction: "up", leastRelative: 0.5, leastAbsolute: 0.02, leastRows: 10 }

export const RULES: Readonly<Record<MeasureName, Rule>> = {
  rows_delivered: VOLUME,
  rows_new: VOLUME,
  hours_since_previous: {
    kind: "interval",
    direction: "up",
    leastRelative: 0.5,
    leastAbsolute: 2,
    leastRows: 0,
  },
  rejected_rate: RATE,
  flagged_rate: RATE,
  null_rate: RATE,
  screen_rate: RATE,
}
