import { existsSync } from "node:fs"
import { join } from "node:path"

/** A folder of this name among a source's files says that they are being written, or that writing them was broken off. */
export const UNFINISHED = ".generating"

export function isUnfinished(folder: string): boolean {
  return existsSync(join(folder, UNFINISHED))
}
