import { createReadStream, createWriteStream } from "node:fs"
import { mkdir, rm, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { pipeline } from "node:stream/promises"
import { createGzip } from "node:zlib"
import { quoteIdentifier, quoteLiteral } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import type { DirtRates } from "../dirt/kinds.ts"
import { drawn, plant, type Planting, spoilBytes, spoilt, spoiltColumns } from "../dirt/plant.ts"
import type { Settings } from "../options.ts"
import type { Randomness } from "../random.ts"
import { type Column, csvText, typedValue } from "./columns.ts"
import type { TableShape } from "./tables.ts"

/** How files are written. */
export interface FileKind {
  format: Settings["format"]
  /** Follows a time of day in text files. */
  zone: string
  /** The defects to plant, if any. */
  rates: DirtRates | undefined
  random: Randomness
}

/**
 * Writes one file of a table.
 * @param name the file's path as the record of defects has it
 * @returns rows written, those added as duplicates included, and the file's size in bytes
 */
export async function writeTable(
  session: Session,
  shape: TableShape,
  path: string,
  name: string,
  kind: FileKind,
): Promise<{ rows: number; bytes: number }> {
  await mkdir(dirname(path), { recursive: true })
  const zipped = kind.format === "csv.gz"
  const plain = zipped ? path.slice(0, -".gz".length) : path
  const dirt = kind.rates && planting(shape, name, kind, kind.rates)
  const spoils = dirt !== undefined && (await plant(session, dirt)) > 0
  const rows = await session.run(copyStatement(shape, plain, kind, spoils ? dirt : undefined))
  if (spoils && kind.rates?.invalidBytes) await spoilBytes(plain)
  if (zipped) await gzip(plain, path)
  return { rows, bytes: (await stat(path)).size }
}

function planting(shape: TableShape, file: string, kind: FileKind, rates: DirtRates): Planting {
  return {
    shape,
    file,
    rates,
    format: kind.format,
    random: kind.random,
    text: (column) => csvText(column, kind.zone),
    payload: (columns) =>
      isCsv(kind) ? csvLine(columns, kind.zone) : `struct_pack(${typedList(columns, kind, ":=")})`,
  }
}

function copyStatement(shape: TableShape, path: string, kind: FileKind, dirt: Planting | undefined): string {
  const to = quoteLiteral(path)
  if (!isCsv(kind)) {
    const options =
      kind.format === "ndjson" ? "format json" : "format parquet, compression snappy, row_group_size 122880"
    return `copy (${typedRows(shape, kind, dirt)}) to ${to} (${options})`
  }
  const header = shape.columns.map((column) => column.name).join(",")
  return `copy (select line as ${quoteIdentifier(header)} from (${csvLines(shape, kind, dirt)})) to ${to}
    (format csv, header true, quote '', escape '', delimiter '\x01')`
}

/** SQL: each row as its line. Every value that may need quotes is quoted here, so the writer adds none. */
function csvLines(shape: TableShape, kind: FileKind, dirt: Planting | undefined): string {
  const line = shape.fast?.line ?? csvLine
  const rows = shape.fast?.rows(kind.zone) ?? shape.rows()
  const good = line(shape.columns, kind.zone)
  const sorted = !shape.ordered
  if (dirt === undefined) return inOrder(sorted, `select key, ${good} as line from (${rows})`)
  const either = spoilt(dirt, good, (defect) =>
    defect.line ? defect.line(good) : line(spoiltColumns(shape, defect), kind.zone),
  )
  const spoiltRows = inOrder(sorted, `select key, ${either} as line from (${drawn(dirt, rows)})`)
  return `select line from (${spoiltRows}) union all select payload ${AGAIN}`
}

function typedRows(shape: TableShape, kind: FileKind, dirt: Planting | undefined): string {
  if (dirt === undefined) {
    const rows = `select key, ${typedList(shape.columns, kind, "as")} from (${shape.rows()})`
    return `select * exclude (key) from (${inOrder(!shape.ordered, rows)})`
  }
  const values = shape.columns.map((column, at) => {
    const value = spoilt(dirt, typed(column, kind), (defect) => {
      if (defect.column !== column.name) return undefined
      return typed(spoiltColumns(shape, defect)[at] ?? column, kind)
    })
    return `${value} as ${quoteIdentifier(column.name)}`
  })
  const rows = `select key, ${values.join(", ")} from (${drawn(dirt, shape.rows())})`
  return `select * exclude (key) from (${inOrder(!shape.ordered, rows)}) union all select unnest(payload) ${AGAIN}`
}

/** The rows that are planted once more. */
const AGAIN = "from (select * from planted where again order by at_row)"

function inOrder(sorted: boolean, rows: string): string {
  return sorted ? `select * from (${rows}) order by key` : rows
}

function isCsv(kind: FileKind): boolean {
  return kind.format === "csv" || kind.format === "csv.gz"
}

function csvLine(columns: readonly Column[], zone: string): string {
  return columns.map((column) => csvText(column, zone)).join(" || ',' || ")
}

/** SQL: a value of a typed file. In JSON times are text, as BigQuery exports them. */
function typed(column: Column, kind: FileKind): string {
  const json = kind.format === "ndjson" && column.kind === "time"
  return json ? `(${typedValue(column)}::varchar || '${kind.zone}')` : typedValue(column)
}

/** SQL: the values of a typed file, named. */
function typedList(columns: readonly Column[], kind: FileKind, naming: "as" | ":="): string {
  return columns
    .map((column) => {
      const name = quoteIdentifier(column.name)
      return naming === "as" ? `${typed(column, kind)} as ${name}` : `${name} := ${typed(column, kind)}`
    })
    .join(", ")
}

async function gzip(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createGzip({ level: 5 }), createWriteStream(to))
  await rm(from)
}
