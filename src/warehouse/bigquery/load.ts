import { createReadStream } from "node:fs"
import { CartwrightError } from "../../core/errors.ts"
import type { Jobs } from "./jobs.ts"
import { checkColumnName, checkDatasetName, checkTableName } from "./names.ts"
import { type ErrorProto, JobFailure } from "./problem.ts"

/** What is loaded: objects in a bucket (`*` stands for any text), or bytes that can be read again from the start. */
export type LoadSource = { uris: readonly string[] } | { name: string; open: () => NodeJS.ReadableStream }

/** How the bytes are read. Text is UTF-8; gzip is recognised. */
export type LoadFormat =
  /** Every column is text: an empty field is null. The header line is left out; `columns` are in its order. */
  | { type: "csv"; columns: readonly string[]; delimiter?: string; header?: boolean }
  /** One JSON object a line, of which these columns are taken; a value that does not fit its GoogleSQL type makes the row a bad one. */
  | { type: "ndjson"; columns: readonly { name: string; type: string }[] }
  /** With the types of the file, which these columns have too. */
  | { type: "parquet"; columns?: readonly { name: string; type: string }[] }

export interface LoadRequest {
  dataset: string
  table: string
  source: LoadSource
  format: LoadFormat
  /** Whether the rows are added to those that are there, take their place, or must find none. */
  into: "append" | "replace" | "empty"
  /** How many rows may be bad before nothing is loaded. @defaultValue 0 */
  maxBadRows?: number
}

/** A row that could not be loaded. */
export interface RejectedRow {
  /** The object, where BigQuery says it. */
  file: string | undefined
  /** The line, counted from 1 with the header; undefined where only a position is known. */
  line: number | undefined
  /** Bytes before the row. */
  offset: number | undefined
  reason: string
}

export interface LoadResult {
  loaded: number
  rejected: number
  /** BigQuery tells of the first few only: there may be fewer here than were rejected. */
  rejectedRows: RejectedRow[]
  /** Whether an earlier attempt had loaded it. */
  takenOver: boolean
}

/** A place in a bucket for what is on its way into a table. */
export interface StagingArea {
  /** `gs://bucket/prefix` */
  readonly uri: string
  /** Sends the bytes in pieces, each of which is repeated where the connection breaks, and compares checksums. */
  writeIfAbsent(key: string, content: AsyncIterable<Uint8Array>): Promise<boolean>
  remove(key: string): Promise<void>
}

/**
 * Brings a file of this machine to where BigQuery reads it, for as long as `work` takes.
 * @param area without one, the file goes with the job, in one request
 * @param key of the file in the area: one that was never used
 */
export async function withSource<T>(
  path: string,
  area: StagingArea | undefined,
  key: string,
  work: (source: LoadSource) => Promise<T>,
): Promise<T> {
  if (area === undefined) return work({ name: path, open: () => createReadStream(path) })
  try {
    await area.writeIfAbsent(key, createReadStream(path))
    return await work({ uris: [`${area.uri}/${key}`] })
  } finally {
    // What cannot be removed is in nobody's way; a rule of the bucket may clear it (docs/bigquery.md).
    await area.remove(key).catch(() => undefined)
  }
}

/** How a job is sent together with the bytes to load. */
export type SendWithContent = (job: object, content: () => NodeJS.ReadableStream) => Promise<unknown>

interface LoadJob {
  project: string
  id: string
  labels: Record<string, string>
  sendWith: SendWithContent
}

/**
 * Runs a load job, which is free of charge and all or nothing.
 * @param id of the job: one that an earlier attempt started is taken over
 * @throws CartwrightError `load` with the first bad rows when there are more than may be; then no row was loaded
 */
export async function load(
  jobs: Jobs,
  request: LoadRequest,
  { project, id, labels, sendWith }: LoadJob,
): Promise<LoadResult> {
  const { source } = request
  const configuration = { load: configurationOf(project, request) }
  const send = "uris" in source ? {} : { send: (job: object) => sendWith(job, source.open) }
  try {
    const finished = await jobs.run({ id, labels, configuration, again: true, ...send })
    const { status, statistics } = await jobs.resource(finished.id)
    return {
      loaded: Number(statistics?.load?.outputRows ?? 0),
      rejected: Number(statistics?.load?.badRecords ?? 0),
      rejectedRows: (status?.errors ?? []).flatMap(rejectedRow),
      takenOver: finished.takenOver,
    }
  } catch (error) {
    throw badRows(error, request)
  }
}

function configurationOf(project: string, request: LoadRequest): object {
  const { dataset, table, source, format, into, maxBadRows = 0 } = request
  const dispositions = { append: "WRITE_APPEND", replace: "WRITE_TRUNCATE", empty: "WRITE_EMPTY" }
  return {
    destinationTable: {
      projectId: project,
      datasetId: checkDatasetName(dataset),
      tableId: checkTableName(table),
    },
    createDisposition: "CREATE_IF_NEEDED",
    writeDisposition: dispositions[into],
    maxBadRecords: maxBadRows,
    ...("uris" in source ? { sourceUris: source.uris } : {}),
    ...formatOf(format),
  }
}

function formatOf(format: LoadFormat): object {
  const typed = (columns: readonly { name: string; type: string }[]) =>
    columns.map(({ name, type }) => ({ name: checkColumnName(name), type }))
  if (format.type === "parquet") {
    const { columns } = format
    return {
      sourceFormat: "PARQUET",
      ...(columns === undefined ? {} : { schema: { fields: typed(columns) } }),
    }
  }
  if (format.type === "ndjson") {
    const fields = typed(format.columns)
    return { sourceFormat: "NEWLINE_DELIMITED_JSON", schema: { fields }, ignoreUnknownValues: true }
  }
  const schema = { fields: format.columns.map((name) => ({ name: checkColumnName(name), type: "STRING" })) }
  const { delimiter = ",", header = true } = format
  return {
    sourceFormat: "CSV",
    encoding: "UTF-8",
    allowQuotedNewlines: true,
    fieldDelimiter: delimiter,
    skipLeadingRows: header ? 1 : 0,
    schema,
  }
}

/** One entry of a job's errors: none of a row where it only says that there were too many. */
function rejectedRow({ message = "", location, reason }: ErrorProto): RejectedRow[] {
  const line = /line_number: (\d+)/i.exec(message)?.[1]
  const offset = /(?:byte_offset_to_start_of_line: |starting at position:? ?)(\d+)/i.exec(message)?.[1]
  if ((line === undefined && offset === undefined) || reason === undefined) return []
  const file = /\bFile: (\S+)/.exec(message)?.[1] ?? location
  const text = message
    .replace(/^Error while reading [^,]+, error message: /, "")
    .replace(/;? *line_number: .*$/s, "")
    .replace(/ *File: \S+$/, "")
  return [{ file, line: numberOf(line), offset: numberOf(offset), reason: text }]
}

const numberOf = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits))

function badRows(error: unknown, { dataset, table, maxBadRows = 0 }: LoadRequest): unknown {
  if (!(error instanceof CartwrightError) || !(error.cause instanceof JobFailure)) return error
  const rows = error.cause.errors.flatMap(rejectedRow)
  if (rows.length === 0) return error
  const told = rows.map(({ file, line, offset, reason }) => {
    const where = line === undefined ? `byte ${offset}` : `line ${line}`
    return `${file ?? "the file"}, ${where}: ${reason}`
  })
  return new CartwrightError("load", `more than ${maxBadRows} rows cannot be loaded: ${told.join("; ")}`, {
    place: `${dataset}.${table}`,
    next: "Correct the rows, or let more of them be left out.",
    state: "No row of the load was taken.",
    cause: error,
  })
}
