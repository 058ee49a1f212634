import type { Manifest } from "../lake/manifest.ts"
import type { Storage } from "../storage/storage.ts"
import { recordsOf, shapeOf } from "./clean-text.ts"
import { textOf } from "./local-files.ts"
import { locateRow, type RowPlace } from "./locate.ts"
import { filesToRead, type ReadingRules } from "./reading.ts"

/**
 * Files and lines of many `_row_number`s of a landing, in one pass over its text.
 * @returns nothing for numbers that the landing does not have
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
    if (file.format === "parquet" || file.format === "json")
      return placesOneByOne(storage, landing, rules, rowNumbers)
    let record = file.format === "csv" && file.header ? -1 : 0
    for await (const piece of recordsOf(textOf(storage, file), shapeOf(file))) {
      for (const { line } of piece.records) {
        record++
        if (rowNumbers.has(before + record) && record > 0)
          places.set(before + record, { file: file.name, line, record })
      }
      if (before + record >= last) return places
    }
    before += Math.max(0, record)
  }
  return places
}

/** `Math.max` takes only so many arguments. */
function highest(numbers: Iterable<number>): number {
  let most = 0
  for (const number of numbers) if (number > most) most = number
  return most
}

async function placesOneByOne(
  storage: Storage,
  landing: Manifest,
  rules: ReadingRules,
  rowNumbers: ReadonlySet<number>,
): Promise<Map<number, RowPlace>> {
  const places = new Map<number, RowPlace>()
  for (const rowNumber of rowNumbers) {
    const place = await locateRow(storage, landing, rules, rowNumber)
    if (place !== undefined) places.set(rowNumber, place)
  }
  return places
}

/**
 * The `_row_number` of the record that stands on a line of one of a landing's files.
 * @param name the file, below the source's folder
 * @returns undefined where the file has no such line, or is Parquet or JSON, whose records are not on lines
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
    if (file.format === "parquet" || file.format === "json") return undefined
    let record = file.format === "csv" && file.header ? -1 : 0
    let lineOfLast = 0
    for await (const piece of recordsOf(textOf(storage, file), shapeOf(file))) {
      for (const found of piece.records) {
        if (file.name === name && found.line > line)
          return record > 0 && lineOfLast > 0 ? before + record : undefined
        record++
        lineOfLast = found.line
      }
    }
    if (file.name === name) return record > 0 && lineOfLast <= line ? before + record : undefined
    before += Math.max(0, record)
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
