import { quoteIdentifier } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import {
  type ColumnFacts,
  type ColumnLook,
  isIdentifier,
  isNumber,
  LONGEST_READ,
  readings,
  readValues,
} from "./facts.ts"
import { patternsOf } from "./patterns.ts"
import { isIdLike } from "./names.ts"
import { personalKind } from "./personal.ts"
import { BEGINNINGS, hasLeadingZero, isNullText, type Reading, READINGS } from "./readings.ts"
import type { ColumnProfile, ColumnType } from "./report.ts"
import { suspicionsOf } from "./suspicions.ts"

/** From a sample of the distinct values the reading is chosen; then every value is tried. */
const SAMPLE = { full: 500, verdict: 100 }
/** The share of the values that must fit a reading for it to be the column's. */
const FITTING = 0.9

/**
 * Profiles one column. The column is reduced to its distinct values once; all that follows reads these.
 * @param values SQL name for the temporary table of distinct values
 */
export async function profileColumn(look: ColumnLook, name: string, values: string): Promise<ColumnFacts> {
  const { session, table, rows, depth } = look
  const column = quoteIdentifier(name)
  await session.run(
    `create temp table ${values} as select ${column} as v, count(*) as n from ${table} where ${column} is not null group by 1`,
  )
  const [basics] = await session.rows<Numbers>(
    `select count(*) as distinct_values, coalesce(sum(n), 0) as filled, min(length(v)) as shortest, max(length(v)) as longest,
       coalesce(sum(n) filter (trim(v, ' \t\r\n\u00a0') = ''), 0) as blanks
     from ${values}`,
  )
  const count = (key: string) => Number(basics?.[key] ?? 0)
  const filled = count("filled")
  const chosen = await chooseReading(session, name, values, SAMPLE[depth])
  const reading = chosen.reading
  const profile: ColumnProfile = {
    name,
    type: { name: filled === 0 ? "nothing" : "text", format: chosen.format, fits: filled, of: filled },
    nulls: rows - filled,
    blanks: count("blanks"),
    distinct: count("distinct_values"),
    min: null,
    max: null,
    numbers: null,
    length: filled === 0 ? null : { min: count("shortest"), max: count("longest") },
    patterns: [],
    patternsExact: true,
    top: [],
    suspicious: [],
    personal: null,
  }
  const facts: ColumnFacts = { name, rows, values, isRead: false, reading, profile, kind: null }
  if (filled === 0) {
    profile.suspicious = rows === 0 ? [] : await suspicionsOf(look, facts)
    return facts
  }
  if (reading !== undefined) {
    await session.run(`create temp table ${values}_read as ${readings(facts)}; drop table ${values}`)
    Object.assign(facts, { values: `${values}_read`, isRead: true })
  }
  const typed = await typedStatistics(session, facts)
  profile.min = typed.min
  profile.max = typed.max
  if (reading !== undefined) profile.type = typeOf(reading, typed.fits, filled)
  facts.kind = await personalKind(session, facts, depth)
  if (depth === "verdict") return facts
  if (isNumber(facts) && !isIdentifier(facts)) profile.numbers = await distribution(session, facts)
  Object.assign(profile, await patternsOf(session, facts))
  const top = await session.rows<{ v: string; n: bigint }>(
    `select left(v, ${LONGEST_READ}) as v, n from ${facts.values} order by n desc, v limit 8`,
  )
  profile.top = top.map(({ v, n }) => ({ value: v, rows: Number(n), share: Number(n) / filled }))
  profile.suspicious = await suspicionsOf(look, facts)
  return facts
}

type Numbers = Record<string, bigint | number | null>

async function chooseReading(
  session: Session,
  name: string,
  values: string,
  sample: number,
): Promise<{ reading: Reading | undefined; format: string | null }> {
  const sampled = `${values}_sample`
  await session.run(
    `create temp table ${sampled} as select v, n from (select v, n from ${values} order by hash(v), v limit ${sample})
     where not ${isNullText}`,
  )
  const beginnings = Object.entries(BEGINNINGS).map(
    ([name, pattern]) => `coalesce(bool_or(regexp_matches(v, '${pattern}')), false) as ${name}`,
  )
  const [begins] = await session.rows<Record<string, boolean>>(
    `select ${beginnings.join(", ")} from ${sampled}`,
  )
  const tried = READINGS.filter(
    (each) =>
      (each.named === undefined || each.named.test(name)) &&
      (each.begins === undefined || begins?.[each.begins] === true),
  )
  const counts = tried.map(({ value }, i) => `coalesce(sum(n) filter (${value} is not null), 0) as r${i}`)
  const [found] = await session.rows<Numbers>(
    `select coalesce(sum(n), 0) as all_values, coalesce(sum(n) filter (${hasLeadingZero}), 0) as leading_zeros, ${counts.join(", ")}
     from ${sampled}`,
  )
  await session.run(`drop table ${sampled}`)
  const all = Number(found?.["all_values"] ?? 0)
  const leadingZeros = Number(found?.["leading_zeros"] ?? 0)
  let best: { reading: Reading; fits: number } | undefined
  for (const [i, reading] of tried.entries()) {
    const fits = Number(found?.[`r${i}`] ?? 0)
    if (all > 0 && fits >= all * FITTING && fits > (best?.fits ?? 0)) best = { reading, fits }
  }
  const integers = Number(found?.[`r${tried.findIndex(({ type }) => type === "integer")}`] ?? 0)
  // Whole numbers of which some begin with zero are codes, however few these are.
  if (leadingZeros > 0 && leadingZeros + integers >= all * FITTING && best?.reading.type !== "date")
    return { reading: undefined, format: "digits, some with leading zeros" }
  // Codes that are mostly digits are texts all the same: an invoice C536365 is no mistake.
  const number = best?.reading.type === "integer" || best?.reading.type === "decimal"
  if (best !== undefined && number && isIdLike(name) && best.fits < all)
    return { reading: undefined, format: null }
  return { reading: best?.reading, format: best?.reading.format ?? null }
}

function typeOf({ type: name, format }: Reading, fits: number, of: number): ColumnType {
  return { name, format, fits, of }
}

async function typedStatistics(
  session: Session,
  facts: ColumnFacts,
): Promise<{ fits: number; min: string | null; max: string | null }> {
  const { reading } = facts
  const ordered = reading !== undefined && reading.type !== "text" && reading.type !== "json"
  const [found] = await session.rows<{ fits: bigint; least: string | null; greatest: string | null }>(
    `select coalesce(sum(n) filter (x is not null), 0) as fits,
       left(${ordered ? "arg_min(v, x)" : "min(v)"}, ${LONGEST_READ}) as least,
       left(${ordered ? "arg_max(v, x)" : "max(v)"}, ${LONGEST_READ}) as greatest
     from ${readValues(facts)}`,
  )
  return { fits: Number(found?.fits ?? 0), min: found?.least ?? null, max: found?.greatest ?? null }
}

async function distribution(session: Session, facts: ColumnFacts): Promise<ColumnProfile["numbers"]> {
  const quartile = (share: number) => `min(x) filter (passed >= total * ${share})::double`
  const [found] = await session.rows<Record<"mean" | "q1" | "q2" | "q3", number | null>>(
    `select (sum(x::double * n) / sum(n))::double as mean, ${quartile(0.25)} as q1, ${quartile(0.5)} as q2, ${quartile(0.75)} as q3
     from (select x, n, sum(n) over (order by x) as passed, sum(n) over () as total
           from ${readValues(facts)} where x is not null)`,
  )
  if (found === undefined || found.mean === null) return null
  return { mean: found.mean, quartiles: [found.q1 ?? 0, found.q2 ?? 0, found.q3 ?? 0] }
}
