import { isUtf8 } from "node:buffer"
import type { CsvDialect } from "../../core/csv.ts"

/** How the records of a text file in UTF-8 are told apart; `lines`: each line is one. */
export type RecordShape = { kind: "csv"; dialect: CsvDialect; fields: number } | { kind: "lines" }

/** A record where it stands. Blank lines are none, except where a record has one field only. */
export interface FoundRecord {
  /** Its bytes in the buffer, without the line end. */
  start: number
  end: number
  /** The line of the file on which it begins, from 1. */
  line: number
  /** Why it is no row; undefined for a sound record. */
  fault: string | undefined
}

/** Longer records are broken: a quote that nobody closed. Bytes. */
export const LONGEST_RECORD = 16 * 1024 * 1024

const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20

/**
 * Visits the records of a buffer that begins at the beginning of a record. A broken record is its first line; reading
 * goes on at the next line, so that a quote which nobody closed costs one record and not the rest of the file.
 * @param final the text ends with the buffer
 * @returns how many bytes are done, the line that comes next, and whether the last record's line, too long for the buffer,
 * goes on behind it
 */
export function visitRecords(
  bytes: Buffer,
  shape: RecordShape,
  final: boolean,
  firstLine: number,
  visit: (record: FoundRecord) => void,
): { consumed: number; line: number; lineGoesOn: boolean } {
  const checkEncoding = !isUtf8(bytes)
  const scan = shape.kind === "csv" ? csvScan(bytes, shape.dialect) : lineScan(bytes)
  let start = 0
  let line = firstLine
  let lineGoesOn = false
  while (start < bytes.length) {
    const scanned = scan(start)
    let { end, lines, fault } = scanned
    const incomplete = end >= bytes.length || (bytes[end] === CR && end + 1 >= bytes.length)
    const tooLong = end - start > LONGEST_RECORD
    if (incomplete && !final && !tooLong) break
    if (fault !== undefined || tooLong) {
      if (fault === undefined) fault = `longer than ${LONGEST_RECORD >> 20} MB`
      end = endOfLine(bytes, start)
      lines = 0
      if (end >= bytes.length && !final && end - start <= LONGEST_RECORD) break
      lineGoesOn = end >= bytes.length && !final
    }
    const blank = end === start
    if (!blank || (shape.kind === "csv" && shape.fields === 1)) {
      const found: FoundRecord = { start, end, line, fault }
      if (shape.kind === "csv") found.fault ??= wrongFields(scanned, shape.fields)
      if (checkEncoding && !isUtf8(bytes.subarray(start, end)))
        found.fault = "not valid in the encoding of the file"
      visit(found)
    }
    line += lines + 1
    start = end + lineEndLength(bytes, end)
  }
  return { consumed: Math.min(start, bytes.length), line, lineGoesOn }
}

interface Scan {
  /** Where the line end is, or the length of the buffer. */
  end: number
  fields: number
  /** The last field that is not empty, counted from 1. */
  filled: number
  /** Line ends inside quotes. */
  lines: number
  fault: string | undefined
}

function lineScan(bytes: Buffer): (start: number) => Scan {
  return (start) => ({ end: endOfLine(bytes, start), fields: 1, filled: 1, lines: 0, fault: undefined })
}

/** Where the line's end stands, or the buffer's length; a carriage return alone ends a line too. */
export function endOfLine(bytes: Buffer, start: number): number {
  const lf = bytes.indexOf(LF, start)
  const end = lf < 0 ? bytes.length : lf
  const cr = bytes.subarray(start, end).indexOf(CR)
  return cr < 0 ? end : start + cr
}

/** How many bytes the line end takes that stands there. */
export function lineEndLength(bytes: Buffer, end: number): number {
  return bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1
}

function csvScan(bytes: Buffer, { delimiter, quote }: CsvDialect): (start: number) => Scan {
  const separator = Buffer.from(delimiter, "utf8")
  const first = separator[0] as number
  const width = separator.length
  const quoteByte = quote === "" ? -1 : quote.charCodeAt(0)
  const isSeparator = (at: number) =>
    bytes[at] === first && (width === 1 || bytes.compare(separator, 0, width, at, at + width) === 0)
  const length = bytes.length
  const afterSpaces = (from: number) => {
    let i = from
    if (first !== SPACE) for (; i < length && bytes[i] === SPACE; i++);
    return i
  }

  return (start) => {
    let fields = 1
    let filled = 0
    let lines = 0
    let i = start
    for (;;) {
      const fieldStart = i
      i = afterSpaces(i)
      const quoted = bytes[i] === quoteByte
      if (quoted) {
        const open = i
        for (;;) {
          const close = bytes.indexOf(quoteByte, i + 1)
          lines += linesBetween(bytes, i + 1, close < 0 ? length : close)
          if (close < 0) return { end: length, fields, filled, lines, fault: "a quoted field is not closed" }
          i = close + 1
          if (bytes[i] !== quoteByte) break
        }
        if (i - open > 2) filled = fields
        i = afterSpaces(i)
        const byte = bytes[i]
        if (i < length && byte !== LF && byte !== CR && !isSeparator(i)) {
          return {
            end: endOfLine(bytes, i),
            fields,
            filled,
            lines,
            fault: "text after the closing quote of a field",
          }
        }
      } else {
        while (i < length) {
          const byte = bytes[i]
          if (byte === LF || byte === CR || (byte === first && isSeparator(i))) break
          i++
        }
        if (i > fieldStart) filled = fields
      }
      if (i >= length || bytes[i] === LF || bytes[i] === CR) {
        return { end: i, fields, filled, lines, fault: undefined }
      }
      i += width
      fields++
    }
  }
}

/** Empty fields beyond the expected ones are let pass: many exports write them. */
function wrongFields({ fields, filled }: Scan, expected: number): string | undefined {
  if (fields === expected || (fields > expected && filled <= expected)) return undefined
  return `${fields} field${fields === 1 ? "" : "s"} where ${expected} are expected`
}

/** Line ends between two places: LF, CR LF, or CR alone. */
function linesBetween(bytes: Buffer, from: number, to: number): number {
  let count = 0
  for (let i = bytes.indexOf(LF, from); i >= 0 && i < to; i = bytes.indexOf(LF, i + 1)) count++
  return count
}
