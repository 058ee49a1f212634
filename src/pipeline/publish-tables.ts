import { openBucket } from "../project/open-storage.ts"
import { openShopBigQuery, openWarehouse } from "../project/open-warehouse.ts"
import type { PublishOutcome } from "../publish/publish.ts"
import type { Warehouse } from "../warehouse/warehouse.ts"
import type { Ledger } from "./ledger.ts"
import type { RunContext } from "./run-context.ts"

/**
 * Gives readers what the last transformation built: as Parquet files in a folder, or as views in BigQuery.
 * @param asLeft whether nobody but us wrote the warehouse since
 */
export async function publishTables(
  context: RunContext,
  { publishable: tables, at }: NonNullable<Ledger["transformed"]>,
  asLeft: boolean,
): Promise<PublishOutcome> {
  const { shop, runId, effects } = context
  const { keep, dataset, export: exportTo } = shop.config.publish
  if (shop.warehouse.type === "bigquery") {
    const { publishViews } = await import("../publish/bigquery/publish-views.ts")
    const warehouse = await openShopBigQuery(shop, shop.warehouse, context)
    try {
      return await publishViews({
        warehouse,
        tables,
        builtAt: new Date(at),
        dataset,
        metaDataset: shop.layers.meta,
        exportTo: exportTo === undefined ? undefined : await openBucket(exportTo, shop),
        runId,
        keep,
        effects,
      })
    } finally {
      await warehouse.close()
    }
  }
  const { publish } = await import("../publish/publish.ts")
  const warehouse = await openWarehouse(shop, context)
  try {
    // A warehouse that somebody changed by hand is compared row by row.
    const cuts = { schema: shop.layers.meta, believed: asLeft }
    return await mergingLog(warehouse, () =>
      publish({ warehouse, tables, cuts, directory: shop.paths.published, runId, keep, effects }),
    )
  } finally {
    await warehouse.close()
  }
}

/**
 * Does work that only reads, while what was committed goes from the log beside the warehouse's file into the file. Where that
 * fails, closing the warehouse tries it again, and the next run after that.
 */
async function mergingLog<T>(warehouse: Warehouse, work: () => Promise<T>): Promise<T> {
  const session = await warehouse.session()
  const merged = session.run("checkpoint").catch(() => undefined)
  try {
    return await work()
  } finally {
    await merged
    session.close()
  }
}
