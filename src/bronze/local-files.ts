import { join } from "node:path"
import { describeParquet } from "../connectors/files/engine-look.ts"
import type { ManifestFile } from "../lake/manifest.ts"
import { decompress } from "../storage/codec/decompress.ts"
import { toUtf8 } from "../storage/codec/decode.ts"
import { copyTo, withTemporaryCopy } from "../storage/local/temporary-copy.ts"
import type { Storage } from "../storage/storage.ts"

/**
 * A path at which the engine can read a lake object as it is, or a copy in UTF-8 where the object is in another
 * encoding or is on no local disk.
 * @param folder where copies go; the caller removes it
 */
export async function localFile(
  storage: Storage,
  file: ManifestFile,
  folder: string,
): Promise<{ path: string; file: ManifestFile }> {
  if (file.encoding === "utf-8" && storage.localPath !== undefined)
    return { path: storage.localPath(file.key), file }
  const path = join(folder, `${file.sha256}-utf8`)
  if (file.encoding === "utf-8") {
    await copyTo(path, storage.read(file.key))
    return { path, file }
  }
  await copyTo(path, toUtf8(decompress(storage.read(file.key), file.compression), file.encoding))
  return { path, file: { ...file, encoding: "utf-8", compression: "none" } }
}

/** The decompressed text of a lake object, in UTF-8 where its encoding is another. */
export function textOf(storage: Storage, file: ManifestFile): AsyncIterable<Uint8Array> {
  const bytes = decompress(storage.read(file.key), file.compression)
  return file.encoding === "utf-8" ? bytes : toUtf8(bytes, file.encoding)
}

/** How many records a Parquet object of the lake holds. */
export async function parquetRows(storage: Storage, { key }: ManifestFile): Promise<number> {
  const path = storage.localPath?.(key)
  const { rows } =
    path === undefined
      ? await withTemporaryCopy(storage.read(key), (copy) => describeParquet(copy))
      : await describeParquet(path)
  return Number(rows)
}
