import { createReadStream } from "node:fs"
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import type { DeliveredFile, Delivery, FailedDelivery } from "../../core/delivery.ts"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import type { Connector } from "../connector.ts"
import type { DatasetDeclaration, SourceDeclaration } from "./declaration.ts"
import { globMatcher } from "./glob.ts"
import { inspectFile } from "./inspect.ts"

/** Files in a folder of this machine as a source. */
export function filesConnector(declaration: SourceDeclaration): Connector {
  const { name: source, files } = declaration
  const included = Object.entries(files.datasets).filter(([, dataset]) => dataset.include !== false)
  return {
    source,
    datasets: included.map(([name]) => name),
    async deliveries(dataset, asOf) {
      const declared = files.datasets[dataset]
      if (declared === undefined) throw new Error(`no data set ${dataset} in ${source}`)
      const found = await matchingFiles(files.path, declared.files)
      if (found instanceof CartwrightError) return { dataset, error: found }
      return compose(source, dataset, declared, found, asOf)
    },
  }
}

export interface FoundFile {
  path: string
  name: string
  size: number
  modified: Date
  version: string
}

/** All files below a folder, hidden ones aside, by name. @throws the operating system's error */
export async function filesBelow(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found: FoundFile[] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(join(folder, "/").length).replaceAll("\\", "/")
    if (name.split("/").some((part) => part.startsWith("."))) continue
    const info = await stat(path).catch(() => undefined)
    if (!info?.isFile()) continue
    found.push({ path, name, size: info.size, modified: info.mtime, version: `${info.size}-${info.mtimeMs}` })
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function matchingFiles(folder: string, pattern: string): Promise<FoundFile[] | CartwrightError> {
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
  return new CartwrightError("extract", `no file matches ${pattern}`, {
    place: folder,
    choices: all.slice(0, 20).map((file) => file.name),
    next:
      all.length === 0 ? "The folder holds no files: deliver them." : "Correct `files` in cartwright.yaml.",
  })
}

function compose(
  source: string,
  dataset: string,
  declared: DatasetDeclaration,
  found: FoundFile[],
  asOf: Date | undefined,
): Delivery[] | FailedDelivery {
  const byDate = new Map<string, FoundFile[]>()
  for (const file of found) {
    const date = dateInPath(file.name) ?? ""
    byDate.set(date, [...(byDate.get(date) ?? []), file])
  }
  // Several dates are several deliveries, whatever time was asked for; `asOf` then cannot be the time of each.
  const groups = [...byDate].sort(([a], [b]) => (a < b ? -1 : 1))
  return groups.map(([date, files]) => {
    const stated = groups.length === 1 ? asOf : undefined
    return {
      source,
      dataset,
      kind: declared.kind ?? "full",
      asOf: stated ?? (date === "" ? newest(files) : dayStart(date)),
      timeFrom: stated !== undefined ? "request" : date === "" ? "modification" : "path",
      files: files.map((file) => deliveredFile(file, declared)),
    }
  })
}

function deliveredFile(file: FoundFile, declared: DatasetDeclaration): DeliveredFile {
  return {
    name: file.name,
    size: file.size,
    version: file.version,
    read: () => readFile(file.path),
    inspect: () => inspectFile(file.path, declared),
  }
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

/** The day that a path names as `date=YYYYMMDD` (or `YYYY-MM-DD`), if it is a day of the calendar. */
function dateInPath(name: string): string | undefined {
  const [, year, month, day] = /(?:^|\/)date=(\d{4})-?(\d{2})-?(\d{2})(?=\/|\.|$)/.exec(name) ?? []
  if (year === undefined) return undefined
  const text = `${year}${month}${day}`
  const date = dayStart(text)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(8, 10) === day ? text : undefined
}

function dayStart(date: string): Date {
  return new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T00:00:00Z`)
}

function newest(files: FoundFile[]): Date {
  return new Date(Math.max(...files.map((file) => Math.floor(file.modified.getTime()))))
}
