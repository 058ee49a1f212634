import { access, mkdir, readdir, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { UNFINISHED } from "../../connectors/files/unfinished.ts"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import { TABLE_NAMES } from "./tables.ts"

/** Names that a generation writes: a table, perhaps a number, a format. */
const OURS = new RegExp(`^(${TABLE_NAMES.join("|")})(_\\d{4,})?\\.(csv|csv\\.gz|parquet|ndjson)$`)

/** The hidden folder with the truth about a generation; it also tells that the files beside it were generated. */
export const TRUTH = ".truth"

/**
 * Makes room for a generation: removes what an earlier one wrote, finished or not; its hidden folders tell. From then on
 * the folder counts as unfinished until {@link settle} ends.
 * @returns where the generation puts its files until they are complete
 * @throws CartwrightError `usage` when files of these names are there that no generation wrote
 */
export async function clearFolder(dir: string): Promise<string> {
  const found = await tableFiles(dir)
  const truth = join(dir, TRUTH)
  const unfinished = join(dir, UNFINISHED)
  if (found.length > 0 && !(await isThere(truth)) && !(await isThere(unfinished))) {
    throw new CartwrightError("usage", "the folder holds files that were not generated", {
      place: found[0],
      next: "Name a new or empty folder with --dir.",
      state: "Nothing was written.",
    })
  }
  await mkdir(unfinished, { recursive: true })
  for (const file of found) await rm(file, { force: true })
  await rm(truth, { recursive: true, force: true })
  const staging = join(unfinished, "files")
  await rm(staging, { recursive: true, force: true })
  await mkdir(join(staging, TRUTH), { recursive: true })
  return staging
}

/** Moves the files of a generation, now complete, to where they belong. */
export async function settle(staging: string, dir: string): Promise<void> {
  const entries = await readdir(staging, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter((each) => each.isFile())) {
    const from = join(entry.parentPath, entry.name)
    const to = join(dir, from.slice(staging.length))
    await mkdir(dirname(to), { recursive: true })
    await rename(from, to)
  }
  await rm(join(dir, UNFINISHED), { recursive: true, force: true })
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function tableFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  const files: string[] = []
  for (const entry of entries) {
    const path = join(dir, entry.name)
    if (entry.isFile() && OURS.test(entry.name)) files.push(path)
    if (entry.isDirectory() && /^date=\d{8}$/.test(entry.name)) files.push(...(await tableFiles(path)))
  }
  return files
}

export const NOTHING_THERE = "The folder holds no generated files."

/** An error of the disk or of memory as one that a person can act on; any other as it is. */
export function explained(error: unknown, dir: string): unknown {
  if (error instanceof CartwrightError) return error
  const message = messageOf(error)
  const details = { place: dir, state: NOTHING_THERE, cause: error }
  if (/out of memory/i.test(message)) {
    return new CartwrightError("environment", `generating the shop: ${message.split("\n")[0]}`, {
      ...details,
      next: "Generate a smaller shop, with fewer threads or with a higher memory limit.",
    })
  }
  if (!/no space left|ENOSPC|EACCES|EROFS|EPERM|ENOTDIR|permission denied|cannot open file/i.test(message)) {
    return error
  }
  return new CartwrightError("environment", `writing the generated shop: ${message.split("\n")[0]}`, {
    ...details,
    next: "Make room, or choose a folder that can be written, and generate again.",
  })
}
