import { randomBytes } from "node:crypto"
import { type FileHandle, link, mkdir, open, readdir, rm, stat } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { CartwrightError } from "../../core/errors.ts"
import { checkKey, type ObjectInfo, type Storage } from "../storage.ts"
import { environmentError, isMissing, isSystemError } from "./system-errors.ts"

/** What an interrupted write leaves behind begins so; it is no object. */
const UNFINISHED = ".unfinished-"

/** A store on this machine, which can be tidied up after a kill. */
export interface LocalStorage extends Storage {
  localPath(key: string): string
  /** Removes what interrupted writes left. Nobody may be writing. */
  removeUnfinished(): Promise<void>
}

/** A folder on this machine as a store. The folder is made with the first object. */
export function localStorage(folder: string): LocalStorage {
  const root = resolve(folder)
  const pathOf = (key: string) => join(root, checkKey(key))
  return {
    uri: root,
    localPath: pathOf,
    list: (prefix) => listFolder(root, prefix),
    stat: (key) => statFile(pathOf(key), key),
    removeUnfinished: () => removeUnfinished(root),
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
  await makeFolder(dirname(path))
  const unfinished = join(dirname(path), `${UNFINISHED}${randomBytes(6).toString("hex")}`)
  const file = await open(unfinished, "wx")
  try {
    try {
      await writeDurably(file, content instanceof Uint8Array ? [content] : content)
    } finally {
      await file.close()
    }
    await link(unfinished, path)
    await syncFolder(dirname(path))
    return true
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false
    throw error
  } finally {
    await rm(unfinished, { force: true })
  }
}

/** Makes a folder with those above it, so that it survives a loss of power: each is an entry of the one above. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r")
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function removeUnfinished(folder: string): Promise<void> {
  let entries
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (cause) {
    if (isMissing(cause)) return
    throw environmentError("listing", folder, cause)
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await removeUnfinished(path)
    else if (entry.name.startsWith(UNFINISHED)) await rm(path, { force: true })
  }
}

/** So much is on its way to the disk while the next bytes are read. */
const BYTES_PER_SYNC = 1 << 25

/** Returns when the disk has all of it. */
async function writeDurably(
  file: FileHandle,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  let writing: Promise<void> | undefined
  let sync: Promise<void> | undefined
  let unsynced = 0
  try {
    for await (const chunk of content) {
      await writing
      // The next bytes are made, and hashed, while these are written.
      writing = later(writeAll(file, chunk))
      unsynced += chunk.length
      if (unsynced < BYTES_PER_SYNC) continue
      await writing
      await sync
      sync = later(file.datasync())
      unsynced = 0
    }
  } finally {
    // The file is closed after this, whatever the content threw.
    await Promise.allSettled([writing, sync])
  }
  await writing
  await sync
  await file.datasync()
}

/** A promise whose failure is met when it is awaited, and until then does not count as unhandled. */
function later(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined)
  return promise
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0
  while (written < chunk.length) written += (await file.write(chunk, written)).bytesWritten
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
