import type { FileFormat } from "../../core/file-format.ts"

/** Raised when a reader of `--json` would misread what newer versions write. */
export const PROFILE_VERSION = 1

/** What `cartwright profile` found out. Plain JSON; docs/profiling.md describes it field by field. */
export interface ProfileReport {
  profileVersion: typeof PROFILE_VERSION
  /** UTC. Dates after it count as future ones. */
  profiledAt: string
  /** What was asked for: a path, a glob, a source. */
  subject: string
  tables: TableProfile[]
  references: Reference[]
  /** Files that cannot be read, each with its problem. */
  unusable: { file: string; problem: string }[]
}

export interface TableProfile {
  name: string
  origin: TableOrigin
  /** Records read. */
  rows: number
  /** Records that load would keep aside because they are broken. */
  rejected: { rows: number; reasons: { reason: string; rows: number; firstLine: string }[] }
  /** Rows that repeat another row in every column. */
  duplicates: { surplusRows: number; distinctRows: number }
  /** Columns that tell the rows apart; smallest first. Where there are duplicates, they tell the distinct rows apart. */
  keys: string[][]
  /** Columns that look like the key but for a few rows: without a value, or with that of another row. */
  nearlyKeys: NearlyKey[]
  time: TimeCoverage | null
  columns: ColumnProfile[]
  verdict: Verdict
}

export interface TableOrigin {
  /** Glob or path. */
  files: string
  fileCount: number
  /** As delivered. */
  bytes: number
  format: FileFormat["format"]
  compression: FileFormat["compression"]
  encoding: FileFormat["encoding"]
  /** CSV only. */
  delimiter: string | null
  /** How many deliveries (by `date=` in the path) there are, and which of them were read. */
  deliveries: { found: number; read: "all" | "newest" }
  /** True: only the first records were read, as many as `rows` and `rejected.rows` say. */
  partial: boolean
}

export interface NearlyKey {
  column: string
  missing: number
  repeated: number
}

export interface ColumnProfile {
  name: string
  type: ColumnType
  /** Values that load keeps as null: nothing there, or an empty text. */
  nulls: number
  /** Texts of blanks only. */
  blanks: number
  distinct: number
  /** Least and greatest by type; of texts by code point. Masked where the column is personal. */
  min: string | null
  max: string | null
  /** Numbers only; not where they are personal. */
  numbers: { mean: number; quartiles: [number, number, number] } | null
  /** In characters. */
  length: { min: number; max: number } | null
  patterns: { share: number; pattern: string }[]
  /** False: the shares come from a sample of the distinct values. */
  patternsExact: boolean
  top: { value: string; rows: number; share: number }[]
  suspicious: Suspicion[]
  personal: Personal | null
}

export type TypeName = "boolean" | "integer" | "decimal" | "date" | "timestamp" | "json" | "text" | "nothing"

export interface ColumnType {
  name: TypeName
  /** How values of the type are written, where that is not the plain way, e.g. `month/day/year`. */
  format: string | null
  /** How many of the values that are there fit. */
  fits: number
  of: number
}

export interface Suspicion {
  /** Stable name of the rule, e.g. `null-text`. */
  rule: string
  /** One plain sentence, without the count. */
  what: string
  rows: number
  /** As it stands there, masked where it is personal; null where the rule is about no single value. */
  example: string | null
}

export interface Personal {
  kind: string
  /** Whether it names a person by itself, or only beside something that does. */
  level: "direct" | "indirect"
  /** Values that are of this kind by their looks; all of them where only the column's name tells. */
  values: number
  /** What told: the column's name, its values, or both; `inside`: some values hold it among other text. */
  by: "name" | "values" | "both" | "inside"
}

export interface TimeCoverage {
  column: string
  /** Days. */
  from: string
  to: string
  days: number
  daysWithRows: number
  /** Weekdays, Monday = 1, on which there never are rows; they count for no gap. */
  quietWeekdays: number[]
  /** Stretches of days without rows, the longest first, at most 20; `gapCount` of them. */
  gaps: { from: string; to: string; days: number }[]
  gapCount: number
  /** Rows of days that have any: the median, and the greatest. */
  median: number
  busiest: { day: string; rows: number }
  /** Rows whose time is missing, unreadable, a placeholder such as 1900-01-01, or more than a year ahead. */
  outside: number
  perDay: [day: string, rows: number][]
}

/** A column that holds the key values of another table. */
export interface Reference {
  table: string
  column: string
  to: { table: string; column: string }
  /**
   * `inclusion`: (nearly) all values are there; `name`: the names say so, and many values are missing; `agreement`: many
   * are missing, but the rows that find theirs repeat three or more of its columns.
   */
  by: "inclusion" | "name" | "agreement"
  /** Rows with a value, and how many of them find none in the other table. */
  rows: number
  orphans: number
  /** An orphan, masked where the column is personal. */
  orphanExample: string | null
  /** Share of the other table's keys that are referred to. */
  coverage: number
  /** Columns that repeat a column of the other table, row for row. */
  copies: { column: string; of: string; share: number }[]
}

export interface Verdict {
  include: boolean
  /** What the table is in a star schema: happenings, things described, places, or a copy. */
  role: "facts" | "description" | "place" | "repetition" | "duplicate" | "empty"
  /** One sentence each. */
  why: string[]
}
