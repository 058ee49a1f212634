/** One screen failing in one batch, as `quality.error_events` has it. Times are ISO, UTC. */
export interface ErrorEvent {
  event: string
  source: string
  dataset: string
  screen: string
  action: string
  severity: string
  landing: string
  records: number
  open: number
  firstSeen: string
  resolved: string | null
  isOpen: boolean
}

/** One column of one record that fails, as `quality.error_event_details` has it. */
export interface ErrorDetail {
  event: string
  source: string
  dataset: string
  screen: string
  action: string
  column: string | null
  landing: string
  row: number | null
  file: string | null
  line: number | null
  key: string | null
  value: string | null
  isRejected: boolean
  firstSeen: string
  resolved: string | null
}

/** Errors of a screen that ended at once: a rule was mended, or the other side of a comparison came. */
export interface ClosedErrors {
  source: string
  dataset: string
  screen: string
  records: number
  /** When it was noticed. */
  closed: string
}

/** A screen of a data set. */
export interface ScreenState {
  source: string
  dataset: string
  name: string
  kind: string
  action: string
  severity: string
  description: string
  /** Records, lines or batches that fail it now. */
  open: number
}

/** What became of the rows of a data set. */
export interface DatasetAudit {
  source: string
  dataset: string
  batches: number
  rows: number
  lines: number
  rejected: number
  flagged: number
}

/** What became of a row of a delivery. */
export type RowFate =
  | "unreadable"
  | "rejected"
  | "current"
  | "superseded"
  | "deleted"
  | "as before"
  | "not transformed"

export interface EventFilter {
  /** `source` or `source.dataset`. */
  source?: string | undefined
  screen?: string | undefined
  /** @defaultValue both */
  open?: boolean | undefined
}
