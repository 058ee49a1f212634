import { randomBytes } from "node:crypto"
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { isMissing } from "./system-errors.ts"

/** What a killed process leaves of a file that it was writing: hidden, beside the file. */
const UNFINISHED = /^[.].+[.][0-9a-f]{8}[.]tmp$/

/**
 * Replaces a file at once: a reader, and whoever comes after a kill, finds the old content or the new one.
 * @param durable whether the content must survive a loss of power too, which costs a sync
 * @param mode who may read and write it
 */
export function replaceFile(path: string, content: string | Uint8Array, durable = false, mode = 0o666): void {
  const fresh = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`)
  try {
    writeFileSync(fresh, content, { flush: durable, mode })
    renameSync(fresh, path)
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  }
}

/** Writes a text file that is not there yet, whole or not at all. @returns false where one is there: it stays */
export function createFile(path: string, text: string): boolean {
  if (existsSync(path)) return false
  replaceFile(path, text, true)
  return true
}

/** Removes from a folder what killed processes left of the files that they wrote. Nobody may be writing there. */
export function removeUnfinished(folder: string): void {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    if (isMissing(error)) return
    throw error
  }
  for (const name of names) if (UNFINISHED.test(name)) rmSync(join(folder, name), { force: true })
}
