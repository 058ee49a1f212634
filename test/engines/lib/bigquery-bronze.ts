import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { BigQueryWarehouse } from "../../../src/warehouse/bigquery/bigquery-warehouse.ts"
import { openDuckDb, quoteLiteral } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"

/**
 * Gives BigQuery the bronze tables of a shop on DuckDB, as Parquet in a bucket: the same rows under the same numbers, so that what is built
 * from them can be compared row for row.
 * @param buckets the folder whose subfolders stand for buckets
 * @param load names this state of the tables: the same name loads nothing a second time
 */
export async function copyBronze(
  path: string,
  warehouse: BigQueryWarehouse,
  buckets: string,
  load: string,
): Promise<void> {
  const folder = join(buckets, "bronze", load)
  mkdirSync(folder, { recursive: true })
  const from = await openDuckDb({ path, readOnly: true, threads: 1 })
  const session = await from.session()
  const tables = await session.rows<{ name: string; typed: string; columns: string }>(
    `select table_name as name,
      string_agg(column_name || ' ' || case data_type when 'VARCHAR' then 'string' when 'BOOLEAN' then 'bool' when 'TIMESTAMP' then 'timestamp' else 'int64' end, ', ' order by column_index) as typed,
      string_agg(case data_type when 'TIMESTAMP' then column_name || ' at time zone ''UTC'' as ' || column_name else column_name end, ', ' order by column_index) as columns
     from duckdb_columns() where database_name = current_database() and schema_name = 'bronze' and not internal group by 1`,
  )
  await warehouse.ensureDataset("bronze")
  const target = await warehouse.session()
  for (const { name, typed, columns } of tables) {
    // The emulator's load jobs do not make tables.
    await target.run(`create or replace table bronze.${name} (${typed})`)
    const file = join(folder, `${name}.parquet`)
    await session.run(
      `copy (select ${columns} from bronze.${name}) to ${quoteLiteral(file)} (format parquet)`,
    )
    await warehouse.load("bronze", `${load} ${name}`, {
      dataset: "bronze",
      table: name,
      source: { uris: [`gs://bronze/${load}/${name}.parquet`] },
      format: { type: "parquet" },
      into: "append",
    })
  }
  await from.close()
}
