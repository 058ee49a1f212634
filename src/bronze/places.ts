import type { Manifest, ManifestFile } from "../lake/manifest.ts"
import type { Storage } from "../storage/storage.ts"
import { recordsOf, shapeOf } from "./clean-text.ts"
import { parquetRows, textOf } from "./local-files.ts"
import type { RowPlace } from "./locate.ts"
import { objectLines } from "./object-lines.ts"
import { filesToRead, type ReadingRules } from "./reading.ts"

/**
 * Files and lines of many `_row_number`s of a landing, in one pass over its text.
 * @returns nothing for numbers that the landing does not have; no lines for Parquet
 */
export async function placesOfRows(
  storage: Storage,
  landing: Manifest,
  rules: ReadingRules,
  rowNumbers: ReadonlySet<number>,
): Promise<Map<number, RowPlace>> {
  const places = new Map<number, RowPlace>()
  const last = highest(rowNumbers)
  let before = 0
  for (const file of await filesToRead(storage, landing, rules)) {
    let record = 0
    for await (const lines of recordLines(storage, file)) {
      for (const line of lines) {
        record++
        if (rowNumbers.has(before + record)) places.set(before + record, { file: file.name, line, record })
      }
      if (before + record >= last) return places
    }
    before += record
  }
  return places
}

/** The lines on which a file's records begin, the header aside, piece by piece. */
async function* recordLines(storage: Storage, file: ManifestFile): AsyncIterable<(number | undefined)[]> {
  if (file.format === "parquet") {
    yield Array.from({ length: await parquetRows(storage, file) })
    return
  }
  if (file.format === "json") {
    yield* objectLines(textOf(storage, file))
    return
  }
  let headerPending = file.format === "csv" && file.header
  for await (const { records } of recordsOf(textOf(storage, file), shapeOf(file))) {
    const lines = records.map(({ line }) => line)
    yield headerPending ? lines.slice(1) : lines
    if (lines.length > 0) headerPending = false
  }
}

/** `Math.max` takes only so many arguments. */
function highest(numbers: Iterable<number>): number {
  let most = 0
  for (const number of numbers) if (number > most) most = number
  return most
}

/**
 * The `_row_number` of the record that stands on a line of one of a landing's files.
 * @param name the file, below the source's folder
 * @returns undefined where no record begins on that line or before it, and for Parquet
 */
export async function rowOnLine(
  storage: Storage,
  landing: Manifest,
  rules: ReadingRules,
  name: string,
  line: number,
): Promise<number | undefined> {
  let before = 0
  for (const file of await filesToRead(storage, landing, rules)) {
    let record = 0
    for await (const lines of recordLines(storage, file)) {
      if (file.name !== name) record += lines.length
      else {
        for (const at of lines) {
          if (at === undefined) return undefined
          if (at > line) return record > 0 ? before + record : undefined
          record++
        }
      }
    }
    if (file.name === name) return record > 0 ? before + record : undefined
    before += record
  }
  return undefined
}

/** Lines of a text file of a landing as they stand there, by number from 1; none for Parquet. */
export async function linesOfFile(
  storage: Storage,
  landing: Manifest,
  rules: ReadingRules,
  name: string,
  wanted: ReadonlySet<number>,
): Promise<Map<number, string>> {
  const lines = new Map<number, string>()
  const last = highest(wanted)
  const file = (await filesToRead(storage, landing, rules)).find((each) => each.name === name)
  if (file === undefined || file.format === "parquet") return lines
  let line = 1
  let rest = ""
  const decoder = new TextDecoder()
  for await (const chunk of textOf(storage, file)) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n")
    rest = parts.pop() ?? ""
    for (const part of parts) {
      if (wanted.has(line)) lines.set(line, part.replace(/\r$/, ""))
      line++
    }
    if (line > last) return lines
  }
  if (wanted.has(line) && rest !== "") lines.set(line, rest)
  return lines
}
