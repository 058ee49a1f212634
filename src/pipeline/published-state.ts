import { readFileSync } from "node:fs"
import { join } from "node:path"
import { readLedger } from "./ledger.ts"
import type { Shop } from "../project/shop.ts"

/** The version that readers see; undefined before the first publication. In BigQuery, the one that was published from here. */
export function publishedVersionName(shop: Shop): string | undefined {
  if (shop.warehouse.type === "bigquery") return readLedger(shop.paths.runs).published?.version
  try {
    return readFileSync(join(shop.paths.published, "current"), "utf8").trim() || undefined
  } catch {
    return undefined
  }
}

/** What readers see, as a sentence for the end of an error. */
export function publishedState(shop: Shop): string {
  const version = publishedVersionName(shop)
  return version === undefined ? "No version is published yet." : `Version ${version} stays published.`
}
