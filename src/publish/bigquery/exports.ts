import { CartwrightError } from "../../core/errors.ts"
import type { BucketStorage } from "../../storage/gcs/gcs-storage.ts"
import type { Storage } from "../../storage/storage.ts"
import { sequenceOf } from "../version.ts"

/** A version in a bucket: `versions/<version>.json`, written once all its files, `<version>/<table>/*.parquet`, are there and published. */
export interface ExportedVersion {
  format: 1
  version: string
  createdAt: string
  runId: string
  tables: Record<string, ExportedTable>
}

export interface ExportedTable {
  /** The dataset that it was built in. */
  schema: string
  /** What its rows are a copy of: equal where they are the same as in another version. */
  clone: string
}

const DESCRIPTIONS = "versions/"
const descriptionKey = (version: string) => `${DESCRIPTIONS}${version}.json`

/** The names of the versions that are there, newest first. */
async function exportedVersions(store: Pick<Storage, "list">): Promise<string[]> {
  const names: string[] = []
  for await (const { key } of store.list(DESCRIPTIONS)) {
    const name = key.slice(DESCRIPTIONS.length).replace(/\.json$/, "")
    if (sequenceOf(name) > 0) names.push(name)
  }
  return names.sort((a, b) => sequenceOf(b) - sequenceOf(a))
}

export async function isExported(store: Pick<Storage, "stat">, version: string): Promise<boolean> {
  return (await store.stat(descriptionKey(version))) !== undefined
}

/**
 * Makes a version the newest of the bucket, and removes what is older than the last `keep`. One with a higher number is of a count
 * that somebody has begun anew: it goes too.
 */
export async function describeExport(
  store: BucketStorage,
  description: ExportedVersion,
  keep: number,
): Promise<void> {
  const { version } = description
  const others = (await exportedVersions(store)).filter((name) => name !== version)
  const older = others.filter((name) => sequenceOf(name) < sequenceOf(version)).slice(0, keep - 1)
  await store.writeIfAbsent(descriptionKey(version), Buffer.from(`${JSON.stringify(description, null, 2)}\n`))
  for (const gone of others.filter((name) => !older.includes(name))) {
    // First what says that it is there.
    await store.remove(descriptionKey(gone))
    for await (const { key } of store.list(`${gone}/`)) await store.remove(key)
  }
}

/** The version that readers of the bucket see; undefined where there is none. */
export async function newestExport(
  store: Pick<Storage, "uri" | "list" | "read">,
): Promise<ExportedVersion | undefined> {
  const [newest] = await exportedVersions(store)
  if (newest === undefined) return undefined
  const chunks: Uint8Array[] = []
  for await (const chunk of store.read(descriptionKey(newest))) chunks.push(chunk)
  const description = JSON.parse(Buffer.concat(chunks).toString("utf8")) as ExportedVersion
  if (description.format === 1) return description
  throw new CartwrightError("publish", "the exported version was written by a newer Cartwright", {
    place: `${store.uri}/${descriptionKey(newest)}`,
    next: "Use that newer version.",
    state: "Nothing was changed.",
  })
}
