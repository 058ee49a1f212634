import { quoteIdentifier } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"
import type { TextRelation } from "./relations.ts"
import { rowHash } from "./row-hash.ts"

/** How a staging table is made. */
export interface StagingShape {
  /** Name as SQL. */
  table: string
  /** Whether it goes with the session, or will become a log. */
  temporary: boolean
  /** SQL of reserved columns that are the same in all rows, by name. */
  constants: Readonly<Record<string, string>>
  /** When given, `_seq` becomes this plus the record's number. */
  seqBase: bigint | undefined
  /** Columns that the log does not take: they are staged, but have no part in `_row_hash`. @defaultValue none */
  leavesOut?: ((column: string) => boolean) | undefined
}

/** Adds a relation's records to the staging table, creating it with the first. @returns how many rows it has then */
export async function stage(
  session: Session,
  shape: StagingShape,
  columns: readonly string[],
  relation: TextRelation,
  first: boolean,
): Promise<number> {
  const target = first
    ? `create ${shape.temporary ? "temp " : ""}table ${shape.table} as`
    : `insert into ${shape.table}`
  await session.run(`${target} ${stagingQuery(shape, columns, relation)}`)
  const [row] = await session.rows(`select count(*) as n from ${shape.table}`)
  return Number(row?.["n"])
}

function stagingQuery(shape: StagingShape, columns: readonly string[], relation: TextRelation): string {
  const places = new Map(relation.columns.map((name, i) => [name.toLowerCase(), relation.expressions[i]]))
  const inner = columns.map(
    (column) => `${places.get(column.toLowerCase()) ?? "null::varchar"} as ${quoteIdentifier(column)}`,
  )
  const extras: Record<string, string> = {
    ...shape.constants,
    _row_number: "0::bigint",
    _row_hash: rowHash(columns.filter((column) => shape.leavesOut?.(column) !== true)),
    ...(shape.seqBase === undefined ? {} : { _seq: "0::bigint" }),
  }
  const outer = ORDER.flatMap((name) => (extras[name] === undefined ? [] : [`${extras[name]} as ${name}`]))
  return `select *, ${outer.join(", ")} from (select ${inner.join(", ")} from ${relation.from})`
}

const ORDER = [
  "_landing_id",
  "_row_number",
  "_row_hash",
  "_op",
  "_seq",
  "_extracted_at",
  "_as_of",
  "_loaded_at",
]

/** How many rows one update numbers, so that memory stays bounded. */
const ROWS_PER_UPDATE = 5_000_000

/**
 * Numbers the staged records. A table's row ids follow the order in which the records were read; a window function
 * would give the same, but only by giving up reading in parallel. Rejected records, in `_rejected`, count too.
 */
export async function numberRows(
  session: Session,
  staged: { table: string; rows: number; rejected: number },
  seqBase: bigint | undefined,
): Promise<void> {
  const [last] = await session.rows(`select coalesce(max(rowid) + 1, 0) as n from ${staged.table}`)
  if (Number(last?.["n"]) !== staged.rows) throw new Error(`the row ids of ${staged.table} have gaps`)
  const assign = (number: string) =>
    `_row_number = ${number}${seqBase === undefined ? "" : `, _seq = ${seqBase} + ${number}`}`
  for (let start = 0; start < staged.rows; start += ROWS_PER_UPDATE) {
    const range = (id: string) => `${id} >= ${start} and ${id} < ${start + ROWS_PER_UPDATE}`
    if (staged.rejected === 0) {
      await session.run(`update ${staged.table} set ${assign("rowid + 1")} where ${range("rowid")}`)
      continue
    }
    // The j-th rejected record moves every accepted record behind it by one: those from row id `its number - j` on.
    await session.run(`update ${staged.table} set ${assign("moved.number")} from (
        select r.id, r.id + 1 + coalesce(s.places, 0) as number
        from (select rowid as id from ${staged.table} where ${range("rowid")}) r
        asof left join (select first_id, max(j) as places from (
          select row_number - row_number() over (order by row_number) as first_id,
            row_number() over (order by row_number) as j from _rejected) group by all) s
        on r.id >= s.first_id) moved
      where ${staged.table}.rowid = moved.id`)
  }
}
