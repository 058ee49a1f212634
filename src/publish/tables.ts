import { CartwrightError } from "../core/errors.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"

/** From this many rows on, a fact table is written by month: readers of a few months then open a few files. */
const PARTITION_FROM_ROWS = 1_000_000

/** A table to publish, with what its partitions hold. */
export interface TableToPublish {
  name: string
  schema: string
  columns: { name: string; type: string }[]
  /** Its rows, with the types that they are published with. */
  select: string
  /** The SQL of the partition's month as a number, e.g. 202601; undefined for a table in one piece. */
  partitionBy: string | undefined
  /** Rows and fingerprint by partition: `2026-01`, `undated`, `""` for a table in one piece. */
  contents: Map<string, { rows: number; fingerprint: string }>
}

/**
 * The tables and views of these schemas, with a fingerprint per partition. Columns whose names begin with `_` say how a
 * table came about and stay in the warehouse.
 * @param only those to take, as `schema.table`; undefined for all
 * @throws CartwrightError `publish` when two schemas hold a table of the same name, or there is nothing to publish
 */
export async function tablesToPublish(
  session: Session,
  warehouse: Warehouse,
  schemas: readonly string[],
  only: readonly string[] | undefined,
): Promise<TableToPublish[]> {
  const places = [...new Set(schemas)]
  const found = await session.rows<
    Record<"table_schema" | "table_name" | "column_name" | "data_type", string>
  >(
    `select c.table_schema, c.table_name, c.column_name, c.data_type
     from information_schema.columns c
     where c.table_catalog = current_database() and c.table_schema in (${places.map((_, i) => `$${i + 1}`).join(", ")})
       and not contains(c.table_name, '__dbt_') and not starts_with(c.column_name, '_')
     order by c.table_name, c.table_schema, c.ordinal_position`,
    places,
  )
  const tables = new Map<string, Described>()
  for (const row of found) {
    const name = row.table_name
    const schema = row.table_schema
    if (only !== undefined && !only.includes(`${schema}.${name}`)) continue
    const table: Described = tables.get(name) ?? { name, schema, columns: [] }
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
    // A 128-bit integer, which sums are, would become a floating point number in Parquet.
    table.columns.push({ name: row.column_name, type: row.data_type.replace(/^U?HUGEINT$/, "DECIMAL(38,0)") })
    tables.set(name, table)
  }
  if (tables.size === 0) {
    throw new CartwrightError("publish", `there is no table to publish in ${places.join(", ")}`, {
      next: "Run `cartwright transform` first.",
      state: "Nothing was published.",
    })
  }
  const result: TableToPublish[] = []
  for (const table of tables.values()) result.push(await withContents(session, warehouse, table))
  return result
}

type Described = Pick<TableToPublish, "name" | "schema" | "columns">

async function withContents(
  session: Session,
  warehouse: Warehouse,
  table: Described,
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
  const hash = `hash(${table.columns.map(({ name }) => warehouse.quote(name)).join(", ")})`
  const rows = await session.rows<{ month: bigint; n: bigint; fingerprint: string }>(
    `select ${partitionBy ?? "-1::bigint"} as month, count(*) as n, sum(${hash})::varchar as fingerprint from ${from} group by 1`,
  )
  const contents = new Map(
    rows.map((row) => [
      partitionOf(Number(row.month)),
      { rows: Number(row.n), fingerprint: `${row.n}:${row.fingerprint}` },
    ]),
  )
  if (contents.size === 0) contents.set("", { rows: 0, fingerprint: "0:" })
  return { ...table, select: `select ${list.join(", ")} from ${from}`, partitionBy, contents }
}

/** From how many rows on a table is written by month; undefined for one that always is one piece. */
export function monthlyFromRows({
  name,
  columns,
}: Pick<Described, "name"> & { columns: readonly { name: string }[] }): number | undefined {
  const byMonth = name.startsWith("fact_") && columns.some((column) => column.name === "date_key")
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
