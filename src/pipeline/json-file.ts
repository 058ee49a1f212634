import { readFileSync } from "node:fs"
import { replaceFile } from "../storage/local/whole-file.ts"

/** The content of a JSON file; undefined where there is none or a kill left it unreadable. */
export function readJsonFile(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined
    throw error
  }
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Replaces a JSON file at once: a reader sees the old content or the new one. */
export function replaceJsonFile(path: string, content: unknown): void {
  replaceFile(path, `${JSON.stringify(content, null, 2)}\n`)
}
