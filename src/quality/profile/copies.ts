import { quoteIdentifier } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import { type FoundReference, isNumber } from "./facts.ts"
import { wordsOf } from "./names.ts"
import type { Reference } from "./report.ts"

/** Rows that are compared with the row they refer to. */
const COMPARED = 5_000
/** With fewer, equality may be chance. */
const FEWEST = 20
/** With more pairs of columns, only those whose names end alike are compared. */
const MOST_PAIRS = 1000
/** A copy equals its original in so many of the rows: prices and names change after they were copied. */
const EQUAL = 0.9

/**
 * The columns of the referring table that repeat, row for row, a column of the table referred to; whatever either is
 * called. Looked at in a sample of rows.
 */
export async function copiesAlong(session: Session, reference: FoundReference): Promise<Reference["copies"]> {
  const { child, column, parent, key } = reference
  const own = child.columns.filter((each) => each !== column && each.profile.distinct > 1)
  const theirs = parent.columns.filter((each) => each !== key && each.profile.distinct > 0)
  const alike = own.flatMap((a) =>
    theirs.filter((b) => a.profile.type.name === b.profile.type.name).map((b) => ({ a, b })),
  )
  const pairs = alike.length <= MOST_PAIRS ? alike : alike.filter(({ a, b }) => endAlike(a.name, b.name))
  if (pairs.length === 0) return []
  const counted = pairs.map(({ a, b }, i) => {
    const [c, p] = [`c.${quoteIdentifier(a.name)}`, `p.${quoteIdentifier(b.name)}`]
    const equal = isNumber(a) ? `(${c} = ${p} or ${nearly(c, p)})` : `${c} = ${p}`
    return `count(*) filter (${equal}) as e${i}, count(*) filter (${c} is not null or ${p} is not null) as n${i}`
  })
  const [f, k] = [quoteIdentifier(column.name), quoteIdentifier(key.name)]
  const [found] = await session.rows<Record<string, bigint>>(
    `with c as materialized (select * from ${child.table} where ${f} in (select v from ${key.values}) limit ${COMPARED}),
       p as (select * from ${parent.table} where ${k} in (select ${f} from c) qualify row_number() over (partition by ${k}) = 1)
     select ${counted.join(", ")} from c join p on c.${f} = p.${k}`,
  )
  const copies = pairs.flatMap(({ a, b }, i) => {
    const rows = Number(found?.[`n${i}`] ?? 0)
    const share = rows === 0 ? 0 : Number(found?.[`e${i}`] ?? 0) / rows
    return rows >= FEWEST && share >= EQUAL ? [{ column: a.name, of: b.name, share }] : []
  })
  const best = new Map<string, (typeof copies)[number]>()
  for (const copy of copies) if (copy.share > (best.get(copy.column)?.share ?? 0)) best.set(copy.column, copy)
  return reference.by !== "inclusion"
    ? determined(session, reference, [...best.values()])
    : [...best.values()]
}

/** Where few rows find what they refer to, the others must bear it out: equal references have equal copies. */
async function determined(
  session: Session,
  { child, column }: FoundReference,
  copies: Reference["copies"],
): Promise<Reference["copies"]> {
  if (copies.length === 0) return []
  const values = copies.map((copy, i) => `count(distinct ${quoteIdentifier(copy.column)}) as d${i}`)
  const agreeing = copies.map((_, i) => `(count(*) filter (d${i} <= 1) / count(*))::double as s${i}`)
  const reference = quoteIdentifier(column.name)
  const [found] = await session.rows<Record<string, number | null>>(
    `select ${agreeing.join(", ")} from (select ${values.join(", ")} from ${child.table} where ${reference} is not null group by ${reference})`,
  )
  return copies.filter((_, i) => (found?.[`s${i}`] ?? 0) >= EQUAL)
}

function endAlike(a: string, b: string): boolean {
  return wordsOf(a).at(-1) === wordsOf(b).at(-1)
}

function nearly(a: string, b: string): string {
  return `abs(try_cast(${a} as double) - try_cast(${b} as double)) <= 1e-6 * abs(try_cast(${b} as double))`
}
