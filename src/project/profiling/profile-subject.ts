import type { DatasetDeclaration, SourceDeclaration } from "../../connectors/files/declaration.ts"
import { filesConnector } from "../../connectors/files/files-connector.ts"
import type { Delivery } from "../../core/delivery.ts"
import type { Effects } from "../../core/effects.ts"
import { CartwrightError } from "../../core/errors.ts"
import { type CandidateTable, profileTables } from "../../quality/profile/profile.ts"
import type { ProfileReport } from "../../quality/profile/report.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import { openStorage } from "../open-storage.ts"
import { deliveriesRead } from "./deliveries-read.ts"
import { type FileToRead, readWhole, withScratchEngine } from "./read-tables.ts"
import type { Subject } from "./subject.ts"

/** Reads all that a subject holds and profiles it. Nothing of the shop is changed. */
export async function profileSubject(subject: Subject, effects: Effects): Promise<ProfileReport> {
  const unusable = [...subject.unusable]
  const limits = subject.shop?.warehouse
  return withScratchEngine(
    effects,
    async (session) => {
      const candidates: CandidateTable[] = []
      for (const [i, { source, dataset }] of subject.datasets.entries()) {
        const name = namesClash(subject, dataset) ? `${source}.${dataset}` : dataset
        const read = await readDataset(session, `table_${i}`, subject, { source, dataset }, unusable, effects)
        if (read !== undefined) candidates.push({ name, ...read })
      }
      if (candidates.length === 0) throw nothingToProfile(subject, unusable)
      return profileTables(session, candidates, { subject: subject.title, unusable }, effects)
    },
    limits?.type === "duckdb" ? { threads: limits.threads, memoryLimit: limits.memoryLimit } : {},
  )
}

function namesClash({ datasets }: Subject, dataset: string): boolean {
  return datasets.filter((each) => each.dataset === dataset).length > 1
}

async function readDataset(
  session: Session,
  table: string,
  { shop, sources }: Subject,
  wanted: Subject["datasets"][number],
  unusable: ProfileReport["unusable"],
  effects: Effects,
): Promise<Omit<CandidateTable, "name"> | undefined> {
  const source = sources.find(({ name }) => name === wanted.source) as SourceDeclaration
  const { dataset } = wanted
  const declared = source.files.datasets[dataset] as DatasetDeclaration
  const storage = await openStorage(source.files.path, shop)
  const offered = await filesConnector(source, storage).deliveries(dataset)
  if (!Array.isArray(offered)) {
    unusable.push({ file: `${source.name}.${dataset}`, problem: offered.error.message })
    return undefined
  }
  const chosen = deliveriesRead(offered, declared)
  effects.report({ step: "read", name: dataset, status: "start" })
  const started = performance.now()
  const files = await looked(
    chosen.flatMap((delivery) => delivery.files),
    source,
    unusable,
  )
  if (files.length === 0) return undefined
  try {
    const read = await readWhole(session, table, storage, files, declared, effects)
    const { partial, ...rest } = read
    const first = files[0] as FileToRead
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    effects.report({
      step: "read",
      name: dataset,
      status: "done",
      rows: read.rows,
      bytes,
      elapsedMs: performance.now() - started,
    })
    return {
      ...rest,
      origin: {
        files: declared.files,
        fileCount: files.length,
        bytes,
        format: first.format,
        compression: first.compression,
        encoding: first.encoding,
        delimiter: first.format === "csv" ? first.delimiter : null,
        deliveries: { found: offered.length, read: chosen.length === offered.length ? "all" : "newest" },
        partial,
      },
    }
  } catch (error) {
    if (!(error instanceof CartwrightError) || error.code !== "load") throw error
    effects.report({ step: "read", name: dataset, status: "failed", message: error.message })
    unusable.push({ file: declared.files, problem: error.message })
    return undefined
  }
}

/** Looks at each file to its end, as extracting it would. Files that are not whole are left out, with their problem. */
async function looked(
  files: readonly Delivery["files"][number][],
  source: SourceDeclaration,
  unusable: ProfileReport["unusable"],
): Promise<FileToRead[]> {
  const found: FileToRead[] = []
  for (const file of files) {
    try {
      const inspection = file.inspect()
      for await (const chunk of file.read()) await inspection.push(chunk)
      found.push({ name: file.name, size: file.size, ...(await inspection.finish()) })
    } catch (error) {
      if (!(error instanceof CartwrightError) || error.code !== "extract") throw error
      unusable.push({ file: `${source.files.path}/${file.name}`, problem: error.message })
    }
  }
  return found
}

function nothingToProfile(subject: Subject, unusable: ProfileReport["unusable"]): CartwrightError {
  const problems = unusable.map(({ file, problem }) => `${file}: ${problem}`)
  return new CartwrightError("input", ["there is no table that can be read", ...problems].join("\n  "), {
    place: subject.title,
    next: "Name CSV, NDJSON, JSON or Parquet files (plain, gzip or zstd) that hold records.",
    state: "Nothing was written.",
  })
}
