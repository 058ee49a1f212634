import type { Session } from "../../warehouse/warehouse.ts"
import type { ColumnFacts } from "./facts.ts"
import type { ColumnProfile } from "./report.ts"

/** With more distinct values than these, patterns are counted over a sample of so many. */
const EXACT_UP_TO = 50_000
const SAMPLED = 10_000
const SHOWN = 5
const LONGEST = 60

/**
 * What the values look like: `A` stands for capital letters, `a` for small ones, `x` for those of scripts without
 * either, one or more of them each; `9` for one digit. In numbers `9` stands for one digit or more.
 */
export async function patternsOf(
  session: Session,
  { values, profile }: ColumnFacts,
): Promise<Pick<ColumnProfile, "patterns" | "patternsExact">> {
  const { type, distinct } = profile
  if (type.name === "json" || type.format === "uuid" || type.format === "hash" || type.name === "boolean")
    return { patterns: [], patternsExact: true }
  const exact = distinct <= EXACT_UP_TO
  const from = exact ? values : `(select v, n from ${values} order by hash(v), v limit ${SAMPLED})`
  const digits = type.name === "integer" || type.name === "decimal" ? "\\d+" : "\\d"
  const pattern = [
    [digits, "9"],
    ["\\p{M}+", ""],
    ["\\p{Ll}+", "a"],
    ["\\p{Lu}+", "A"],
    ["[\\p{Lo}\\p{Lm}\\p{Lt}]+", "x"],
    ["[\\p{Nd}\\p{Nl}\\p{No}]", "9"],
  ].reduce((sql, [from, to]) => `regexp_replace(${sql}, '${from}', '${to}', 'g')`, `left(v, ${LONGEST})`)
  const found = await session.rows<{ pattern: string; share: number }>(
    `select pattern, (sum(n) / any_value(total))::double as share
     from (select ${pattern} as pattern, n, sum(n) over () as total from ${from})
     group by pattern having sum(n) >= any_value(total) * 0.01 order by share desc, pattern limit ${SHOWN}`,
  )
  return { patterns: found.map(({ pattern, share }) => ({ pattern, share })), patternsExact: exact }
}
