import { quoteIdentifier } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import type { ColumnFacts, TableFacts } from "./facts.ts"
import { isIdLike, wordsOf } from "./names.ts"
import type { NearlyKey } from "./report.ts"

type RowFacts = Pick<TableFacts, "distinctRows" | "keys" | "nearlyKeys">

/** A column that is named like a key may fail to be it in this share of the rows, or in one, of at least ten. */
const NEARLY = 0.02
const FEWEST_ROWS = 10
/** A composite key is looked for among so many columns; with two of them, then with three. */
const COLUMNS_TRIED = 8
/** With no more rows all composites are counted in one go; with more they are estimated first. */
const COUNTED_AT_ONCE = 10_000
/** So many composites that the estimate leaves are counted exactly. */
const COUNTED = 6
/** The estimate of distinct combinations may be this far below the truth. */
const ESTIMATE_OFF = 0.85

/**
 * Counts the distinct rows, and finds the columns that tell them apart: single ones, else pairs, else triples. Distinct
 * rows, because a file that repeats whole rows still has its key.
 */
export async function rowFacts(
  session: Session,
  table: string,
  rows: number,
  columns: readonly ColumnFacts[],
): Promise<RowFacts> {
  const whole = columns.filter(({ profile }) => profile.nulls === 0 && rows > 0)
  const unique = whole.filter(({ profile }) => profile.distinct === rows)
  const nearlyKeys: NearlyKey[] = []
  if (rows < 2) return { distinctRows: rows, keys: [], nearlyKeys }
  if (unique.length > 0) {
    nearlyKeys.push(...nearly(columns, rows, unique))
    return { distinctRows: rows, keys: byLikelihood(unique).map((each) => [each]), nearlyKeys }
  }
  const [found] = await session.rows<{ n: bigint }>(
    `select count(*) as n from (select distinct * from ${table})`,
  )
  const distinctRows = Number(found?.n ?? 0)
  const single = distinctRows < 2 ? [] : whole.filter(({ profile }) => profile.distinct === distinctRows)
  const keys = byLikelihood(single).map((each) => [each])
  nearlyKeys.push(...nearly(columns, distinctRows, single))
  if (single.length > 0 || nearlyKeys.length > 0) return { distinctRows, keys, nearlyKeys }
  for (const size of [2, 3]) {
    const keys = await composites(session, table, distinctRows, whole, size)
    if (keys.length > 0) return { distinctRows, keys, nearlyKeys }
  }
  return { distinctRows, keys: [], nearlyKeys }
}

/** Where a column named like an id is a key, only what is called id and nothing else is missed as one. */
function nearly(
  columns: readonly ColumnFacts[],
  distinctRows: number,
  keys: readonly ColumnFacts[],
): NearlyKey[] {
  if (distinctRows < FEWEST_ROWS) return []
  const named = keys.some(({ name }) => isIdLike(name))
  const failing = Math.max(1, distinctRows * NEARLY)
  return columns
    .filter(({ name, profile }) => isIdLike(name) && distinctRows - profile.distinct <= failing)
    .filter((column) => !keys.includes(column) && (!named || wordsOf(column.name).length === 1))
    .map(({ name, profile }) => ({
      column: name,
      missing: profile.nulls,
      repeated: Math.max(0, distinctRows - profile.nulls - profile.distinct),
    }))
}

/** Amounts and free texts may tell rows apart by chance; ids do so by purpose. */
/** The keys that are so by purpose: those with a name for it; without any, short texts and whole numbers. */
export function likelyKeys({ keys, columns }: TableFacts): string[][] {
  const single = keys.flatMap((key) => (key.length === 1 ? key : []))
  if (single.length === 0) return keys
  const found = columns.filter(({ name }) => single.includes(name))
  const named = found.filter(({ name }) => isIdLike(name))
  const plain = found.filter(({ profile }) => rankOfType(profile) === 0 && profile.personal === null)
  const [best] = [named, plain].filter((each) => each.length > 0)
  return single.filter((key) => best?.some(({ name }) => name === key)).map((key) => [key])
}

function rankOfType({ type, length }: ColumnFacts["profile"]): 0 | 4 {
  return ["integer", "text"].includes(type.name) && (length?.max ?? 0) <= 64 ? 0 : 4
}

function byLikelihood(columns: readonly ColumnFacts[]): string[] {
  const rank = ({ name, profile }: ColumnFacts) => (isIdLike(name) ? 0 : 2) + rankOfType(profile)
  return columns
    .map((column, i) => ({ column, i }))
    .sort((a, b) => rank(a.column) - rank(b.column) || a.i - b.i)
    .map(({ column }) => column.name)
}

async function composites(
  session: Session,
  table: string,
  distinctRows: number,
  columns: readonly ColumnFacts[],
  size: number,
): Promise<string[][]> {
  const candidates = columns
    .filter(({ profile }) => profile.distinct > 1 && !["decimal", "json"].includes(profile.type.name))
    .sort(
      (a, b) =>
        Number(isIdLike(b.name)) - Number(isIdLike(a.name)) || b.profile.distinct - a.profile.distinct,
    )
    .slice(0, COLUMNS_TRIED)
  const possible = combinations(candidates, size).filter(
    (chosen) => chosen.reduce((product, { profile }) => product * profile.distinct, 1) >= distinctRows,
  )
  if (possible.length === 0) return []
  const list = (chosen: readonly ColumnFacts[]) => chosen.map(({ name }) => quoteIdentifier(name)).join(", ")
  const few = distinctRows <= COUNTED_AT_ONCE
  const counts = possible.map((chosen, i) =>
    few
      ? `count(distinct row(${list(chosen)})) as n${i}`
      : `approx_count_distinct(hash(${list(chosen)})) as n${i}`,
  )
  const [counted] = await session.rows<Record<string, bigint>>(`select ${counts.join(", ")} from ${table}`)
  const needed = few ? distinctRows : distinctRows * ESTIMATE_OFF
  const likely = possible.filter((_, i) => Number(counted?.[`n${i}`] ?? 0) >= needed).slice(0, COUNTED)
  const keys: string[][] = []
  for (const chosen of likely) {
    const [exact] = few
      ? [{ n: distinctRows }]
      : await session.rows<{ n: bigint }>(
          `select count(*) as n from (select distinct ${list(chosen)} from ${table})`,
        )
    if (Number(exact?.n ?? 0) === distinctRows)
      keys.push(columns.filter((column) => chosen.includes(column)).map(({ name }) => name))
  }
  return keys
}

function combinations<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]]
  return items.flatMap((item, i) => combinations(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]))
}
