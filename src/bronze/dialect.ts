import { quoteIdentifier as backticked } from "../warehouse/bigquery/names.ts"
import { quoteIdentifier as quoted } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Warehouse } from "../warehouse/warehouse.ts"

/** What engines say differently of a key, in the statements that compare a landing with a log; all else of these is the same SQL. */
export interface KeyDialect {
  /** A 64-bit hash of a row's key, for grouping: equal keys have equal hashes, not the other way round. */
  hash: (key: readonly string[], table: string) => string
  /** Whether two rows have the same key; no value is like no value. Fit for a left join. */
  same: (key: readonly string[], a: string, b: string) => string
}

/** Which of the engines' ways is a warehouse's. */
export const KEY_DIALECTS: Readonly<Record<Warehouse["dialect"], KeyDialect>> = {
  duckdb: {
    hash: (key, table) => `hash(${key.map((column) => `${table}.${quoted(column)}`).join(", ")})`,
    same: (key, a, b) => sameValues(key.map(quoted), a, b),
  },
  bigquery: {
    hash: hashOfText,
    // Without an equality BigQuery refuses to join.
    same: (key, a, b) =>
      `${hashOfText(key, a)} = ${hashOfText(key, b)} and ${sameValues(key.map(backticked), a, b)}`,
  },
}

function hashOfText(key: readonly string[], table: string): string {
  const values = key.map((column) => `${table}.${backticked(column)}`)
  return `farm_fingerprint(to_json_string([${values.join(", ")}]))`
}

function sameValues(columns: readonly string[], a: string, b: string): string {
  return columns.map((column) => `${a}.${column} is not distinct from ${b}.${column}`).join(" and ")
}
