import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { fnmatch } from "../graph/glob.ts"

/** A file of a project, with its text. */
export interface SourceFile {
  /** The resource folder, relative to the project: `models`. */
  base: string
  /** Relative to the resource folder. */
  path: string
  /** Relative to the project. */
  originalPath: string
  absolute: string
}

/** What `.dbtignore` leaves out: gitignore-like patterns, relative to the project. */
export type Ignore = (originalPath: string) => boolean

export function readIgnore(root: string): Ignore {
  const file = join(root, ".dbtignore")
  if (!existsSync(file)) return () => false
  const patterns = readFileSync(file, "utf8")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.replace(/^\//, "").replace(/\/$/, ""))
  return (path) => {
    const parts = path.split("/")
    return patterns.some((pattern) =>
      pattern.includes("/")
        ? parts.some((_, i) => fnmatch(parts.slice(0, i + 1).join("/"), pattern.replaceAll("**", "*")))
        : parts.some((part) => fnmatch(part, pattern)),
    )
  }
}

/**
 * All files below some folders of a project whose names end in one of the endings, in a stable order.
 * @param bases folders relative to the project; missing ones are skipped
 */
export function listFiles(
  root: string,
  bases: readonly string[],
  endings: readonly string[],
  ignore: Ignore,
): SourceFile[] {
  const files: SourceFile[] = []
  for (const base of bases) {
    const folder = base === "." ? root : join(root, base)
    if (existsSync(folder)) walk(folder, "", base, endings, ignore, files)
  }
  return files
}

function walk(
  folder: string,
  prefix: string,
  base: string,
  endings: readonly string[],
  ignore: Ignore,
  files: SourceFile[],
): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`
    const originalPath = base === "." ? path : `${base.replace(/^\.\//, "").replace(/\/$/, "")}/${path}`
    if (ignore(originalPath)) continue
    const absolute = join(folder, entry.name)
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && statSync(absolute).isDirectory())
    if (isFolder) walk(absolute, path, base, endings, ignore, files)
    else if (/^[^.#~]/.test(entry.name) && endings.some((ending) => entry.name.endsWith(ending))) {
      files.push({ base, path, originalPath, absolute })
    }
  }
}

/** A file's text as it is: line ends are unified where it is rendered. */
export function readText(absolute: string): string {
  return readFileSync(absolute, "utf8")
}
