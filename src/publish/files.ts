import { copyFile, link, mkdir, open, readdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { CartwrightError, messageOf } from "../core/errors.ts"
import { environmentError } from "../storage/local/system-errors.ts"

/** The Parquet files of a folder below `root`, on disk for good, with their paths relative to `root`. */
export async function syncedFiles(root: string, place: string): Promise<{ path: string; bytes: number }[]> {
  const folder = join(root, place)
  const files: { path: string; bytes: number }[] = []
  for (const name of (await readdir(folder)).filter((entry) => entry.endsWith(".parquet")).sort()) {
    const handle = await open(join(folder, name), "r+")
    try {
      await handle.sync()
      files.push({ path: join(place, name), bytes: (await handle.stat()).size })
    } finally {
      await handle.close()
    }
  }
  await syncFolder(folder)
  return files
}

/** A hard link where the file system has them, else a copy, which costs space and nothing else. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  try {
    await link(from, to)
  } catch {
    await copyFile(from, to)
  }
}

/** Writes a small file so that it survives a loss of power. */
export async function writeDurably(path: string, content: string): Promise<void> {
  await writeFile(path, content, { flush: true })
}

/** Makes the names in a folder survive a loss of power. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** What a person can do about a failed publishing; `state` says which version stays up. */
export function publishError(error: unknown, directory: string, state: string): CartwrightError {
  if (error instanceof CartwrightError) return error
  const cause = withCode(error)
  if (typeof cause.code !== "string") {
    return new CartwrightError("publish", `publishing: ${messageOf(error)}`, {
      place: directory,
      next: "Mend what the message names and run `cartwright publish`.",
      state,
      cause: error,
    })
  }
  const { message, next } = environmentError("writing", directory, cause)
  return new CartwrightError("environment", message, { place: directory, next, state, cause: error })
}

/** DuckDB tells a full disk or a missing permission in words, not by code. */
function withCode(error: unknown): Error & { code?: string } {
  const known = error as Error & { code?: string }
  if (typeof known.code === "string") return known
  const message = messageOf(error)
  if (/No space left on device|Disk quota exceeded|File too large/i.test(message))
    return Object.assign(new Error(message), { code: "ENOSPC" })
  if (/Permission denied|Read-only file system/i.test(message))
    return Object.assign(new Error(message), { code: "EACCES" })
  return error instanceof Error ? error : new Error(message)
}
