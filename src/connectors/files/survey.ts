import { open } from "node:fs/promises"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import type { FileFormat } from "../../core/file-format.ts"
import { decompressor } from "../../storage/codec/decompress.ts"
import { EncodingWatch } from "./encoding-watch.ts"
import { filesBelow } from "./folder-files.ts"
import type { FoundFile } from "./found-file.ts"
import { inspectFile } from "./inspect.ts"
import { describeParquet } from "./engine-look.ts"
import { isParquet, type SniffedText, sniffCompression, sniffText, type StatedFormat } from "./sniff.ts"

/** What is found out about a file by looking at its beginning. */
export interface SurveyedFile extends FileFormat {
  /** Absolute path. */
  path: string
  /** Path relative to the surveyed folder, `/`-separated. */
  name: string
  /** Bytes, as delivered. */
  size: number
  /** Column names, as bronze will have them. */
  columns: string[]
  /** The first rows, one text or null per column. */
  sampleRows: (string | null)[][]
  /** Why the file cannot be used: empty, a header without records, binary, truncated … */
  problem?: string
}

const HEAD_BYTES = 1 << 18
const SAMPLE_ROWS = 20

/**
 * Finds the data files under a folder, by name, and looks into each. Hidden files, and those whose names begin with `_`
 * as writers of Parquet leave them, are passed over.
 * @param wanted which files, by their path below the folder
 * @throws CartwrightError `input` when the folder cannot be listed
 */
export async function surveyFolder(
  path: string,
  stated: StatedFormat = {},
  wanted: (name: string) => boolean = () => true,
): Promise<SurveyedFile[]> {
  let found: FoundFile[]
  try {
    found = await filesBelow(path)
  } catch (cause) {
    throw new CartwrightError("input", `cannot list the folder: ${messageOf(cause)}`, {
      place: path,
      next: "Name a folder that exists and that this user may read.",
      cause,
    })
  }
  const surveyed: SurveyedFile[] = []
  for (const file of found) {
    if (!/(?:^|\/)_[^/]*$/.test(file.name) && wanted(file.name)) surveyed.push(await surveyFile(file, stated))
  }
  return surveyed
}

async function surveyFile(file: FoundFile, stated: StatedFormat): Promise<SurveyedFile> {
  const survey: SurveyedFile = {
    path: file.place,
    name: file.name,
    size: file.size,
    format: "csv",
    compression: "none",
    encoding: "utf-8",
    delimiter: ",",
    quote: '"',
    header: true,
    columns: [],
    sampleRows: [],
  }
  try {
    if (file.size === 0) return { ...survey, problem: "the file is empty" }
    const head = await readHead(file.place)
    if (isParquet(head)) {
      const { columns, sample, rows } = await describeParquet(file.place, SAMPLE_ROWS)
      const found = { ...survey, format: "parquet" as const, columns, sampleRows: sample }
      return rows === 0n ? { ...found, problem: NO_RECORDS } : found
    }
    const whole = head.length === file.size
    const sniffed = await sniffHead(head, whole, stated)
    Object.assign(survey, sniffed)
    // A small file is looked at to its end, as it will be when it lands.
    if (whole) await requireSound(file.place, head, stated)
    if (survey.sampleRows.length === 0 && whole) return { ...survey, problem: NO_RECORDS }
    return isProse(survey) ? { ...survey, problem: "the file is no table: its lines have no fields" } : survey
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { ...survey, problem: error.message }
  }
}

/** A text without delimiters reads as a table of one column; its first line tells notes from a column's name. */
function isProse({ format, columns }: SurveyedFile): boolean {
  const [only, ...others] = columns
  return format === "csv" && others.length === 0 && (only ?? "").split(/\s+/).length > 4
}

const NO_RECORDS = "the file holds no records, only a header or an empty list"

async function sniffHead(
  head: Uint8Array,
  whole: boolean,
  stated: StatedFormat,
): Promise<Partial<SurveyedFile>> {
  const compression = sniffCompression(head)
  const content: Uint8Array[] = []
  const encodings = new EncodingWatch()
  const machine = decompressor(compression, (chunk) => {
    content.push(chunk)
    encodings.push(chunk)
  })
  await machine.push(head)
  if (whole) await machine.finish()
  const encoding = stated.encoding ?? encodings.encoding()
  const text: SniffedText = sniffText(Buffer.concat(content), encoding, whole, stated)
  return {
    format: text.format,
    compression,
    encoding,
    ...text.dialect,
    header: text.header,
    columns: text.columns,
    sampleRows: text.records.slice(0, SAMPLE_ROWS),
  }
}

async function requireSound(path: string, content: Uint8Array, stated: StatedFormat): Promise<void> {
  const inspection = inspectFile(path, stated)
  await inspection.push(content)
  await inspection.finish()
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
