import { createWriteStream } from "node:fs"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { ManifestFile } from "../lake/manifest.ts"
import { decompress } from "../storage/codec/decompress.ts"
import { toUtf8 } from "../storage/codec/decode.ts"
import { environmentError, isSystemError } from "../storage/local/system-errors.ts"
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
    await copy(storage.read(file.key), path)
    return { path, file }
  }
  await copy(toUtf8(decompress(storage.read(file.key), file.compression), file.encoding), path)
  return { path, file: { ...file, encoding: "utf-8", compression: "none" } }
}

/** The decompressed text of a lake object, in UTF-8 where its encoding is another. */
export function textOf(storage: Storage, file: ManifestFile): AsyncIterable<Uint8Array> {
  const bytes = decompress(storage.read(file.key), file.compression)
  return file.encoding === "utf-8" ? bytes : toUtf8(bytes, file.encoding)
}

async function copy(bytes: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const out = createWriteStream(path)
  try {
    await pipeline(Readable.from(bytes, { objectMode: false, highWaterMark: 1 << 20 }), out)
  } catch (cause) {
    throw isSystemError(cause) ? environmentError("writing", path, cause) : cause
  }
}
