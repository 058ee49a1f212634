import { existsSync } from "node:fs"
import type { WarehouseValue } from "../../../src/warehouse/warehouse.ts"
import { openDuckDb, quoteIdentifier, quoteLiteral } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"

/** A relation as text: its kind, its columns with types, its rows in an order that does not depend on the engine. */
export interface DumpedRelation {
  kind: string
  columns: string[]
  rows: string[]
  /** Comments of the relation and of its columns. */
  comments: string[]
}

const VERSION_COLUMNS = /^(dbt_valid_from|dbt_valid_to|dbt_updated_at|vfrom|vto)$/

/** All tables and views of a database file, by schema and name. What depends on the time of the run becomes its rank. */
export async function dumpWarehouse(path: string): Promise<Record<string, DumpedRelation>> {
  if (!existsSync(path)) return {}
  const warehouse = await openDuckDb({ path, threads: 1 })
  try {
    const session = await warehouse.session()
    const relations = await session.rows(
      "select table_schema as s, table_name as n, table_type as t from information_schema.tables where table_catalog = current_database() order by 1, 2",
    )
    const dump: Record<string, DumpedRelation> = {}
    for (const relation of relations) {
      const [schema, table, kind] = [text(relation["s"]), text(relation["n"]), text(relation["t"])]
      const name = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`
      const result = await session.result(`select columns(*)::varchar from ${name}`)
      const comments = await session.rows(
        `select comment as c from (
          select comment, schema_name as s, table_name as n, 0 as i from duckdb_tables()
          union all select comment, schema_name, view_name, 0 from duckdb_views()
          union all select comment, schema_name, table_name, column_index from duckdb_columns()
        ) where s = ${quoteLiteral(schema)} and n = ${quoteLiteral(table)} order by i`,
      )
      const types = await session.result(`select * from ${name} limit 0`)
      dump[`${schema}.${table}`] = {
        kind,
        comments: comments.map((row) => text(row["c"])),
        columns: types.columns.map((column, i) => `${column} ${types.types[i]}`),
        rows: rowTexts(
          result.columns,
          result.rows.map((row) => row.map(text)),
        ),
      }
    }
    return dump
  } finally {
    await warehouse.close()
  }
}

/** A value that was cast to text. */
function text(value: WarehouseValue | undefined): string {
  return typeof value === "string" ? value : "NULL"
}

function rowTexts(columns: readonly string[], rows: string[][]): string[] {
  const recent = new Set<string>()
  for (const row of rows) for (const value of row) if (isRecent(value)) recent.add(value)
  const ranks = new Map([...recent].sort().map((value, i) => [value, `<now ${i}>`]))
  return rows
    .map((row) => {
      const volatile = row.some((value, i) => VERSION_COLUMNS.test(columns[i] ?? "") && isRecent(value))
      return row
        .map((value, i) => (columns[i] === "dbt_scd_id" && volatile ? "<id>" : (ranks.get(value) ?? value)))
        .join(" | ")
    })
    .sort()
}

/** A time of this very run. */
function isRecent(value: string): boolean {
  const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/.test(value)
    ? Date.parse(value.replace(" ", "T"))
    : Number.NaN
  return Math.abs(time - Date.now()) < 36 * 3600 * 1000
}
