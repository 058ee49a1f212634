import { createHash } from "node:crypto"
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { CartwrightError } from "../../core/errors.ts"

/** The shop's copy of the dbt package, below its dbt project. */
export const PACKAGE_PATH = join("packages", "cartwright")
const STAMP = ".cartwright.json"

interface Stamp {
  version: string
  /** sha256 by path: tells what was edited since. */
  files: Record<string, string>
}

export type PackageState = "current" | "older" | "missing"

/** How the shop's copy compares with the installed package. */
export function packageState(dbtProject: string, analytics: string, version: string): PackageState {
  const stamp = readStamp(join(dbtProject, PACKAGE_PATH))
  if (stamp === undefined) return "missing"
  return stamp.version === version && sameFiles(stamp.files, filesOf(analytics)) ? "current" : "older"
}

/**
 * Copies the installed package into the shop, in the place of an older copy, and stamps it with its version.
 * @throws CartwrightError `usage` where the copy was edited: those edits would be lost
 */
export function vendorPackage(dbtProject: string, analytics: string, version: string): void {
  const folder = join(dbtProject, PACKAGE_PATH)
  const edited = editedFiles(folder)
  if (edited.length > 0) {
    throw new CartwrightError("usage", `${edited.length} files of the dbt package were edited in this shop`, {
      place: folder,
      choices: edited,
      next: "Move the edits to models/ of the shop's dbt project (a model of the same name needs another name), delete the folder, and run the command again.",
      state: "Nothing was changed.",
    })
  }
  const fresh = `${folder}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  const files = filesOf(analytics)
  for (const path of Object.keys(files)) cpSync(join(analytics, path), join(fresh, path))
  writeFileSync(join(fresh, STAMP), `${JSON.stringify({ version, files } satisfies Stamp, null, 2)}\n`)
  const old = `${folder}.old`
  rmSync(old, { recursive: true, force: true })
  // Two renames, so that a kill leaves one whole package or the other, or for a moment none.
  if (existsSync(folder)) renameSync(folder, old)
  renameSync(fresh, folder)
  rmSync(old, { recursive: true, force: true })
}

function editedFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const stamped = readStamp(folder)?.files ?? {}
  const now = filesOf(folder)
  return [...new Set([...Object.keys(stamped), ...Object.keys(now)])].filter(
    (path) => stamped[path] !== now[path],
  )
}

function readStamp(folder: string): Stamp | undefined {
  const path = join(folder, STAMP)
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Stamp) : undefined
}

const PASSED_OVER = new Set(["target", "logs", "dbt_packages", "node_modules"])

function filesOf(folder: string): Record<string, string> {
  const files: Record<string, string> = {}
  const visit = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      if (entry.name.startsWith(".") || (below === "" && PASSED_OVER.has(entry.name))) continue
      const path = below === "" ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) visit(path)
      else
        files[path] = createHash("sha256")
          .update(readFileSync(join(folder, path)))
          .digest("hex")
    }
  }
  visit("")
  return files
}

function sameFiles(a: Record<string, string>, b: Record<string, string>): boolean {
  return (
    Object.keys(a).length === Object.keys(b).length &&
    Object.entries(a).every(([path, hash]) => b[path] === hash)
  )
}
