import { CartwrightError } from "../core/errors.ts"
import type { Effects } from "../core/effects.ts"
import { openBucket } from "../project/open-storage.ts"
import type { Shop } from "../project/shop.ts"

/**
 * Sees to it that the shop's folder `published/` has what is published: where that is in BigQuery, its newest version comes from the
 * bucket to which it is exported.
 * @throws CartwrightError `unsupported` where it is exported nowhere
 */
export async function bringPublished(shop: Shop, { now }: Pick<Effects, "now">): Promise<void> {
  const { keep, export: exportTo } = shop.config.publish
  if (shop.warehouse.type !== "bigquery") return
  if (exportTo === undefined) {
    const { line, column } = shop.placeOf(["warehouse", "type"])
    throw new CartwrightError(
      "unsupported",
      "questions are answered from Parquet, and this shop publishes in BigQuery only",
      {
        place: `${shop.configFile}:${line}:${column}`,
        next: "State publish.export: gs://<bucket>/published in cartwright.yaml, then `cartwright publish`.",
        state: "Nothing was asked.",
      },
    )
  }
  const { bringVersion } = await import("../publish/bring-version.ts")
  await bringVersion(await openBucket(exportTo, shop), shop.paths.published, { keep, now: now() })
}
