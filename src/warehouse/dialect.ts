import type { Session, Warehouse } from "./warehouse.ts"

/**
 * What engines spell in different ways, for statements of ours that run on all of them. All else in these statements is what GoogleSQL and
 * DuckDB's SQL have in common: `cast`, the types `string`, `bigint`, `timestamp` and `bool`, `qualify`, `is distinct from`.
 */

/** The types that a column of ours may have. */
export type ColumnKind = "string" | "bigint" | "number" | "timestamp" | "bool"

const NUMBER: Record<Warehouse["dialect"], string> = { duckdb: "double", bigquery: "float64" }

/** Names with types, as the list of columns of `create table`. */
export function columnList({ dialect }: Warehouse, columns: Readonly<Record<string, ColumnKind>>): string {
  return Object.entries(columns)
    .map(([name, kind]) => `${name} ${typeName(dialect, kind)}`)
    .join(", ")
}

/**
 * A query that gives rows which come as the statement's parameter: JSON, a list of objects by the names of the columns. Much
 * faster than a statement a row, and bounded by the engine's size of a request only (BigQuery: 10 MB).
 */
export function rowsFromJson({ dialect }: Warehouse, columns: Readonly<Record<string, ColumnKind>>): string {
  const entries = Object.entries(columns)
  if (dialect === "duckdb") {
    const shape = Object.fromEntries(entries.map(([name, kind]) => [name, typeName(dialect, kind)]))
    return `select ${entries.map(([name]) => `one.${name}`).join(", ")}
      from (select unnest(from_json(?, '[${JSON.stringify(shape)}]')) as one)`
  }
  const values = entries.map(
    ([name, kind]) => `cast(json_value(one, '$.${name}') as ${typeName(dialect, kind)}) as ${name}`,
  )
  return `select ${values.join(", ")} from unnest(json_query_array(?)) as one`
}

/** The tables of a dataset. */
export async function tablesIn(
  session: Session,
  warehouse: Warehouse,
  dataset: string,
): Promise<{ name: string; isView: boolean }[]> {
  const { dialect, catalog } = warehouse
  const from =
    dialect === "duckdb"
      ? "information_schema.tables"
      : `${warehouse.quote(catalog)}.${warehouse.quote(dataset)}.INFORMATION_SCHEMA.TABLES`
  const found = await session.rows<{ name: string; kind: string }>(
    `select table_name as name, table_type as kind from ${from} where table_catalog = ? and table_schema = ?`,
    [catalog, dataset],
  )
  return found.map(({ name, kind }) => ({ name, isView: kind === "VIEW" }))
}

/** A time as a warehouse gives it, in ISO form. */
export function isoTime(timestamp: string): string {
  return new Date(`${timestamp.replace(" ", "T")}Z`).toISOString()
}

function typeName(dialect: Warehouse["dialect"], kind: ColumnKind): string {
  return kind === "number" ? NUMBER[dialect] : kind
}
