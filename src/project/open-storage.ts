import { join } from "node:path"
import type { Lake } from "../lake/lake.ts"
import { isBucketUri } from "../storage/bucket-uri.ts"
import { localStorage } from "../storage/local/local-storage.ts"
import { remembered } from "../storage/remembered.ts"
import type { BucketStorage } from "../storage/gcs/gcs-storage.ts"
import type { Storage } from "../storage/storage.ts"
import type { Shop } from "./shop.ts"

/**
 * Opens a store by its address: a folder's absolute path, or `gs://bucket/prefix`. Google's client is loaded for a bucket only.
 * @param shop whose credentials for Google Cloud are used; without it, or them, Application Default Credentials
 * @param environment STORAGE_EMULATOR_HOST names a server that stands in for Google Cloud Storage
 */
export async function openStorage(
  address: string,
  shop: Shop | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Storage> {
  return isBucketUri(address) ? openBucket(address, shop, environment) : localStorage(address)
}

/** As {@link openStorage}, of `gs://bucket/prefix`. */
export async function openBucket(
  uri: string,
  shop: Shop | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<BucketStorage> {
  const { gcsStorage } = await import("../storage/gcs/gcs-storage.ts")
  return gcsStorage({
    uri,
    endpoint: environment["STORAGE_EMULATOR_HOST"] || undefined,
    keyFile: shop === undefined ? undefined : keyFileOf(shop),
  })
}

/**
 * A place for what lies in the bucket of the lake for a while: below the lake's address, so that location and rights fit, and no part
 * of the lake, of which nothing is ever removed. Undefined where the lake is on disk.
 */
export async function openWorkArea(
  shop: Shop,
  environment?: Readonly<Record<string, string | undefined>>,
): Promise<BucketStorage | undefined> {
  const { lake } = shop.paths
  return isBucketUri(lake) ? openBucket(`${lake}/staged`, shop, environment) : undefined
}

/** The shop's own credentials for Google Cloud, of its warehouse and its buckets. */
export function keyFileOf({ warehouse }: Shop): string | undefined {
  return warehouse.type === "bigquery" ? warehouse.credentials : undefined
}

/** Opens the shop's lake. Of one in a bucket, what was read of its records is kept in `runs/lake-records/`. */
export async function openShopLake(shop: Shop): Promise<Lake> {
  const { paths } = shop
  const { openLake } = await import("../lake/lake.ts")
  const storage = await openStorage(paths.lake, shop)
  return openLake(
    isBucketUri(paths.lake)
      ? remembered(storage, join(paths.runs, "lake-records"), (key) => key.endsWith(".json"))
      : storage,
  )
}
