import { join } from "node:path"
import { currentVersion } from "../../publish/version.ts"
import { quoteLiteral } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../warehouse/warehouse.ts"

/** A table or view as the warehouse describes it, columns in their order. */
export interface BuiltTable {
  dataset: string
  name: string
  columns: { name: string; type: string }[]
}

/** Every table and view of the warehouse. */
export async function builtTables(session: Session): Promise<BuiltTable[]> {
  const rows = await session.rows<
    Record<"table_schema" | "table_name" | "column_name" | "data_type", string>
  >(
    `select table_schema, table_name, column_name, data_type from information_schema.columns
     where table_catalog = current_database() and not contains(table_name, '__dbt_')
     order by table_schema, table_name, ordinal_position`,
  )
  const tables = new Map<string, BuiltTable>()
  for (const { table_schema: dataset, table_name: name, column_name, data_type } of rows) {
    const key = `${dataset}.${name}`
    const table = tables.get(key) ?? { dataset, name, columns: [] }
    table.columns.push({ name: column_name, type: data_type })
    tables.set(key, table)
  }
  return [...tables.values()]
}

/**
 * The types in the files of the version that readers see, e.g. `BYTE_ARRAY UTF8`, by `dataset.table` and column; empty
 * where nothing is published.
 */
export async function publishedTypes(
  session: Session,
  directory: string,
): Promise<Map<string, Map<string, string>>> {
  const version = await currentVersion(directory)
  const types = new Map<string, Map<string, string>>()
  if (version === undefined) return types
  for (const [name, table] of Object.entries(version.tables)) {
    const [file] = Object.values(table.partitions).flatMap(({ files }) => files)
    if (file === undefined) continue
    const path = join(directory, version.version, file.path)
    const columns = await session.rows<{ name: string; parquet: string }>(
      `select name, type || case
         when converted_type is null or converted_type = 'INT_64' then ''
         when converted_type = 'DECIMAL' then ' DECIMAL(' || precision || ', ' || scale || ')'
         else ' ' || converted_type end as parquet
       from parquet_schema(${quoteLiteral(path)}) where type is not null`,
    )
    types.set(`${table.schema}.${name}`, new Map(columns.map((column) => [column.name, column.parquet])))
  }
  return types
}
