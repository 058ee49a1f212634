import { closeSync, openSync, writeSync } from "node:fs"
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Effects, throwIfInterrupted } from "../core/effects.ts"
import { CartwrightError, messageOf } from "../core/errors.ts"
import type { Manifest, ManifestFile } from "../lake/manifest.ts"
import type { Storage } from "../storage/storage.ts"
import { quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"
import { cleanText, type OnRejected } from "./clean-text.ts"
import { engineError, isOurError, isResourceError } from "./engine-errors.ts"
import { localFile, textOf } from "./local-files.ts"
import { filesToRead, type ReadingRules, runsAlike } from "./reading.ts"
import {
  type Batch,
  BrokenLines,
  linesWithoutObject,
  textRelation,
  type TextRelation,
  unionColumns,
  unionTypes,
} from "./relations.ts"
import { numberRows, stage, type StagingShape } from "./staging.ts"

/** A landing's accepted records in a table of their own, in order, with number and hash; the others in `_rejected`. */
export interface Staged {
  /** SQL name of the table. */
  table: string
  /** As delivered; the log takes those that are not in `leftOut`. */
  columns: string[]
  leftOut: string[]
  /** What the files say the columns' types are, as {@link TextRelation.types}. */
  types: (string | undefined)[]
  rows: number
  /** Rows of the temporary table `_rejected (file, line, row_number, raw_text, reason)`. */
  rejected: number
}

export interface StagingContext {
  session: Session
  storage: Storage
  rules: ReadingRules
  effects: Effects
  /** Where copies go for a while; made when needed. @defaultValue the system's folder for temporary files */
  scratch?: string | undefined
}

/**
 * Reads a landing's files into a new table. The engine reads them in place, in parallel; only where it meets a broken
 * record are the files copied without what is broken, and read again.
 * @throws CartwrightError `load` when nothing can be read, `environment` when memory or disk do not suffice
 */
export async function stageLanding(
  context: StagingContext,
  landing: Manifest,
  shape: StagingShape,
): Promise<Staged> {
  const { session, storage, rules, scratch = tmpdir() } = context
  await mkdir(scratch, { recursive: true })
  const folder = await mkdtemp(join(scratch, "cartwright-load-"))
  const begin = async () => {
    await session.run(`drop table if exists ${shape.table}`)
    await session.run(`create or replace temp table _rejected
      (file varchar, line bigint, row_number bigint, raw_text varchar, reason varchar)`)
  }
  try {
    await requireObjects(storage, landing)
    const files = await filesToRead(storage, landing, rules)
    try {
      await begin()
      return await stageInPlace(context, files, shape, folder)
    } catch (error) {
      throwIfInterrupted(context.effects, KEPT)
      const text = files.some((file) => file.format === "csv" || file.format === "ndjson")
      if (!text || error instanceof CartwrightError || isResourceError(error) || isOurError(error))
        throw error
    }
    await begin()
    return await stageCleaned(context, files, shape, folder)
  } catch (error) {
    throwIfInterrupted(context.effects, KEPT)
    throw error instanceof CartwrightError || isOurError(error) ? error : unreadable(landing, error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const KEPT = "What was loaded before is kept; the next load goes on from there."

async function requireObjects(storage: Storage, landing: Manifest): Promise<void> {
  for (const { key, size } of landing.files) {
    const found = await storage.stat(key)
    if (found?.size === size) continue
    throw new CartwrightError(
      "lake",
      found === undefined
        ? `an object of landing ${landing.landingId} is missing from the lake`
        : `an object of landing ${landing.landingId} has ${found.size} bytes in place of ${size}`,
      {
        place: `${storage.uri}/${key}`,
        next: "Restore it from a backup. Nothing in a lake is to be edited or removed by hand.",
        state: "Bronze is unchanged.",
      },
    )
  }
}

async function stageInPlace(
  { session, storage, rules }: StagingContext,
  files: readonly ManifestFile[],
  shape: StagingShape,
  folder: string,
): Promise<Staged> {
  const relations: TextRelation[] = []
  for (const run of runsAlike(files)) {
    const local: Awaited<ReturnType<typeof localFile>>[] = []
    for (const file of run) local.push(await localFile(storage, file, folder))
    const batch: Batch = {
      paths: local.map(({ path }) => path),
      file: (local[0] as (typeof local)[0]).file,
      cleaned: false,
    }
    relations.push(await textRelation(session, batch, rules.nullText))
  }
  const columns = unionColumns(relations)
  let rows = 0
  for (const [i, relation] of relations.entries())
    rows = await stage(session, shape, columns, relation, i === 0)
  const staged = { ...describe(shape, columns, relations), rows, rejected: 0 }
  await numberRows(session, staged, shape.seqBase)
  return staged
}

function describe(shape: StagingShape, columns: string[], relations: readonly TextRelation[]) {
  const leftOut = columns.filter((column) => shape.leavesOut?.(column) === true)
  return { table: shape.table, columns, leftOut, types: unionTypes(columns, relations) }
}

/** A file of which a copy without broken records can be read. */
interface CleanedFile {
  file: ManifestFile
  relation: TextRelation
  path: string
  /** Undefined where the file needed no cleaning. */
  counts: { sound: number; rejected: number } | undefined
}

async function stageCleaned(
  context: StagingContext,
  files: readonly ManifestFile[],
  shape: StagingShape,
  folder: string,
): Promise<Staged> {
  const { session } = context
  const rejects = new RejectedFile(join(folder, "rejected.ndjson"))
  const cleaned: CleanedFile[] = []
  for (const [i, file] of files.entries()) {
    throwIfInterrupted(context.effects, KEPT)
    cleaned.push(await cleanFile(context, file, folder, (...rejected) => rejects.add(i, ...rejected)))
  }
  rejects.close()
  const columns = unionColumns(cleaned.map(({ relation }) => relation))
  // Where the records of each file begin to count, which the rejected ones of later files need to know.
  const bases: number[] = []
  let rows = 0
  let records = 0
  for (const [i, { file, relation, counts, path }] of cleaned.entries()) {
    bases.push(records)
    const before = rows
    rows = await stage(session, shape, columns, relation, i === 0)
    if (counts !== undefined && rows - before !== counts.sound) {
      throw new Error(
        `${file.name}: ${counts.sound} sound records were found, the engine read ${rows - before}`,
      )
    }
    records += rows - before + (counts?.rejected ?? 0)
    if (counts !== undefined) await rm(path, { force: true })
  }
  await rejects.load(session, files, bases)
  const relations = cleaned.map(({ relation }) => relation)
  const staged = { ...describe(shape, columns, relations), rows, rejected: records - rows }
  if (rows === 0) throw await nothingReadable(session, staged.rejected)
  await numberRows(session, staged, shape.seqBase)
  return staged
}

async function cleanFile(
  { session, storage, rules }: StagingContext,
  file: ManifestFile,
  folder: string,
  onRejected: OnRejected,
): Promise<CleanedFile> {
  const path = join(folder, `${file.sha256}-clean`)
  if (file.format !== "csv" && file.format !== "ndjson") {
    const local = await localFile(storage, file, folder)
    const batch = { paths: [local.path], file: local.file, cleaned: false }
    return { file, path, relation: await textRelation(session, batch, rules.nullText), counts: undefined }
  }
  const batch: Batch = {
    paths: [path],
    file: { ...file, compression: "none", encoding: "utf-8" },
    cleaned: true,
  }
  let isBroken: ((text: string) => string | undefined) | undefined
  if (file.format === "ndjson") {
    // A first copy shows which lines the engine does not take as objects.
    await cleanText(textOf(storage, file), file, path, () => undefined)
    const withoutObject = await linesWithoutObject(session, batch)
    isBroken = (text) => (withoutObject.has(text) ? "not a JSON object" : undefined)
  }
  const counts = await cleanText(textOf(storage, file), file, path, onRejected, isBroken)
  if (counts.sound === 0) return { file, path, relation: emptyRelation(file), counts }
  return { file, path, relation: await textRelation(session, batch, rules.nullText), counts }
}

function emptyRelation(file: ManifestFile): TextRelation {
  const columns = file.format === "csv" ? file.columns : []
  return {
    columns,
    expressions: columns.map(() => "null::varchar"),
    types: columns.map(() => undefined),
    from: "(select 1 where false)",
  }
}

/** Collects rejected records on disk and brings them into `_rejected`. */
class RejectedFile {
  readonly #path: string
  readonly #file: number
  #pending: string[] = []

  constructor(path: string) {
    this.#path = path
    this.#file = openSync(path, "w")
  }

  add(file: number, line: number, ordinal: number, raw_text: string, reason: string): void {
    this.#pending.push(`${JSON.stringify({ file, line, ordinal, raw_text, reason })}\n`)
    if (this.#pending.length >= 1000) this.#write()
  }

  #write(): void {
    writeSync(this.#file, this.#pending.join(""))
    this.#pending = []
  }

  close(): void {
    this.#write()
    closeSync(this.#file)
  }

  /** @param bases how many records the files before each one hold */
  async load(session: Session, files: readonly ManifestFile[], bases: readonly number[]): Promise<void> {
    const places = files.map((file, i) => `(${i}, ${quoteLiteral(file.name)}, ${bases[i] ?? 0})`).join(", ")
    await session.run(`insert into _rejected
      select p.name, r.line, p.base + r.ordinal, r.raw_text, r.reason
      from read_json(${quoteLiteral(this.#path)}, format = 'newline_delimited', maximum_object_size = 1048576,
        columns = {file: 'BIGINT', line: 'BIGINT', ordinal: 'BIGINT', raw_text: 'VARCHAR', reason: 'VARCHAR'}) r
      join (values ${places}) p (file, name, base) on p.file = r.file order by 3`)
  }
}

async function nothingReadable(session: Session, rejected: number): Promise<CartwrightError> {
  const [first] = await session.rows(
    "select file || ':' || line as place, reason from _rejected order by row_number limit 1",
  )
  return new CartwrightError(
    "load",
    `none of ${rejected} records can be read; the first: ${first?.["reason"] as string}`,
    {
      place: first?.["place"] as string,
      next: "State delimiter, quote, encoding or format of the data set in cartwright.yaml, and load again.",
      state: "The landing is kept in the lake; bronze is unchanged.",
    },
  )
}

function unreadable(landing: Manifest, error: unknown): CartwrightError {
  if (isResourceError(error)) return engineError(error)
  const what = error instanceof BrokenLines ? error.message : messageOf(error).split("\n")[0]
  return new CartwrightError("load", `landing ${landing.landingId} cannot be read: ${what}`, {
    place: landing.files.map((file) => file.name).join(", "),
    next: "Have the file delivered again, or state in cartwright.yaml how it is to be read.",
    state: "The landing is kept in the lake; bronze is unchanged.",
    cause: error,
  })
}
