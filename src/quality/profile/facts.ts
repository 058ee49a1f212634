import type { Session } from "../../warehouse/warehouse.ts"
import { isIdLike } from "./names.ts"
import type { Reading } from "./readings.ts"
import type { ColumnProfile, NearlyKey, Personal, Reference } from "./report.ts"

/** A column while it is being looked at. Its values are raw: nothing of it is shown before it went through `mask.ts`. */
export interface ColumnFacts {
  name: string
  /** Rows of the table. */
  rows: number
  /** SQL name of a temporary table of the distinct values `v` with their number of rows `n`; nulls are not in it. */
  values: string
  /** Whether that table also has what the values read as, `x`. */
  isRead: boolean
  reading: Reading | undefined
  profile: ColumnProfile
  /** The personal data that it may hold; `profile.personal` says whether it counts as such in its table. */
  kind: Personal | null
}

/** A table while it is being looked at. */
export interface TableFacts {
  name: string
  /** SQL name, every column a text. */
  table: string
  rows: number
  /** Only the first records were read, so that its key values are not all there. */
  partial: boolean
  distinctRows: number
  keys: string[][]
  nearlyKeys: NearlyKey[]
  columns: ColumnFacts[]
}

/** A reference while it is being looked at. */
export interface FoundReference {
  child: TableFacts
  column: ColumnFacts
  parent: TableFacts
  key: ColumnFacts
  by: Reference["by"]
  rows: number
  orphans: number
  orphanExample: string | null
  coverage: number
  copies: Reference["copies"]
}

export interface ColumnLook {
  session: Session
  /** SQL name of the table, every column a text. */
  table: string
  rows: number
  now: Date
  /** `verdict`: only what keys, references and the verdict need. */
  depth: "full" | "verdict"
}

/** Values to be shown are read up to here; what is personal in them must be whole to be known. Characters. */
export const LONGEST_READ = 200

export function isNumber({ profile }: ColumnFacts): boolean {
  return profile.type.name === "integer" || profile.type.name === "decimal"
}

export function isTime({ profile }: ColumnFacts): boolean {
  return profile.type.name === "date" || profile.type.name === "timestamp"
}

/** Numbers that name something and measure nothing. */
export function isIdentifier({ name, profile }: ColumnFacts): boolean {
  return profile.type.name === "integer" && isIdLike(name)
}

/** SQL of the distinct values with what they read as, `x`. */
export function readValues(facts: ColumnFacts): string {
  return facts.isRead ? facts.values : `(${readings(facts)})`
}

/** SQL that reads the distinct values. */
export function readings({ values, reading }: ColumnFacts): string {
  return `select v, n, ${reading?.value ?? "null::double"} as x from ${values}`
}
