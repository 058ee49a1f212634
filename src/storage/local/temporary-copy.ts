import { createWriteStream } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { environmentError, isSystemError } from "./system-errors.ts"

/** Hands out the path of a copy of some bytes, in the system's folder for temporary files; the copy goes with it. */
export async function withTemporaryCopy<T>(
  bytes: AsyncIterable<Uint8Array>,
  look: (path: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "cartwright-copy-"))
  try {
    const path = join(folder, "object")
    await copyTo(path, bytes)
    return await look(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Writes bytes to a new file. What the bytes throw is passed on as it is. */
export async function copyTo(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const out = createWriteStream(path)
  try {
    await pipeline(Readable.from(bytes, { objectMode: false, highWaterMark: 1 << 20 }), out)
  } catch (cause) {
    throw isSystemError(cause) ? environmentError("writing", path, cause) : cause
  }
}
