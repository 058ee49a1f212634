import { randomBytes } from "node:crypto"
import { type FileHandle, link, mkdir, open, readdir, rm, stat } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { CartwrightError } from "../../core/errors.ts"
import { checkKey, type ObjectInfo, type Storage } from "../storage.ts"
import { environmentError, isMissing, isSystemError } from "./system-errors.ts"

/** What an interrupted write leaves behind begins so; it is no object. */
const UNFINISHED = ".unfinished-"

/** A folder on this machine as a store. The folder is made with the first object. */
export function localStorage(folder: string): Storage {
  const root = resolve(folder)
  const pathOf = (key: string) => join(root, checkKey(key))
  return {
    uri: root,
    localPath: pathOf,
    list: (prefix) => listFolder(root, prefix),
    stat: (key) => statFile(pathOf(key), key),
    async *read(key) {
      const file = await open(pathOf(key)).catch((cause: unknown) => {
        throw isMissing(cause)
          ? new CartwrightError("lake", "there is no such object", { place: pathOf(key), cause })
          : environmentError("reading", pathOf(key), cause)
      })
      yield* file.createReadStream({ highWaterMark: 1 << 20 })
    },
    async writeIfAbsent(key, content) {
      const path = pathOf(key)
      try {
        return await writeNew(path, content)
      } catch (cause) {
        // What the content threw is passed on as it is.
        if (!isSystemError(cause)) throw cause
        throw environmentError("writing", path, cause)
      }
    },
  }
}

/** Writes beside the final name and links it there, so that a reader sees the whole file or none. */
async function writeNew(path: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true })
  const unfinished = join(dirname(path), `${UNFINISHED}${randomBytes(6).toString("hex")}`)
  const file = await open(unfinished, "wx")
  try {
    try {
      await writeDurably(file, content instanceof Uint8Array ? [content] : content)
    } finally {
      await file.close()
    }
    await link(unfinished, path)
    return true
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false
    throw error
  } finally {
    await rm(unfinished, { force: true })
  }
}

/** So much is on its way to the disk while the next bytes are read. */
const BYTES_PER_SYNC = 1 << 25

/** Returns when the disk has all of it. */
async function writeDurably(
  file: FileHandle,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  let sync: Promise<void> | undefined
  let unsynced = 0
  try {
    for await (const chunk of content) {
      let written = 0
      while (written < chunk.length) written += (await file.write(chunk, written)).bytesWritten
      unsynced += chunk.length
      if (unsynced < BYTES_PER_SYNC) continue
      await sync
      sync = file.datasync()
      // Its failure is met at the next await; until then it must not count as unhandled.
      sync.catch(() => undefined)
      unsynced = 0
    }
  } finally {
    await sync
  }
  await file.datasync()
}

async function statFile(path: string, key: string): Promise<ObjectInfo | undefined> {
  try {
    const found = await stat(path)
    if (!found.isFile()) return undefined
    return { key, size: found.size, version: `${found.size}-${found.mtimeMs}`, modified: found.mtime }
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw environmentError("looking at", path, cause)
  }
}

/** Depth first, names in code-point order: the order of the keys where no name contains a character below `/`. */
async function* listFolder(root: string, prefix: string): AsyncIterable<ObjectInfo> {
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1)
  for await (const key of walk(root, folder)) {
    if (!key.startsWith(prefix)) continue
    const info = await statFile(join(root, key), key)
    if (info !== undefined) yield info
  }
}

async function* walk(root: string, folder: string): AsyncIterable<string> {
  let entries
  try {
    entries = await readdir(join(root, folder), { withFileTypes: true })
  } catch (cause) {
    if (isMissing(cause)) return
    throw environmentError("listing", join(root, folder), cause)
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    if (entry.name.startsWith(UNFINISHED)) continue
    const key = `${folder}${entry.name}`
    if (entry.isDirectory()) yield* walk(root, `${key}/`)
    else yield key
  }
}
