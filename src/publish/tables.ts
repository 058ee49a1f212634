import { CartwrightError } from "../core/errors.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"
import type { PublishedTable, PublishedVersion } from "./version.ts"

/**
 * From this many rows on, a fact table is written by month: readers of a few months then open a few files, and a new day
 * writes one month anew.
 */
const PARTITION_FROM_ROWS = 100_000

/** A table to publish, with what its partitions hold. */
export interface TableToPublish {
  name: string
  schema: string
  columns: { name: string; type: string }[]
  /** Its rows, with the types that they are published with; a `where` may follow. */
  select: string
  /** The SQL of the partition's month as a number, e.g. 202601; undefined for a table in one piece. */
  partitionBy: string | undefined
  /** By partition: `2026-01`, `undated`, `""` for a table in one piece. */
  contents: Map<string, PartitionContent>
  /** The condition of the rows that were written since the version before; undefined where that is not known. */
  isAdded: string | undefined
}

export interface PartitionContent {
  rows: number
  /** Of the rows' content; undefined where the signature is believed and the rows are not read. */
  fingerprint: string | undefined
  /** Equal where no row was written or removed since, without looking at the rows; for tables whose rows carry `_cut`. */
  signature: string | undefined
  /** The rows that were written since the version before; undefined where that is not known. */
  added: number | undefined
}

/** What counts the cuts of the rows. */
export interface Cuts {
  /** The schema of the table `cuts`. */
  schema: string
  /** Whether rows with the same cuts are the same; false where anything but dbt may have changed the warehouse. */
  believed: boolean
}

/**
 * These tables and views, as far as they are there, with what tells each partition from others. Columns whose names begin with `_`
 * say how a table came about and stay in the warehouse.
 * @param wanted as `schema.table`
 * @param cuts where they are believed, the rows of tables that have them are not read
 * @param previous the version before, which the same engine wrote
 * @returns also `others`: what lies in the same schemas and was not wanted, as `schema.table`
 * @throws CartwrightError `publish` when two schemas hold a table of the same name, or there is nothing to publish
 */
export async function tablesToPublish(
  session: Session,
  warehouse: Warehouse,
  wanted: readonly string[],
  cuts: Cuts | undefined,
  previous: PublishedVersion | undefined,
): Promise<{ tables: TableToPublish[]; others: string[] }> {
  const { described, others } = await describe(session, wanted)
  if (described.length === 0) {
    throw new CartwrightError("publish", "there is no table to publish", {
      next: "Put a model into the star or the marts (`schema: marts`) and run `cartwright run`; where tables were removed by hand, run `cartwright transform --full-refresh` first.",
      state: "Nothing was published.",
    })
  }
  const origin = cuts === undefined ? undefined : await originOfCuts(session, cuts.schema)
  const tables: TableToPublish[] = []
  for (const table of described) {
    tables.push(
      await withContents(session, warehouse, table, {
        origin: table.hasCuts ? origin : undefined,
        believed: table.hasCuts && origin !== undefined && cuts?.believed === true,
        before: previous?.tables[table.name],
      }),
    )
  }
  return { tables, others }
}

async function describe(
  session: Session,
  wanted: readonly string[],
): Promise<{ described: Described[]; others: string[] }> {
  const schemas = [...new Set(wanted.map((table) => table.slice(0, table.indexOf("."))))]
  const found =
    schemas.length === 0
      ? []
      : await session.rows<Record<"table_schema" | "table_name" | "column_name" | "data_type", string>>(
          `select c.table_schema, c.table_name, c.column_name, c.data_type
           from information_schema.columns c
           where c.table_catalog = current_database() and c.table_schema in (${schemas.map((_, i) => `$${i + 1}`).join(", ")})
             and not contains(c.table_name, '__dbt_') and (not starts_with(c.column_name, '_') or c.column_name = '_cut')
           order by c.table_name, c.table_schema, c.ordinal_position`,
          schemas,
        )
  const tables = new Map<string, Described>()
  const others = new Set<string>()
  for (const row of found) {
    const name = row.table_name
    const schema = row.table_schema
    if (!wanted.includes(`${schema}.${name}`)) {
      others.add(`${schema}.${name}`)
      continue
    }
    const table: Described = tables.get(name) ?? { name, schema, columns: [], hasCuts: false }
    if (table.schema !== schema) {
      throw new CartwrightError(
        "publish",
        `two datasets hold a table named ${name}: ${table.schema} and ${schema}`,
        {
          next: "Rename one of the two models; a published table is known by its name alone.",
          state: "Nothing was published.",
        },
      )
    }
    tables.set(name, table)
    if (row.column_name === "_cut") {
      table.hasCuts = true
      continue
    }
    // A 128-bit integer, which sums are, would become a floating point number in Parquet.
    table.columns.push({ name: row.column_name, type: row.data_type.replace(/^U?HUGEINT$/, "DECIMAL(38,0)") })
  }
  return { described: [...tables.values()], others: [...others] }
}

type Described = Pick<TableToPublish, "name" | "schema" | "columns"> & { hasCuts: boolean }

/** What tells the cuts of this warehouse from those of another one; undefined where it counts none. */
async function originOfCuts(session: Session, schema: string): Promise<string | undefined> {
  const [there] = await session.rows(
    "select 1 from information_schema.tables where table_catalog = current_database() and table_schema = $1 and table_name = 'cuts'",
    [schema],
  )
  if (there === undefined) return undefined
  const [first] = await session.rows<{ id: string }>(
    `select invocation_id as id from "${schema.replaceAll('"', '""')}".cuts order by cut limit 1`,
  )
  return first?.id
}

async function withContents(
  session: Session,
  warehouse: Warehouse,
  table: Described,
  {
    origin,
    believed,
    before,
  }: { origin: string | undefined; believed: boolean; before: PublishedTable | undefined },
): Promise<TableToPublish> {
  const from = `${warehouse.quote(table.schema)}.${warehouse.quote(table.name)}`
  const list = table.columns.map(({ name, type }) => {
    const column = warehouse.quote(name)
    return type === "DECIMAL(38,0)" ? `cast(${column} as ${type}) as ${column}` : column
  })
  const threshold = monthlyFromRows(table)
  const large =
    threshold !== undefined &&
    Number((await session.rows<{ n: bigint }>(`select count(*) as n from ${from}`))[0]?.n) >= threshold
  const partitionBy = large ? MONTH : undefined
  const month = partitionBy ?? "-1::bigint"
  const contents = new Map<string, PartitionContent>()
  const cut = origin !== undefined && believed ? newestCut(before, origin) : undefined
  const isAdded = cut === undefined ? undefined : `_cut > ${cut}`
  if (origin !== undefined) {
    const rows = await session.rows<{ month: bigint; n: bigint; cut: bigint; added: bigint }>(
      `select ${month} as month, count(*) as n, max(_cut) as cut, count(*) filter (where ${isAdded ?? "false"}) as added
       from ${from} group by 1`,
    )
    for (const row of rows) {
      contents.set(partitionOf(Number(row.month)), {
        rows: Number(row.n),
        fingerprint: undefined,
        signature: `${origin}:${row.n}:${row.cut}`,
        added: isAdded === undefined ? undefined : Number(row.added),
      })
    }
  }
  if (!believed) {
    const hash = `hash(${table.columns.map(({ name }) => warehouse.quote(name)).join(", ")})`
    const rows = await session.rows<{ month: bigint; n: bigint; fingerprint: string }>(
      `select ${month} as month, count(*) as n, sum(${hash})::varchar as fingerprint from ${from} group by 1`,
    )
    for (const row of rows) {
      const partition = partitionOf(Number(row.month))
      contents.set(partition, {
        rows: Number(row.n),
        fingerprint: `${row.n}:${row.fingerprint}`,
        signature: contents.get(partition)?.signature,
        added: undefined,
      })
    }
  }
  if (contents.size === 0)
    contents.set("", { rows: 0, fingerprint: "0:", signature: undefined, added: undefined })
  return {
    name: table.name,
    schema: table.schema,
    columns: table.columns,
    select: `select ${list.join(", ")} from ${from}`,
    partitionBy,
    contents,
    isAdded,
  }
}

/** The newest cut of what a version holds of a table; undefined where not all of it was counted, or by another warehouse. */
function newestCut(table: PublishedTable | undefined, origin: string): bigint | undefined {
  let newest: bigint | undefined
  for (const { signature } of Object.values(table?.partitions ?? {})) {
    const [counted, , text = ""] = signature?.split(":") ?? []
    if (counted !== origin || !/^\d+$/.test(text)) return undefined
    const cut = BigInt(text)
    if (newest === undefined || cut > newest) newest = cut
  }
  return newest
}

/** From how many rows on a table is written by month; undefined for one that always is one piece. */
export function monthlyFromRows({
  name,
  columns,
}: Pick<Described, "name"> & { columns: readonly { name: string }[] }): number | undefined {
  const byMonth = /^(fact|fct)_/.test(name) && columns.some((column) => column.name === "date_key")
  return byMonth ? PARTITION_FROM_ROWS : undefined
}

/** The name of a month's partition. */
export function partitionOf(month: number): string {
  if (month < 0) return ""
  if (month === 0) return "undated"
  const digits = String(month).padStart(6, "0")
  return `${digits.slice(0, 4)}-${digits.slice(4)}`
}

/** The month of a partition's name. */
export function monthOf(partition: string): number {
  return partition === "undated" ? 0 : Number(partition.replace("-", ""))
}

/** The month of `date_key` (yyyymmdd); rows without a date have fixed members, which are negative. */
const MONTH = "case when date_key > 0 then cast(date_key as bigint) // 100 else 0 end"
