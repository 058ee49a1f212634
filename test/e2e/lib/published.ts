import { readdirSync, readFileSync } from "node:fs"
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

/** What every published table holds, but for the columns that tell of runs. */
export async function publishedContents(shop: string): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {}
  for (const entry of readdirSync(join(shop, "published", currentVersion(shop)), { withFileTypes: true }))
    if (entry.isDirectory())
      contents[entry.name] = await askPublished(
        shop,
        `select count(*)::int as n, sum(hash(columns(c -> c not like '\\_%' escape '\\' and c not like '%\\_at' escape '\\')))::varchar from $${entry.name}`,
      )
  return contents
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
