import { mkdirSync } from "node:fs"
import { dirname } from "node:path"
import { replaceFile } from "../../storage/local/whole-file.ts"

/** Writes a file so that a reader sees the old text or the new one, never a part. */
export function writeAtomically(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  replaceFile(path, text)
}
