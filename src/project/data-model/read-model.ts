import { existsSync } from "node:fs"
import { CartwrightError } from "../../core/errors.ts"
import { openDuckDb } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import { duckDbOf } from "../open-warehouse.ts"
import type { Shop } from "../shop.ts"
import { type BuiltTable, builtTables, publishedTypes } from "./built-tables.ts"
import { joined } from "./join.ts"
import { parsedManifest, type Reading } from "./manifest.ts"
import type { DataModel } from "./model.ts"

/**
 * Reads the data model of a shop that has been run: declarations from its dbt project, types from its warehouse and its
 * published files. Nothing is changed.
 * @throws CartwrightError `usage` where nothing was built yet, `locked` while a run writes the warehouse, `unsupported`
 *   for a project that the embedded runner cannot parse
 */
export async function readDataModel(shop: Shop, reading: Reading): Promise<DataModel> {
  const { path } = duckDbOf(shop, "`cartwright docs`")
  if (!existsSync(path)) {
    throw new CartwrightError("usage", "there is no data model yet: the shop has never been run", {
      place: path,
      next: "Build it with `cartwright run`.",
      state: "Nothing was written.",
    })
  }
  const declared = await parsedManifest(shop, "duckdb", reading)
  const forBigQuery = await parsedManifest(shop, "bigquery", reading)
  const { built, published } = await readWarehouse(path, shop.paths.published, reading)
  return joined({ bronze: shop.layers.bronze, declared, forBigQuery, built, published })
}

async function readWarehouse(
  path: string,
  published: string,
  { effects }: Reading,
): Promise<{ built: BuiltTable[]; published: Map<string, Map<string, string>> }> {
  const warehouse = await openDuckDb({ path, readOnly: true, signal: effects.signal })
  try {
    const session = await warehouse.session()
    return { built: await builtTables(session), published: await publishedTypes(session, published) }
  } finally {
    await warehouse.close()
  }
}
