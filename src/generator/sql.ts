import { quoteIdentifier, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"

/** A column of a small table that is written out in SQL. */
export type LiteralColumn = readonly (string | number | null)[]

/**
 * SQL that creates a small table from values. Lists are unnested side by side, which DuckDB parses much faster than
 * many rows of VALUES.
 * @param columns name and type (`place varchar`) → values
 */
export function literalTable(name: string, columns: Record<string, LiteralColumn>): string {
  const parts = Object.entries(columns).map(([declaration, values]) => {
    const [column, type] = declaration.split(" ") as [string, string]
    const items = values.map((value) => (typeof value === "string" ? quoteLiteral(value) : String(value)))
    return `unnest([${items.join(",")}]::${type}[]) as ${quoteIdentifier(column)}`
  })
  return `create or replace table ${quoteIdentifier(name)} as select ${parts.join(", ")}`
}

/** SQL text of an epoch second as `2026-01-02 03:04:05`. */
export function secondsToTimestamp(seconds: string): string {
  return `make_timestamp((${seconds}) * 1000000)`
}
