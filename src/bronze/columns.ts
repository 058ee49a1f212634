import type { Manifest } from "../lake/manifest.ts"
import { quoteIdentifier, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"
import type { LoadContext } from "./load-context.ts"
import type { Staged } from "./stage-landing.ts"

/** What the text of a value can be read as, the narrower before the wider, each with the pattern of its texts. */
const VALUE_TYPES = {
  integer: "[+-]?\\d+",
  number: "[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?",
  boolean: "(?i)true|false",
  date: "\\d{4}-\\d{2}-\\d{2}",
  timestamp: "\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}.*",
  other_date: "\\d{1,4}[/.]\\d{1,2}[/.]\\d{1,4}( .*)?",
} as const
export type ValueType = keyof typeof VALUE_TYPES
const TYPES = Object.keys(VALUE_TYPES) as ValueType[]

/** One column of a landing, as it was delivered. */
export interface ColumnFacts {
  name: string
  /** What Parquet or JSON say its type is; null for CSV, and where JSON has no one type. */
  physicalType: string | null
  /** How many values of the sample there are, and how many of these can be read as each type. */
  values: number
  reads: Readonly<Record<ValueType, number>>
  /** Whether bronze takes it; not so where the data set's schema is frozen. */
  taken: boolean
}

const STRIPES = 16
const ROWS_PER_STRIPE = 128

/**
 * Looks at a landing's columns: names, types, and a sample of values in stripes over the whole table, so that the cost
 * (about 15 ms) does not depend on its size. The same content gives the same facts.
 */
export async function observeColumns(session: Session, staged: Staged): Promise<ColumnFacts[]> {
  const columns = staged.columns.map(quoteIdentifier).join(", ")
  const stripes =
    staged.rows <= STRIPES * ROWS_PER_STRIPE
      ? [`select ${columns} from ${staged.table}`]
      : Array.from({ length: STRIPES }, (_, i) => {
          const start = Math.floor((i * (staged.rows - ROWS_PER_STRIPE)) / (STRIPES - 1))
          return `select ${columns} from ${staged.table} where rowid >= ${start} and rowid < ${start + ROWS_PER_STRIPE}`
        })
  const counts = TYPES.map(
    (type) =>
      `count(*) filter (regexp_full_match(value, ${quoteLiteral(VALUE_TYPES[type])}))::integer as ${type}`,
  )
  const found = await session.rows<Record<ValueType | "n", number> & { name: string }>(
    `select name, count(*)::integer as n, ${counts.join(", ")}
     from (unpivot (${stripes.join(" union all ")}) on * into name name value value) group by name`,
  )
  const byName = new Map(found.map((row) => [row.name, row]))
  const leftOut = new Set(staged.leftOut)
  return staged.columns.map((name, i) => {
    const row = byName.get(name)
    return {
      name,
      physicalType: staged.types[i] ?? null,
      values: row?.n ?? 0,
      reads: reads((type) => row?.[type] ?? 0),
      taken: !leftOut.has(name),
    }
  })
}

/** Forgets what was seen of a landing's columns, which is to be recorded anew. */
export async function forgetColumns({ session, names }: LoadContext, { landingId }: Manifest): Promise<void> {
  await session.run(`delete from ${names.landingColumns} where landing_id = ?`, [landingId])
}

/** Keeps what was seen of a landing's columns. */
export async function recordColumns(
  { session, names, warehouse }: LoadContext,
  landing: Manifest,
  columns: readonly ColumnFacts[],
): Promise<void> {
  const text = (value: string) => warehouse.literal(value)
  const which = [landing.landingId, landing.source, landing.dataset].map(text).join(", ")
  const rows = columns.map(({ name, physicalType, values, reads: counts, taken }, i) => {
    const type = physicalType === null ? "null" : text(physicalType)
    const numbers = [values, ...TYPES.map((each) => counts[each])].join(", ")
    return `(${which}, ${i + 1}, ${text(name)}, ${type}, ${numbers}, ${taken})`
  })
  await session.run(`insert into ${names.landingColumns} values ${rows.join(", ")}`)
}

/** What is kept of a landing's columns, in order; undefined where it was never read by a version that keeps it. */
export async function columnsOf(
  { session, names }: LoadContext,
  { landingId }: Manifest,
): Promise<ColumnFacts[] | undefined> {
  const counts = TYPES.map((type) => `${type}s as read_${type}`)
  const rows = await session.rows<
    { name: string; physical_type: string | null; taken: boolean } & Record<
      "n" | `read_${ValueType}`,
      number | bigint
    >
  >(
    `select column_name as name, physical_type, sampled_values as n, ${counts.join(", ")}, is_taken as taken
     from ${names.landingColumns} where landing_id = ? order by position`,
    [landingId],
  )
  if (rows.length === 0) return undefined
  return rows.map((row) => ({
    name: row.name,
    physicalType: row.physical_type,
    values: Number(row.n),
    reads: reads((type) => Number(row[`read_${type}`])),
    taken: row.taken,
  }))
}

function reads(count: (type: ValueType) => number): Record<ValueType, number> {
  return Object.fromEntries(TYPES.map((type) => [type, count(type)])) as Record<ValueType, number>
}
