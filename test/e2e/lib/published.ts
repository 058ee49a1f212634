import { readFileSync } from "node:fs"
import { join } from "node:path"
import { openDuckDb } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"
import type { Row } from "../../../src/warehouse/warehouse.ts"

/** The version that readers see. */
export function currentVersion(shop: string): string {
  return readFileSync(join(shop, "published", "current"), "utf8").trim()
}

/** Asks the published version, as any tool that reads Parquet would; `$fact_sales` stands for that table. */
export async function askPublished(shop: string, sql: string): Promise<Row[]> {
  const version = join(shop, "published", currentVersion(shop))
  return ask(
    ":memory:",
    sql.replaceAll(/\$(\w+)/g, (_, table: string) => `read_parquet('${version}/${table}/**/*.parquet')`),
  )
}

/** Asks the warehouse of a shop in which nothing runs. */
export async function askWarehouse(shop: string, sql: string): Promise<Row[]> {
  return ask(join(shop, "warehouse.duckdb"), sql)
}

async function ask(path: string, sql: string): Promise<Row[]> {
  const warehouse = await openDuckDb(path === ":memory:" ? { path } : { path, readOnly: true })
  try {
    const session = await warehouse.session()
    return await session.rows(sql)
  } finally {
    await warehouse.close()
  }
}
