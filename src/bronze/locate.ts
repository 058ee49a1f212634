import type { Manifest, ManifestFile } from "../lake/manifest.ts"
import type { Storage } from "../storage/storage.ts"
import { recordsOf, shapeOf } from "./clean-text.ts"
import { parquetRows, textOf } from "./local-files.ts"
import { objectLines } from "./object-lines.ts"
import { filesToRead, type ReadingRules } from "./reading.ts"

/** Where a record of a landing stands. */
export interface RowPlace {
  /** The file, below the source's folder. */
  file: string
  /** The line on which it begins, from 1; Parquet has none. */
  line: number | undefined
  /** Its number among the file's records, from 1. */
  record: number
}

/**
 * Finds file and line of a `_row_number`, for error messages. Reads the landing's files up to there: about a second per
 * 300 MB of text.
 * @returns undefined when the landing has no such record
 */
export async function locateRow(
  storage: Storage,
  landing: Manifest,
  rules: ReadingRules,
  rowNumber: number,
): Promise<RowPlace | undefined> {
  let before = 0
  for (const file of await filesToRead(storage, landing, rules)) {
    const wanted = rowNumber - before
    if (wanted < 1) return undefined
    const found = await locateInFile(storage, file, wanted)
    if (found.line !== "beyond") return { file: file.name, line: found.line, record: wanted }
    before += found.records
  }
  return undefined
}

type Found = { line: number | undefined } | { line: "beyond"; records: number }

async function locateInFile(storage: Storage, file: ManifestFile, wanted: number): Promise<Found> {
  if (file.format === "parquet") {
    const records = await parquetRows(storage, file)
    return records >= wanted ? { line: undefined } : { line: "beyond", records }
  }
  if (file.format === "json") return locateObject(textOf(storage, file), wanted)
  // The header is the first record of a CSV file, and none of the landing.
  let records = file.format === "csv" && file.header ? -1 : 0
  for await (const piece of recordsOf(textOf(storage, file), shapeOf(file))) {
    if (records + piece.records.length >= wanted) return { line: piece.records[wanted - records - 1]?.line }
    records += piece.records.length
  }
  return { line: "beyond", records }
}

async function locateObject(text: AsyncIterable<Uint8Array>, wanted: number): Promise<Found> {
  let records = 0
  for await (const lines of objectLines(text)) {
    if (records + lines.length >= wanted) return { line: lines[wanted - records - 1] }
    records += lines.length
  }
  return { line: "beyond", records }
}
