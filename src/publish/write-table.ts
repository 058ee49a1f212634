import { mkdir, rename } from "node:fs/promises"
import { join } from "node:path"
import { quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"
import { atOnce } from "../core/at-once.ts"
import { linkOrCopy, syncedFiles, syncFolder } from "./files.ts"
import { monthOf, type PartitionContent, type TableToPublish } from "./tables.ts"
import type { PublishedPartition, PublishedTable, PublishedVersion } from "./version.ts"

/** Whether publishing these tables would give what `previous` holds already. */
export function sameContents(tables: readonly TableToPublish[], previous: PublishedVersion): boolean {
  return (
    tables.length === Object.keys(previous.tables).length &&
    tables.every((table) => {
      const before = previous.tables[table.name]
      return (
        before !== undefined &&
        sameShape(table, before) &&
        Object.keys(before.partitions).length === table.contents.size &&
        [...table.contents].every(
          ([value, content]) => unchangedPartition(table, value, content, before) !== undefined,
        )
      )
    })
  )
}

function sameShape(table: TableToPublish, before: PublishedTable): boolean {
  return before.schema === table.schema && JSON.stringify(before.columns) === JSON.stringify(table.columns)
}

function unchangedPartition(
  table: TableToPublish,
  value: string,
  content: PartitionContent,
  before: PublishedTable | undefined,
): PublishedPartition | undefined {
  if (before === undefined || !sameShape(table, before)) return undefined
  const partition = before.partitions[value]
  const same =
    content.fingerprint === undefined
      ? partition?.signature === content.signature
      : partition?.fingerprint === content.fingerprint
  return same ? partition : undefined
}

/** How a partition comes into a version. */
type Way = "linked" | "extended" | "written"

/** Partitions with fewer rows are written as one file in less time than it takes to read two. */
const EXTENDED_FROM_ROWS = 1_000

/** So many files a partition has at most: readers open each of them. */
const MOST_FILES = 8

/**
 * Unchanged files are linked. Where rows only came in, those are written beside the files of the rows that were there. They only
 * came in where as many were written as there are more: a row that was replaced or removed would be missing from the sum.
 */
function wayOf(
  table: TableToPublish,
  value: string,
  content: PartitionContent,
  before: PublishedTable | undefined,
): { way: Way; known: PublishedPartition | undefined } {
  const unchanged = unchangedPartition(table, value, content, before)
  if (unchanged !== undefined) return { way: "linked", known: unchanged }
  const known = before !== undefined && sameShape(table, before) ? before.partitions[value] : undefined
  const extended =
    known !== undefined &&
    content.rows >= EXTENDED_FROM_ROWS &&
    content.rows - known.rows === content.added &&
    known.files.length < MOST_FILES
  return extended ? { way: "extended", known } : { way: "written", known: undefined }
}

/** Links and syncs of files that wait for the disk at the same time. */
const FILES_AT_ONCE = 4

/** The rows of a table that have to be written, now that `previous` holds the others. */
export function rowsToWrite(table: TableToPublish, previous: PublishedVersion | undefined): number {
  const before = previous?.tables[table.name]
  let rows = 0
  for (const [value, content] of table.contents) {
    const { way } = wayOf(table, value, content, before)
    if (way === "written") rows += content.rows
    if (way === "extended") rows += content.added ?? 0
  }
  return rows
}

/** Where a table is written, and the version whose unchanged files it may link. */
export interface Target {
  building: string
  directory: string
  version: string
  previous: PublishedVersion | undefined
}

export interface WrittenTable {
  table: PublishedTable
  /** Partitions written, whole or in part, and partitions linked. */
  written: number
  linked: number
}

/** Writes what differs from the version before of a table, and links the other files. */
export async function writeTable(
  session: Session,
  table: TableToPublish,
  { building, directory, version, previous }: Target,
): Promise<WrittenTable> {
  const folder = join(building, table.name)
  await mkdir(folder)
  const before = previous?.tables[table.name]
  const parts = [...table.contents].map(([value, content]) => ({
    value,
    content,
    ...wayOf(table, value, content, before),
  }))
  const ofWay = (wanted: Way) => parts.filter(({ way }) => way === wanted).map(({ value }) => value)
  await copyOut(session, table, folder, ofWay("written"), { file: "data", isCopied: undefined })
  // A name of its own: it lies beside the files of earlier versions.
  await copyOut(session, table, folder, ofWay("extended"), {
    file: `data_${version}`,
    isCopied: table.isAdded,
  })
  const partitions: Record<string, PublishedPartition> = {}
  await atOnce(parts, FILES_AT_ONCE, async ({ value, content, way, known }) => {
    const { rows, fingerprint, signature } = content
    const written = way === "linked" ? [] : await syncedFiles(building, join(table.name, value))
    for (const file of known?.files ?? [])
      await linkOrCopy(join(directory, previous?.version ?? "", file.path), join(building, file.path))
    partitions[value] = {
      rows,
      fingerprint: way === "linked" ? known?.fingerprint : fingerprint,
      signature,
      files: [...(known?.files ?? []), ...written],
      writtenBy: way === "linked" ? (known?.writtenBy ?? version) : version,
    }
  })
  await syncFolder(folder)
  const all = Object.values(partitions)
  const linked = ofWay("linked").length
  return {
    table: {
      schema: table.schema,
      rows: all.reduce((sum, partition) => sum + partition.rows, 0),
      bytes: all.flatMap(({ files }) => files).reduce((sum, file) => sum + file.bytes, 0),
      columns: table.columns,
      partitions,
    },
    written: parts.length - linked,
    linked,
  }
}

/**
 * One COPY for all these partitions.
 * @param file the name of their files
 * @param isCopied the condition of the rows that are written of them
 */
async function copyOut(
  session: Session,
  table: TableToPublish,
  folder: string,
  partitions: readonly string[],
  { file, isCopied = "true" }: { file: string; isCopied: string | undefined },
): Promise<void> {
  if (partitions.length === 0) return
  if (table.partitionBy === undefined) {
    const path = quoteLiteral(join(folder, `${file}.parquet`))
    await session.run(
      `copy (${table.select} where ${isCopied}) to ${path} (format parquet, compression zstd)`,
    )
    return
  }
  const months = partitions.map(monthOf)
  const isOfThese =
    partitions.length < table.contents.size
      ? `${table.partitionBy} in (${months.join(", ")}) and ${between(months)}`
      : "true"
  await session.run(
    `copy (select *, ${table.partitionBy} as ${MONTH_COLUMN} from (${table.select} where ${isCopied}) where ${isOfThese})
     to ${quoteLiteral(folder)}
     (format parquet, compression zstd, partition_by (${MONTH_COLUMN}), filename_pattern '${file}_{i}', overwrite_or_ignore)`,
  )
  // Plain names in place of `column=value`: a reader finds the table's own columns, whatever the table's size.
  for (const partition of partitions) {
    await rename(join(folder, `${MONTH_COLUMN}=${monthOf(partition)}`), join(folder, partition))
  }
}

/** The days from the first month to the last, said of the column itself, so that the engine skips what lies outside. */
function between(months: readonly number[]): string {
  const [first, last] = [Math.min(...months), Math.max(...months)]
  return first === 0 ? "true" : `date_key between ${first * 100} and ${last * 100 + 99}`
}

const MONTH_COLUMN = "_published_month"
