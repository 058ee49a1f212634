import { columnNames } from "../core/csv.ts"
import { CartwrightError } from "../core/errors.ts"
import type { ManifestFile } from "../lake/manifest.ts"
import { LONGEST_RECORD } from "../storage/codec/records.ts"
import { quoteIdentifier, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"

/** Files that are read alike, where the engine can open them, in UTF-8. */
export interface Batch {
  paths: string[]
  file: ManifestFile
  /** Whether these are copies without header and without broken records, every line ended by a line feed. */
  cleaned: boolean
}

/** A relation with one text column per delivered column. */
export interface TextRelation {
  columns: string[]
  /** SQL of each column as text, by its place in `columns`. */
  expressions: string[]
  /** What the files say each column's type is; undefined where they say nothing, as CSV does. */
  types: (string | undefined)[]
  /** SQL of the relation. */
  from: string
}

/** Lines that are no JSON objects keep a landing from being read at once. */
export class BrokenLines extends Error {}

/**
 * What the engine reads of some files, every column as text.
 * @throws BrokenLines when a line of NDJSON is no object
 */
export async function textRelation(
  session: Session,
  batch: Batch,
  nullText: readonly string[],
): Promise<TextRelation> {
  const { format, columns } = batch.file
  if (format === "csv") return csvRelation(batch, nullText)
  if (format === "parquet") return parquetRelation(session, batch, nullText)
  const source = format === "ndjson" ? linesOf(batch) : objectsOf(batch)
  return jsonRelation(session, source, columns, nullText)
}

/** All columns of some relations, in the order of first appearance; letter case does not make another column. */
export function unionColumns(relations: readonly TextRelation[]): string[] {
  const byName = new Map<string, string>()
  for (const { columns } of relations) {
    for (const column of columns)
      if (!byName.has(column.toLowerCase())) byName.set(column.toLowerCase(), column)
  }
  return [...byName.values()]
}

/** What some relations say of each column's type: all that differ, in their order. */
export function unionTypes(
  columns: readonly string[],
  relations: readonly TextRelation[],
): (string | undefined)[] {
  const types = new Map(columns.map((column) => [column.toLowerCase(), new Set<string>()]))
  for (const relation of relations) {
    for (const [i, column] of relation.columns.entries()) {
      const type = relation.types[i]
      if (type !== undefined) types.get(column.toLowerCase())?.add(type)
    }
  }
  return columns.map((column) => [...(types.get(column.toLowerCase()) ?? [])].join(" | ") || undefined)
}

/** The texts of the lines that are no JSON objects. */
export async function linesWithoutObject(session: Session, batch: Batch): Promise<Set<string>> {
  const found = await session.rows(
    `select distinct line from ${linesOf(batch)} where line is not null and not ${IS_OBJECT}`,
  )
  return new Set(found.map((row) => row["line"] as string))
}

const IS_OBJECT = "(json_valid(line) and json_type(case when json_valid(line) then line end) = 'OBJECT')"

function csvRelation(batch: Batch, nullText: readonly string[]): TextRelation {
  const { header, delimiter, quote, columns } = batch.file
  const nulls = ["", ...nullText]
  const from = readCsv(batch, { header: header && !batch.cleaned, delimiter, quote, columns, nulls })
  return { columns, expressions: columns.map(quoteIdentifier), types: columns.map(() => undefined), from }
}

/** The lines of text files, one per row, blank ones null. */
function linesOf(batch: Batch): string {
  return readCsv(batch, { header: false, delimiter: "\u0001", quote: "", columns: ["line"], nulls: [""] })
}

// In place, the engine's own longest line of 2 MB: its buffers are sixteen lines long, for each thread.
const CLEANED = `, new_line = '\\n', max_line_size = ${LONGEST_RECORD}, buffer_size = ${LONGEST_RECORD * 2}`

interface CsvReading {
  header: boolean
  delimiter: string
  quote: string
  columns: readonly string[]
  nulls: readonly string[]
}

function readCsv(batch: Batch, { header, delimiter, quote, columns, nulls }: CsvReading): string {
  const types = columns.map((column) => `${quoteLiteral(column)}: 'VARCHAR'`).join(", ")
  return `read_csv(${list(batch.paths)}, auto_detect = false, header = ${header}, delim = ${quoteLiteral(delimiter)},
    quote = ${quoteLiteral(quote)}, escape = ${quoteLiteral(quote)}, columns = {${types}}, nullstr = ${list(nulls)},
    compression = ${quoteLiteral(batch.file.compression)}, hive_partitioning = false
    ${batch.cleaned ? CLEANED : ""})`
}

function objectsOf({ paths, file }: Batch): string {
  return `(select json::varchar as line from read_json_objects(${list(paths)}, format = 'auto',
    compression = ${quoteLiteral(file.compression === "none" ? "uncompressed" : file.compression)}, maximum_object_size = ${LONGEST_RECORD},
    hive_partitioning = false))`
}

async function jsonRelation(
  session: Session,
  source: string,
  seenFirst: readonly string[],
  nullText: readonly string[],
): Promise<TextRelation> {
  const found = await session.rows(
    `select keys, count(*) as n from (
      select case when ${IS_OBJECT} then json_keys(line) end as keys from ${source} where line is not null)
    group by all`,
  )
  const broken = found.find((row) => row["keys"] === null)
  if (broken !== undefined) throw new BrokenLines(`${Number(broken["n"])} values are no JSON objects`)
  const all = new Set(found.flatMap((row) => row["keys"] as string[]))
  const keys = [...new Set([...seenFirst.filter((key) => all.has(key)), ...[...all].sort()])]
  if (keys.length === 0) throw new CartwrightError("load", "its JSON objects have no keys")
  const values = keys.map((_, i) => withoutNullText(`nullif(v[${i + 1}], '')`, nullText))
  const pointers = keys.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)
  return {
    columns: columnNames(keys),
    expressions: values,
    types: await jsonTypes(session, source, pointers),
    from: `(select json_extract_string(line, ${list(pointers)}) as v from ${source} where line is not null)`,
  }
}

/** How many objects tell the types of their values. */
const OBJECTS_LOOKED_AT = 2048
/** A type is a column's when so many of its values have it. */
const MOST = 0.9

async function jsonTypes(
  session: Session,
  source: string,
  pointers: readonly string[],
): Promise<(string | undefined)[]> {
  const found = await session.rows<{ place: bigint; type: string }>(
    `with looked as (select json_type(line, ${list(pointers)}) as types
       from (select line from ${source} where line is not null limit ${OBJECTS_LOOKED_AT})),
     each_type as (
       select unnest(range(${pointers.length})) as place, unnest(types) as type from looked),
     named as (
       select place, case when type in ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') then 'number' when type = 'VARCHAR' then 'string'
         else lower(type) end as type from each_type where type is not null and type <> 'NULL')
     select place, type from named group by place, type
     qualify count(*) >= ${MOST} * sum(count(*)) over (partition by place)`,
  )
  const types = new Map(found.map(({ place, type }) => [Number(place), `JSON ${type}`]))
  return pointers.map((_, i) => types.get(i))
}

async function parquetRelation(
  session: Session,
  { paths }: Batch,
  nullText: readonly string[],
): Promise<TextRelation> {
  const from = `read_parquet(${list(paths)}, hive_partitioning = false)`
  const { columns, types } = await session.result(`select * from ${from} limit 0`)
  const values = columns.map((column, i) => asText(quoteIdentifier(column), types[i] as string))
  return {
    columns: columnNames(columns),
    expressions: values.map((value) => withoutNullText(value, nullText)),
    types,
    from,
  }
}

/** A value as the text that bronze keeps; the session's time zone has no say. */
function asText(value: string, type: string): string {
  if (type === "VARCHAR") return `nullif(${value}, '')`
  if (type === "TIMESTAMP WITH TIME ZONE") return `make_timestamp(epoch_us(${value}))::varchar`
  if (type === "TIMESTAMP_NS") return `${value}::timestamp::varchar`
  if (/\[\d*\]$|^(?:STRUCT|MAP|UNION|LIST)\b/.test(type)) return `to_json(${value})::varchar`
  return `${value}::varchar`
}

function withoutNullText(value: string, nullText: readonly string[]): string {
  if (nullText.length === 0) return value
  return `case when ${value} in (${nullText.map(quoteLiteral).join(", ")}) then null else ${value} end`
}

function list(texts: readonly string[]): string {
  return `[${texts.map(quoteLiteral).join(", ")}]`
}
