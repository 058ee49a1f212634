import { readFile, readdir, rename } from "node:fs/promises"
import { join } from "node:path"
import { CartwrightError } from "../core/errors.ts"
import { isMissing } from "../storage/local/system-errors.ts"
import { syncFolder, writeDurably } from "./files.ts"

/** What one published version holds; `_version.json` in its folder. */
export interface PublishedVersion {
  format: 1
  /** The folder's name: `<sequence>-<UTC time>`; names sort in the order of publishing. */
  version: string
  sequence: number
  createdAt: string
  runId: string
  /** The engine that computed the fingerprints; they compare only within one. */
  engine: string
  tables: Record<string, PublishedTable>
}

export interface PublishedTable {
  schema: string
  rows: number
  bytes: number
  columns: { name: string; type: string }[]
  /** By partition: `2026-01`, `undated`, or `""` for a table in one piece. */
  partitions: Record<string, PublishedPartition>
}

export interface PublishedPartition {
  rows: number
  /**
   * Sum of the rows' hashes: equal content gives an equal fingerprint, in whatever order the rows are. Absent where the
   * signature was believed.
   */
  fingerprint?: string | undefined
  /** Equal where no row was written or removed since, by the warehouse's own count; absent where it keeps none. */
  signature?: string | undefined
  files: { path: string; bytes: number }[]
  /** The version that wrote these files, where they were linked from an earlier one. */
  writtenBy: string
}

const POINTER = "current"
/** The pointer while it is being written. */
export const NEXT_POINTER = ".current-next"
const DESCRIPTION = "_version.json"
/** A version that is being written or removed; nobody reads it, and the next publishing removes what a killed one left. */
export const BUILDING = ".building-"
/** Lies in the folder of a complete version until the pointer has named it. */
export const UNPUBLISHED = "_unpublished"

/** The version that readers see now: what `published/current` names. */
export async function currentVersion(directory: string): Promise<PublishedVersion | undefined> {
  const name = await pointedVersion(directory)
  return name === undefined ? undefined : readVersion(directory, name)
}

/** The name in `published/current`. */
export async function pointedVersion(directory: string): Promise<string | undefined> {
  try {
    return (await readFile(join(directory, POINTER), "utf8")).trim()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Makes a complete version the one that readers see, at once. */
export async function pointTo(directory: string, version: string): Promise<void> {
  const next = join(directory, NEXT_POINTER)
  await writeDurably(next, `${version}\n`)
  await rename(next, join(directory, POINTER))
  await syncFolder(directory)
}

/** All complete versions, oldest first. */
export async function publishedVersions(directory: string): Promise<string[]> {
  let entries: string[]
  try {
    entries = await readdir(directory)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
  return entries.filter((entry) => sequenceOf(entry) > 0).sort((a, b) => sequenceOf(a) - sequenceOf(b))
}

/** The sequence number in a version's name; 0 for a name that is none. */
export function sequenceOf(name: string): number {
  return Number(/^(\d+)-\d{8}T\d{6}Z$/.exec(name)?.[1] ?? 0)
}

/** The name of the version after `sequence - 1`, e.g. `0007-20261121T081500Z`. */
export function versionName(sequence: number, now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]|[.]\d{3}/g, "")
  return `${String(sequence).padStart(4, "0")}-${time}`
}

async function readVersion(directory: string, name: string): Promise<PublishedVersion> {
  const path = join(directory, name, DESCRIPTION)
  let description: PublishedVersion
  try {
    description = JSON.parse(await readFile(path, "utf8")) as PublishedVersion
  } catch (cause) {
    throw new CartwrightError("publish", `reading the published version ${name}`, {
      place: path,
      next: `Write the name of a complete version into ${join(directory, POINTER)}, or remove that file and run \`cartwright publish\`.`,
      state: "The warehouse is unchanged.",
      cause,
    })
  }
  if (description.format !== 1) {
    throw new CartwrightError("publish", "the published version was written by a newer Cartwright", {
      place: path,
      next: "Use that newer version, or publish into another folder.",
      state: "Nothing was changed.",
    })
  }
  return description
}

export { DESCRIPTION, POINTER }
