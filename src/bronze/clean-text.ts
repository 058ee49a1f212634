import { type FileHandle, open } from "node:fs/promises"
import type { ManifestFile } from "../lake/manifest.ts"
import {
  type FoundRecord,
  endOfLine,
  lineEndLength,
  type RecordShape,
  visitRecords,
} from "../storage/codec/records.ts"
import { environmentError } from "../storage/local/system-errors.ts"

/** A text as the engine reads it without complaint, and what was left out of it. */
export interface CleanedText {
  /** Sound records, the header aside. */
  sound: number
  rejected: number
}

/** What is done with each record that is no row: its line, its number among the file's records, its text, the reason. */
export type OnRejected = (line: number, ordinal: number, rawText: string, reason: string) => void

/** A raw text longer than this is kept up to here. Characters. */
const LONGEST_RAW_TEXT = 10_000

/**
 * Copies a text record by record, leaving out those that are no rows. Every copied record ends with a line feed, the
 * header is left out, and in NDJSON a blank line stands for what was left out.
 * @param bytes UTF-8
 * @param path where the copy goes
 * @param isBroken lines that are to be left out for a reason found elsewhere
 */
export async function cleanText(
  bytes: AsyncIterable<Uint8Array>,
  file: ManifestFile,
  path: string,
  onRejected: OnRejected,
  isBroken: (text: string) => string | undefined = () => undefined,
): Promise<CleanedText> {
  const shape = shapeOf(file)
  const counts = { sound: 0, rejected: 0 }
  let headerPending = file.format === "csv" && file.header
  const out = await LineWriter.to(path)
  const visit = (bytes: Buffer, record: FoundRecord) => {
    if (headerPending) {
      headerPending = false
      return
    }
    const text = () => bytes.toString("utf8", record.start, record.end)
    const fault = record.fault ?? (shape.kind === "lines" ? isBroken(text()) : undefined)
    if (fault === undefined) {
      counts.sound++
      out.line(bytes, record.start, record.end)
      return
    }
    counts.rejected++
    if (shape.kind === "lines") out.line(bytes, record.end, record.end)
    onRejected(record.line, counts.sound + counts.rejected, text().slice(0, LONGEST_RAW_TEXT), fault)
  }
  try {
    for await (const { buffer, records } of recordsOf(bytes, shape)) {
      for (const record of records) visit(buffer, record)
      await out.flush()
    }
  } finally {
    await out.close()
  }
  return counts
}

export function shapeOf(file: ManifestFile): RecordShape {
  return file.format === "csv"
    ? {
        kind: "csv",
        dialect: { delimiter: file.delimiter, quote: file.quote },
        fields: file.columns.length,
      }
    : { kind: "lines" }
}

/** The records of a text, buffer by buffer; the header of a CSV file is the first of them. Memory: a record and a chunk. */
export async function* recordsOf(
  bytes: AsyncIterable<Uint8Array>,
  shape: RecordShape,
): AsyncIterable<{ buffer: Buffer; records: FoundRecord[] }> {
  let rest: Buffer = Buffer.alloc(0)
  let line = 1
  let begun = false
  let lineGoesOn = false
  // A record that fills the buffer is looked at again only when there is twice as much of it.
  let enough = 0
  const visit = (final: boolean) => {
    const records: FoundRecord[] = []
    const done = visitRecords(rest, shape, final, line, (record) => records.push(record))
    const seen = { buffer: rest, records }
    rest = rest.subarray(done.consumed)
    line = done.line
    lineGoesOn = done.lineGoesOn
    enough = rest.length * 2
    return seen
  }
  for await (const chunk of bytes) {
    rest = Buffer.concat([rest, chunk])
    if (!begun && rest.length < BOM.length) continue
    if (!begun && rest.subarray(0, BOM.length).equals(BOM)) rest = rest.subarray(BOM.length)
    begun = true
    if (lineGoesOn) {
      const end = endOfLine(rest, 0)
      lineGoesOn = end >= rest.length - 1
      rest = rest.subarray(lineGoesOn ? Math.max(0, rest.length - 1) : end + lineEndLength(rest, end))
    }
    if (!lineGoesOn && rest.length >= enough) yield visit(false)
  }
  if (!lineGoesOn) yield visit(true)
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** Writes lines, each ended by a line feed. Lines that follow each other so in the buffer are written in one piece. */
class LineWriter {
  readonly #path: string
  readonly #file: FileHandle
  #pieces: Buffer[] = []
  #open: { bytes: Buffer; start: number; end: number } | undefined

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  static async to(path: string): Promise<LineWriter> {
    return new LineWriter(path, await open(path, "w"))
  }

  line(bytes: Buffer, start: number, end: number): void {
    const before = this.#open
    if (before?.bytes === bytes && start === before.end + 1 && bytes[before.end] === LINE_FEED[0]) {
      before.end = end
      return
    }
    this.#closePiece()
    this.#open = { bytes, start, end }
  }

  #closePiece(): void {
    if (this.#open === undefined) return
    const { bytes, start, end } = this.#open
    this.#pieces.push(bytes.subarray(start, end), LINE_FEED)
    this.#open = undefined
  }

  async flush(): Promise<void> {
    this.#closePiece()
    const bytes = Buffer.concat(this.#pieces)
    this.#pieces = []
    try {
      for (let done = 0; done < bytes.length; ) done += (await this.#file.write(bytes, done)).bytesWritten
    } catch (error) {
      throw environmentError("writing", this.#path, error)
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

const LINE_FEED = Buffer.from("\n")
