import { createReadStream } from "node:fs"
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import { type FoundFile, isHidden, nothingMatches } from "./found-file.ts"
import { globMatcher } from "./glob.ts"

/** All files below a folder of this machine, hidden ones aside, by name. @throws the operating system's error */
export async function filesBelow(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found: FoundFile[] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(join(folder, "/").length).replaceAll("\\", "/")
    if (isHidden(name)) continue
    const info = await stat(path).catch(() => undefined)
    if (!info?.isFile()) continue
    found.push({
      place: path,
      name,
      size: info.size,
      modified: info.mtime,
      version: `${info.size}-${info.mtimeMs}`,
      versionIs: "size and modification time",
      read: () => readFile(path),
      atPath: (look) => look(path),
    })
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The files of a folder that a glob matches, at least one; or why there are none. */
export async function folderFiles(folder: string, pattern: string): Promise<FoundFile[] | CartwrightError> {
  let all: FoundFile[]
  try {
    all = await filesBelow(folder)
  } catch (cause) {
    return new CartwrightError("extract", `cannot list the source's folder: ${messageOf(cause)}`, {
      place: folder,
      next: "Correct the path in cartwright.yaml, or give this user the permission to read it.",
      cause,
    })
  }
  const matches = globMatcher(pattern)
  const found = all.filter((file) => matches(file.name))
  if (found.length > 0) return found
  return nothingMatches(
    pattern,
    folder,
    all.slice(0, 20).map((file) => file.name),
  )
}

async function* readFile(path: string): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 20 })
  } catch (cause) {
    throw new CartwrightError("extract", `cannot read the file: ${messageOf(cause)}`, {
      place: path,
      next: "Check that it is still there and that this user may read it.",
      cause,
    })
  }
}
