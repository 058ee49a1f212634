import { existsSync } from "node:fs"
import { CartwrightError } from "../../core/errors.ts"
import { openDuckDb } from "../../warehouse/duckdb/duckdb-warehouse.ts"
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
  if (!existsSync(shop.paths.warehouse)) {
    throw new CartwrightError("usage", "there is no data model yet: the shop has never been run", {
      place: shop.paths.warehouse,
      next: "Build it with `cartwright run`.",
      state: "Nothing was written.",
    })
  }
  const declared = await parsedManifest(shop, "duckdb", reading)
  const forBigQuery = await parsedManifest(shop, "bigquery", reading)
  const { built, published } = await readWarehouse(shop, reading)
  return joined({ bronze: shop.layers.bronze, declared, forBigQuery, built, published })
}

async function readWarehouse(
  shop: Shop,
  { effects }: Reading,
): Promise<{ built: BuiltTable[]; published: Map<string, Map<string, string>> }> {
  const { warehouse: path, published: directory } = shop.paths
  const warehouse = await openDuckDb({ path, readOnly: true, signal: effects.signal })
  try {
    const session = await warehouse.session()
    return { built: await builtTables(session), published: await publishedTypes(session, directory) }
  } finally {
    await warehouse.close()
  }
}
