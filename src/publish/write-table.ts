import { mkdir, rename } from "node:fs/promises"
import { join } from "node:path"
import { quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"
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

/** The rows in the partitions of a table that differ from the version before. */
export function rowsToWrite(table: TableToPublish, previous: PublishedVersion | undefined): number {
  const before = previous?.tables[table.name]
  let rows = 0
  for (const [value, content] of table.contents)
    if (unchangedPartition(table, value, content, before) === undefined) rows += content.rows
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
  /** Partitions written, and partitions linked. */
  written: number
  linked: number
}

/** Writes the partitions of a table that differ from the version before, and links the others. */
export async function writeTable(
  session: Session,
  table: TableToPublish,
  target: Target,
): Promise<WrittenTable> {
  const folder = join(target.building, table.name)
  await mkdir(folder)
  const before = target.previous?.tables[table.name]
  const partitions: Record<string, PublishedPartition> = {}
  const toWrite: string[] = []
  for (const [value, content] of table.contents) {
    const unchanged = unchangedPartition(table, value, content, before)
    if (unchanged === undefined || target.previous === undefined) {
      toWrite.push(value)
      continue
    }
    for (const file of unchanged.files) {
      await linkOrCopy(
        join(target.directory, target.previous.version, file.path),
        join(target.building, file.path),
      )
    }
    partitions[value] = { ...unchanged, signature: content.signature }
  }
  const linked = Object.keys(partitions).length
  if (toWrite.length > 0) {
    await copyOut(session, table, folder, toWrite)
    for (const value of toWrite) {
      const content = table.contents.get(value) ?? { rows: 0, fingerprint: undefined, signature: undefined }
      partitions[value] = {
        ...content,
        files: await syncedFiles(target.building, join(table.name, value)),
        writtenBy: target.version,
      }
    }
  }
  await syncFolder(folder)
  const all = Object.values(partitions)
  return {
    table: {
      schema: table.schema,
      rows: all.reduce((sum, partition) => sum + partition.rows, 0),
      bytes: all.flatMap(({ files }) => files).reduce((sum, file) => sum + file.bytes, 0),
      columns: table.columns,
      partitions,
    },
    written: toWrite.length,
    linked,
  }
}

/** One COPY for all partitions that changed. */
async function copyOut(
  session: Session,
  table: TableToPublish,
  folder: string,
  partitions: readonly string[],
): Promise<void> {
  if (table.partitionBy === undefined) {
    const file = quoteLiteral(join(folder, "data.parquet"))
    await session.run(`copy (${table.select}) to ${file} (format parquet, compression zstd)`)
    return
  }
  const some =
    partitions.length < table.contents.size
      ? `where ${table.partitionBy} in (${partitions.map(monthOf).join(", ")}) and ${between(partitions.map(monthOf))}`
      : ""
  await session.run(
    `copy (select *, ${table.partitionBy} as ${MONTH_COLUMN} from (${table.select}) ${some}) to ${quoteLiteral(folder)}
     (format parquet, compression zstd, partition_by (${MONTH_COLUMN}), filename_pattern 'data_{i}', overwrite_or_ignore)`,
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
