import { type CsvDialect, columnNames, parseCsvHead } from "../../core/csv.ts"
import { CartwrightError } from "../../core/errors.ts"
import type { Encoding, FileFormat } from "../../core/file-format.ts"
import { decodeText } from "../../storage/codec/decode.ts"
import { utf16 } from "./encoding-watch.ts"
import type { DatasetDeclaration } from "./declaration.ts"

/** What the declaration may state about how its files are read. */
export type StatedFormat = Pick<DatasetDeclaration, "format" | "delimiter" | "quote" | "encoding" | "header">

/** The compression of a file by its first bytes. */
export function sniffCompression(head: Uint8Array): FileFormat["compression"] {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip"
  if (startsWith(head, [0x28, 0xb5, 0x2f, 0xfd])) return "zstd"
  return "none"
}

export function isParquet(head: Uint8Array): boolean {
  return startsWith(head, [0x50, 0x41, 0x52, 0x31])
}

/** The beginning of a text file: what it is and its first records. */
export interface SniffedText {
  format: "csv" | "ndjson" | "json"
  dialect: CsvDialect
  header: boolean
  columns: string[]
  /** The records after the header that the beginning holds, at most {@link SAMPLE_RECORDS}. */
  records: (string | null)[][]
}

const SAMPLE_RECORDS = 100

/**
 * Looks at the beginning of a decompressed file that is not Parquet.
 * @param whole the beginning is all there is
 * @throws CartwrightError `extract` when it is no text
 */
export function sniffText(
  head: Uint8Array,
  encoding: Encoding,
  whole: boolean,
  stated: StatedFormat,
): SniffedText {
  refuseBinary(head, stated)
  const text = decodeText(head, encoding)
  const format = stated.format === "parquet" ? undefined : (stated.format ?? sniffFormat(text, whole))
  if (format === undefined) {
    throw new CartwrightError("extract", "the file is not Parquet, as its data set states", {
      next: "Correct `format` of the data set, or leave it out.",
    })
  }
  if (format !== "csv") {
    const { columns, records } = jsonSample(text, format)
    return { format, dialect: { delimiter: ",", quote: '"' }, header: true, columns, records }
  }
  const quote = stated.quote ?? '"'
  const delimiter = stated.delimiter ?? sniffDelimiter(text, quote, whole)
  const dialect = { delimiter, quote }
  const header = stated.header ?? true
  const found = parseCsvHead(text, dialect, SAMPLE_RECORDS + 1, whole)
  const width = found[0]?.length ?? 0
  const columns = columnNames(header ? (found[0] ?? []) : Array.from({ length: width }, () => ""))
  const records = (header ? found.slice(1) : found).map((record) =>
    columns.map((_, i) => (record[i] === undefined || record[i] === "" ? null : record[i])),
  )
  return { format, dialect, header, columns, records }
}

function sniffFormat(text: string, whole: boolean): SniffedText["format"] {
  const start = text.trimStart()
  if (start[0] === "[" && /^\[\s*(?:[[{"\d\-tfn\]]|$)/.test(start)) return "json"
  if (start[0] !== "{") return "csv"
  const firstLine = start.split("\n", 1)[0] as string
  if (parsesAsJson(firstLine)) return "ndjson"
  return /^\{\s*(?:"|\}|$)/.test(start) && (firstLine.length < start.length || !whole) ? "json" : "csv"
}

const DELIMITERS = [",", ";", "\t", "|"]

/** The delimiter under which the first records have the most fields in common with the very first one. */
function sniffDelimiter(text: string, quote: string, whole: boolean): string {
  let best = { delimiter: ",", score: 0 }
  for (const delimiter of DELIMITERS) {
    const records = parseCsvHead(text, { delimiter, quote }, SAMPLE_RECORDS, whole)
    const width = records[0]?.length ?? 0
    if (width < 2) continue
    const alike = records.filter((record) => record.length === width).length / records.length
    const score = alike * 1000 + width
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

function jsonSample(
  text: string,
  format: "ndjson" | "json",
): { columns: string[]; records: (string | null)[][] } {
  const objects = format === "ndjson" ? text.split("\n").map(parseObject) : leadingObjects(text)
  const found = objects.filter((object) => object !== undefined).slice(0, SAMPLE_RECORDS)
  const columns = [...new Set(found.flatMap((object) => Object.keys(object)))]
  const records = found.map((object) =>
    columns.map((column) => {
      const value = object[column]
      if (value === undefined || value === null) return null
      return typeof value === "string" ? value : JSON.stringify(value)
    }),
  )
  return { columns, records }
}

/** The objects at the beginning of an array or of a row of objects, up to where the text is cut off. */
function leadingObjects(text: string): Record<string, unknown>[] {
  const objects: Record<string, unknown>[] = []
  let depth = 0
  let start = -1
  let inString = false
  for (let i = 0; i < text.length && objects.length < SAMPLE_RECORDS; i++) {
    const character = text[i]
    if (inString) {
      if (character === "\\") i++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === "{" && depth++ === 0) start = i
    else if (character === "}" && --depth === 0) {
      const object = parseObject(text.slice(start, i + 1))
      if (object !== undefined) objects.push(object)
    }
  }
  return objects
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function parsesAsJson(text: string): boolean {
  return parseObject(text) !== undefined
}

const KNOWN_BINARIES: [name: string, magic: number[]][] = [
  ["a zip archive or an Excel workbook", [0x50, 0x4b, 0x03, 0x04]],
  ["an old Excel or Office document", [0xd0, 0xcf, 0x11, 0xe0]],
  ["a PDF document", [0x25, 0x50, 0x44, 0x46]],
  ["a SQLite database", [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66]],
  ["an Avro file", [0x4f, 0x62, 0x6a, 0x01]],
  ["a bzip2 archive", [0x42, 0x5a, 0x68, 0x39]],
  ["an xz archive", [0xfd, 0x37, 0x7a, 0x58]],
  ["a PNG image", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG image", [0xff, 0xd8, 0xff]],
]

function refuseBinary(head: Uint8Array, stated: StatedFormat): void {
  const known = KNOWN_BINARIES.find(([, magic]) => startsWith(head, magic))
  const wide = utf16(head) !== undefined || stated.encoding?.startsWith("utf-16")
  const controls = wide ? 0 : head.subarray(0, 4096).filter(isControl).length
  if (known === undefined && controls <= Math.min(head.length, 4096) * 0.02) return
  throw new CartwrightError(
    "extract",
    known === undefined
      ? "the file is binary, not text"
      : `the file is ${known[0]}, not a text or Parquet file`,
    {
      choices: ["csv", "ndjson", "json", "parquet"],
      next: "Export it as one of these, plain or as gzip or zstd.",
    },
  )
}

function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c && byte !== 0x1b
}

function startsWith(bytes: Uint8Array, magic: number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte)
}
