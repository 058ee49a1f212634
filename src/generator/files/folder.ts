import { access, readdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import { TABLE_NAMES } from "./tables.ts"

/** Names that a generation writes: a table, perhaps a number, a format. */
const OURS = new RegExp(`^(${TABLE_NAMES.join("|")})(_\\d{4,})?\\.(csv|csv\\.gz|parquet|ndjson)$`)

/**
 * Makes room for a generation: removes what an earlier one wrote, finished or not; its hidden folder `.truth` tells.
 * @throws CartwrightError `usage` when files of these names are there that no generation wrote
 */
export async function clearFolder(dir: string): Promise<void> {
  const found = await tableFiles(dir)
  const truth = join(dir, ".truth")
  const ours = await access(truth).then(
    () => true,
    () => false,
  )
  if (!ours && found.length > 0) {
    throw new CartwrightError("usage", "the folder holds files that were not generated", {
      place: found[0],
      next: "Name a new or empty folder with --dir.",
      state: "Nothing was written.",
    })
  }
  for (const file of found) await rm(file, { force: true })
  await rm(truth, { recursive: true, force: true })
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

/** An error of the disk or of memory as one that a person can act on; any other as it is. */
export function explained(error: unknown, dir: string): unknown {
  if (error instanceof CartwrightError) return error
  const message = messageOf(error)
  const details = { place: dir, state: "The files in the folder are incomplete.", cause: error }
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
