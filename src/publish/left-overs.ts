import { readdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { isMissing } from "../storage/local/system-errors.ts"
import {
  BUILDING,
  NEXT_POINTER,
  pointedVersion,
  publishedVersions,
  sequenceOf,
  UNPUBLISHED,
} from "./version.ts"

/**
 * Removes what killed publishings left: versions that were being written or removed, and those that were complete when
 * the pointer did not name them yet. Nobody may be publishing.
 */
export async function removeUnpublished(directory: string): Promise<void> {
  let entries: string[]
  try {
    entries = await readdir(directory)
  } catch (error) {
    if (isMissing(error)) return
    throw error
  }
  const current = await pointedVersion(directory)
  for (const entry of entries) {
    const path = join(directory, entry)
    if (entry.startsWith(BUILDING) || entry === NEXT_POINTER) await rm(path, { recursive: true, force: true })
    else if (sequenceOf(entry) > 0 && (await isThere(join(path, UNPUBLISHED)))) {
      if (entry === current) await rm(join(path, UNPUBLISHED))
      else await removeVersion(directory, entry)
    }
  }
}

/** Renamed first: a removal that is killed leaves no version that looks complete. */
export async function removeVersion(directory: string, version: string): Promise<void> {
  const doomed = join(directory, `${BUILDING}${version}`)
  try {
    await rename(join(directory, version), doomed)
  } catch (error) {
    if (isMissing(error)) return
    throw error
  }
  await rm(doomed, { recursive: true, force: true })
}

/** Removes all versions but the newest `keep`, of which the current one is one. */
export async function removeOld(directory: string, current: string, keep: number): Promise<void> {
  const others = (await publishedVersions(directory)).filter((version) => version !== current)
  const excess = others.slice(0, Math.max(0, others.length - Math.max(0, keep - 1)))
  for (const version of excess) await removeVersion(directory, version)
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
