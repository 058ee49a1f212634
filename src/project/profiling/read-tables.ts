import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { isResourceError } from "../../bronze/engine-errors.ts"
import { textRelation, unionColumns } from "../../bronze/relations.ts"
import { runsAlike } from "../../bronze/reading.ts"
import { stageLanding } from "../../bronze/stage-landing.ts"
import type { DatasetDeclaration } from "../../connectors/files/declaration.ts"
import type { Effects } from "../../core/effects.ts"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import type { FileFacts } from "../../core/delivery.ts"
import type { Manifest, ManifestFile } from "../../lake/manifest.ts"
import type { CandidateTable } from "../../quality/profile/profile.ts"
import type { Storage } from "../../storage/storage.ts"
import { quoteIdentifier } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session, Warehouse } from "../../warehouse/warehouse.ts"

/** A file to be read, with what was found out about it. */
export interface FileToRead extends FileFacts {
  /** Path below its folder. */
  name: string
  size: number
}

export type ReadTable = Pick<CandidateTable, "table" | "columns" | "rows" | "rejected"> & { partial: boolean }

/** What the engine may use for its buffers where no shop says otherwise; what does not fit goes to the disk. */
const MEMORY = "2GB"

/** A session in an engine of its own, in a folder that goes when `work` has ended. */
export async function withScratchEngine<T>(
  effects: Effects,
  work: (session: Session) => Promise<T>,
  limits: { threads?: number | undefined; memoryLimit?: string | undefined } = {},
): Promise<T> {
  const { openDuckDb } = await import("../../warehouse/duckdb/duckdb-warehouse.ts")
  const folder = await mkdtemp(join(tmpdir(), "cartwright-profile-"))
  let engine: Warehouse | undefined
  try {
    engine = await openDuckDb({
      path: join(folder, "scratch.duckdb"),
      tempDirectory: join(folder, "spilled"),
      memoryLimit: limits.memoryLimit ?? MEMORY,
      signal: effects.signal,
      ...(limits.threads === undefined ? {} : { threads: limits.threads }),
    })
    return await work(await engine.session())
  } catch (error) {
    if (error instanceof CartwrightError || !isResourceError(error)) throw error
    throw new CartwrightError(
      "environment",
      `profiling ran out of memory or disk: ${messageOf(error).split("\n")[0]}`,
      {
        place: folder,
        next: "Free some space where temporary files go (TMPDIR names another place), or profile fewer files at once.",
        state: "Nothing was written.",
        cause: error,
      },
    )
  } finally {
    await engine?.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Reads files into a table of texts, as load does: the same records are accepted, and the same are rejected.
 * @param storage holds them, under their names
 * @throws CartwrightError `load` where nothing can be read
 */
export async function readWhole(
  session: Session,
  table: string,
  storage: Storage,
  files: readonly FileToRead[],
  declared: DatasetDeclaration,
  effects: Effects,
): Promise<ReadTable> {
  const staged = await staging(
    {
      session,
      storage,
      rules: { ...declared, key: [], nullText: declared.nullText ?? [] },
      effects,
    },
    landingOf(files),
    { table: `${table}_read`, temporary: false, constants: {}, seqBase: undefined },
  )
  await session.run(
    `create view ${table} as select ${staged.columns.map(quoteIdentifier).join(", ")} from ${table}_read`,
  )
  const reasons = await session.rows<{ reason: string; rows: bigint; first: string }>(
    `select reason, count(*) as rows, arg_min(file || ':' || line, row_number) as first from _rejected group by 1 order by 2 desc, 1`,
  )
  return {
    table,
    columns: staged.columns,
    rows: staged.rows,
    rejected: {
      rows: staged.rejected,
      reasons: reasons.map(({ reason, rows, first }) => ({ reason, rows: Number(rows), firstLine: first })),
    },
    partial: false,
  }
}

/** Staging tells of a landing in the lake; here there is none. */
async function staging(...staged: Parameters<typeof stageLanding>): ReturnType<typeof stageLanding> {
  try {
    return await stageLanding(...staged)
  } catch (cause) {
    if (!(cause instanceof CartwrightError)) throw cause
    const { code, message, place, next } = cause
    const offence = message.replace(`landing ${NOT_LANDED}`, "it")
    throw new CartwrightError(code, offence, { place, next, state: "Nothing was written.", cause })
  }
}

/**
 * Reads the first records only, without proving the files whole.
 * @throws the engine's error where a broken record is among them
 */
export async function readBeginning(
  session: Session,
  table: string,
  folder: string,
  files: readonly FileToRead[],
  rows: number,
): Promise<ReadTable> {
  const relations = []
  for (const run of runsAlike(landingOf(files).files)) {
    const file = run[0] as ManifestFile
    relations.push(
      await textRelation(
        session,
        { paths: run.map(({ name }) => join(folder, name)), file, cleaned: false },
        [],
      ),
    )
  }
  const columns = unionColumns(relations)
  const queries = relations.map((relation) => {
    const places = new Map(relation.columns.map((name, i) => [name.toLowerCase(), relation.expressions[i]]))
    const list = columns.map(
      (column) => `${places.get(column.toLowerCase()) ?? "null::varchar"} as ${quoteIdentifier(column)}`,
    )
    return `(select ${list.join(", ")} from ${relation.from} limit ${rows + 1})`
  })
  await session.run(
    `create temp table ${table} as select * from (${queries.join(" union all ")}) limit ${rows + 1}`,
  )
  const [found] = await session.rows<{ n: bigint }>(`select count(*) as n from ${table}`)
  const read = Number(found?.n ?? 0)
  return { table, columns, rows: read, rejected: { rows: 0, reasons: [] }, partial: read > rows }
}

const NOT_LANDED = "none"

/** Files as a landing that is in no lake: its objects are the files where they lie. */
function landingOf(files: readonly FileToRead[]): Manifest {
  const time = new Date(0).toISOString()
  return {
    lakeVersion: 1,
    landingId: NOT_LANDED,
    source: "",
    dataset: "",
    kind: "full",
    asOf: time,
    extractedAt: time,
    landedAt: time,
    run: "",
    cursor: null,
    files: files.map((file, i) => ({ ...file, key: file.name, sourceVersion: "", sha256: `file-${i}` })),
  }
}
