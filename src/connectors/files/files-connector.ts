import type { DeliveredFile, Delivery, FailedDelivery } from "../../core/delivery.ts"
import { CartwrightError } from "../../core/errors.ts"
import { isBucketUri } from "../../storage/bucket-uri.ts"
import type { Storage } from "../../storage/storage.ts"
import type { Connector } from "../connector.ts"
import { bucketFiles } from "./bucket-files.ts"
import type { DatasetDeclaration, SourceDeclaration } from "./declaration.ts"
import { folderFiles } from "./folder-files.ts"
import type { FoundFile } from "./found-file.ts"
import { inspectFile } from "./inspect.ts"

/** Files as a source: in a folder of this machine, or in a bucket. @param bucket what lies at the source's path, where that is one */
export function filesConnector(declaration: SourceDeclaration, bucket?: Storage): Connector {
  const { name: source, files } = declaration
  const included = Object.entries(files.datasets).filter(([, dataset]) => dataset.include !== false)
  return {
    source,
    datasets: included.map(([name]) => name),
    async deliveries(dataset, asOf) {
      const declared = files.datasets[dataset]
      if (declared === undefined) throw new Error(`no data set ${dataset} in ${source}`)
      const found = await matchingFiles(files.path, declared.files, bucket)
      if (found instanceof CartwrightError) return { dataset, error: found }
      return compose(source, dataset, declared, found, asOf)
    },
  }
}

async function matchingFiles(
  path: string,
  pattern: string,
  bucket: Storage | undefined,
): Promise<FoundFile[] | CartwrightError> {
  if (!isBucketUri(path)) return folderFiles(path, pattern)
  if (bucket === undefined) throw new Error(`nobody opened the bucket ${path}`)
  return bucketFiles(bucket, pattern)
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
  const { place, name, size, version, versionIs, md5 } = file
  return {
    name,
    size,
    version,
    versionIs,
    ...(md5 === undefined ? {} : { md5 }),
    read: () => file.read(),
    inspect: () => inspectFile(place, declared, (look) => file.atPath(look)),
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
