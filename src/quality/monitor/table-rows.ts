import { expectedRange, LEAST_HISTORY, type Range, WINDOW } from "./expectation.ts"
import type { Rule } from "./measures.ts"
import { count } from "./wording.ts"

/** How many rows a table had, noted when that was another number than before; a row of `meta.table_rows`. */
export interface RowCount {
  /** `dataset.table`. */
  table: string
  /** When it was counted: ISO, UTC. */
  at: string
  rows: number
}

/** How the number of a table's rows fares against what it was before. */
export interface TableHealth {
  table: string
  rows: number
  /** Since when it has been that many: ISO, UTC. */
  since: string
  /** How many there were before that; null where this is the first count. */
  rowsBefore: number | null
  /** How many earlier numbers there are to learn from, at most {@link WINDOW}, and how many it takes before anything alarms. */
  counts: number
  needed: number
  /** What the number was expected to be; null while learning. */
  usualRows: Range | null
  /** What is unusual about it, in words; null where nothing is. */
  message: string | null
}

/** More numbers than these of a table change nothing in what is told. */
export const COUNTS_READ = WINDOW + 1

/** A table holds all that ever was: a tenth of it is much. */
const RULE: Rule = { kind: "total", direction: "both", leastRelative: 0.1, leastAbsolute: 20, leastRows: 0 }

/** How each table fares, by name. @param counts in any order */
export function tableHealth(counts: readonly RowCount[]): TableHealth[] {
  const tables = [...new Set(counts.map(({ table }) => table))].sort()
  return tables.map((name) => {
    const own = counts.filter(({ table }) => table === name).sort((a, b) => (a.at < b.at ? -1 : 1))
    return healthOf(own.at(-1) as RowCount, own.slice(-COUNTS_READ, -1))
  })
}

function healthOf({ table, at, rows }: RowCount, before: readonly RowCount[]): TableHealth {
  const points = before.map((each) => ({ at: Date.parse(each.at), value: each.rows, ofRows: null }))
  const range = expectedRange(points, { at: Date.parse(at), ofRows: null }, RULE)
  const unusual = range !== undefined && (rows < range.low || rows > range.high)
  return {
    table,
    rows,
    since: at,
    rowsBefore: before.at(-1)?.rows ?? null,
    counts: before.length,
    needed: LEAST_HISTORY,
    usualRows: range ?? null,
    message: unusual
      ? `${table}: ${count(rows)} ${rows === 1 ? "row" : "rows"}, usually ${count(Math.ceil(range.low))} to ${count(Math.floor(range.high))}, since ${at.slice(0, 10)}`
      : null,
  }
}
