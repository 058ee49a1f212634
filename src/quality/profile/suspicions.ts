import type { Session } from "../../warehouse/warehouse.ts"
import {
  type ColumnFacts,
  type ColumnLook,
  isIdentifier,
  isNumber,
  isTime,
  LONGEST_READ,
  readValues,
} from "./facts.ts"
import { wordsOf } from "./names.ts"
import { isNullText } from "./readings.ts"
import type { Suspicion } from "./report.ts"

/** A rule about single values: SQL over a text `v` and what it reads as, `x` (null where it does not fit the type). */
interface ValueRule {
  rule: string
  what: string
  /** Rules about texts look at what does not fit the column's type; rules about values at what does. */
  about: "text" | "value"
  when: (facts: ColumnFacts) => boolean
  sql: (now: Date) => string
}

const always = () => true
const isPrice = ({ name }: ColumnFacts) => wordsOf(name).some((word) => PRICE_WORDS.has(word))
const PRICE_WORDS = new Set(
  "price amount cost costs total subtotal revenue fee fees tax paid spend preis betrag umsatz".split(" "),
)
const isPosition = ({ name }: ColumnFacts) =>
  /(?:^|_)(?:lat|latitude|lon|lng|long|longitude|offset|delta|diff|balance|change|profit|margin)(?:$|_)/i.test(
    name,
  )
const isQuantity = (facts: ColumnFacts) => isNumber(facts) && !isIdentifier(facts)

/** Days that stand for "unknown" or "never" in the systems that write them: 1900-01-01, 1970-01-01, 9999-12-31 … */
export const isPlaceholderTime = `(x < timestamp '1900-01-02' or x >= timestamp '2200-01-01'
  or (x >= timestamp '1970-01-01' and x < timestamp '1970-01-02'))`

/** One look that all texts stand which no rule about texts would catch. */
const MAY_BE_ODD = `(${isNullText} or regexp_matches(v, '[\\x00-\\x1F\\x7F\\x{00A0}\\x{FFFD}ÃÂâ<]|^[ =@+-]| $|(?i)javascript:'))`

/** The order is that of the report. */
const VALUE_RULES: readonly ValueRule[] = [
  {
    rule: "null-text",
    what: 'texts that stand for "no value"',
    about: "text",
    when: always,
    sql: () => isNullText,
  },
  {
    rule: "unreadable",
    what: "values that do not fit the type",
    about: "text",
    when: ({ profile }) => !["text", "nothing"].includes(profile.type.name),
    sql: () => `not ${isNullText}`,
  },
  {
    rule: "edge-blanks",
    what: "values that begin or end with blanks",
    about: "text",
    when: always,
    sql: () => "regexp_matches(v, '^[\\s\\x{00A0}]|[\\s\\x{00A0}]$')",
  },
  {
    rule: "control-characters",
    what: "values with control characters",
    about: "text",
    when: always,
    sql: () => "regexp_matches(v, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F]')",
  },
  {
    rule: "broken-letters",
    what: "letters broken by a wrong encoding",
    about: "text",
    when: always,
    sql: () => "regexp_matches(v, '\\x{FFFD}|[ÃÂ][\\x{0080}-\\x{00BF}]|â€')",
  },
  {
    rule: "formula",
    what: "texts that a spreadsheet runs as a formula",
    about: "text",
    when: ({ profile }) => profile.type.name === "text",
    sql: () => "regexp_matches(v, '^=[A-Za-z+@(]|^[+@-].*[(!|]')",
  },
  {
    rule: "markup",
    what: "texts with HTML that a browser would run",
    about: "text",
    when: ({ profile }) => profile.type.name === "text",
    sql: () => "regexp_matches(v, '(?i)<(?:script|iframe|img|svg|object)\\b|javascript:')",
  },
  {
    rule: "placeholder-date",
    what: "dates that stand for none, such as 1900-01-01",
    about: "value",
    when: isTime,
    sql: () => isPlaceholderTime,
  },
  {
    rule: "future-date",
    what: "dates in the future",
    about: "value",
    when: isTime,
    sql: (now) => `x > timestamp '${now.toISOString().slice(0, 19)}' and not ${isPlaceholderTime}`,
  },
  {
    rule: "negative-price",
    what: "amounts below zero",
    about: "value",
    when: (facts) => isQuantity(facts) && isPrice(facts) && !isPosition(facts),
    sql: () => "x < 0",
  },
  {
    rule: "zero-price",
    what: "amounts of zero",
    about: "value",
    when: (facts) => isQuantity(facts) && isPrice(facts),
    sql: () => "x = 0",
  },
  {
    rule: "unrounded-amount",
    what: "amounts with more than four decimals",
    about: "value",
    when: (facts) => isQuantity(facts) && isPrice(facts),
    sql: () => "regexp_matches(v, '[.]\\d{5,}$')",
  },
]

/** All that is suspicious about a column, rule by rule. */
export async function suspicionsOf(look: ColumnLook, facts: ColumnFacts): Promise<Suspicion[]> {
  const { profile, rows } = facts
  if (profile.type.name === "nothing")
    return [{ rule: "no-values", what: "no value in any row", rows, example: null }]
  return [
    ...(await valueSuspicions(look, facts)),
    ...(await rareNegatives(look.session, facts)),
    ...(await outliers(look.session, facts)),
    ...(await spellings(look.session, facts)),
    ...(await swappableDates(look.session, facts)),
    ...constant(facts),
  ]
}

async function valueSuspicions({ session, now }: ColumnLook, facts: ColumnFacts): Promise<Suspicion[]> {
  const plain = facts.profile.type.name === "text"
  const found: Suspicion[] = []
  for (const about of ["text", "value"] as const) {
    const rules = VALUE_RULES.filter((rule) => rule.about === about && rule.when(facts))
    if (rules.length === 0) continue
    const where = about === "value" ? "x is not null" : plain ? `x is null and ${MAY_BE_ODD}` : "x is null"
    const counted = rules.map(({ sql }, i) => {
      const filter = `filter (${sql(now)})`
      return `coalesce(sum(n) ${filter}, 0) as n${i}, left(arg_max(v, n) ${filter}, ${LONGEST_READ}) as v${i}`
    })
    const [counts] = await session.rows<Record<string, bigint | string | null>>(
      `select ${counted.join(", ")} from ${readValues(facts)} where ${where}`,
    )
    for (const [i, { rule, what }] of rules.entries()) {
      const rows = Number(counts?.[`n${i}`] ?? 0)
      if (rows > 0) found.push({ rule, what, rows, example: (counts?.[`v${i}`] as string | null) ?? null })
    }
  }
  return found
}

interface Counted {
  rows: bigint
  example: string | null
}

/** Values below zero are suspicious where nearly all others are above. */
async function rareNegatives(session: Session, facts: ColumnFacts): Promise<Suspicion[]> {
  if (!isQuantity(facts) || isPrice(facts) || isPosition(facts)) return []
  const [found] = await session.rows<Counted & { above: bigint }>(
    `select coalesce(sum(n) filter (x < 0), 0) as rows, coalesce(sum(n) filter (x > 0), 0) as above,
       arg_min(v, x) as example from ${readValues(facts)}`,
  )
  const rows = Number(found?.rows ?? 0)
  if (rows === 0 || rows * 9 > Number(found?.above ?? 0)) return []
  const what = "values below zero where nearly all are above"
  return [{ rule: "negative", what, rows, example: found?.example ?? null }]
}

/**
 * Tukey's far fences: three times the distance between the quartiles away from them, on a logarithmic scale, because
 * amounts and quantities are skewed. Many of them are no outliers.
 */
async function outliers(session: Session, facts: ColumnFacts): Promise<Suspicion[]> {
  const { numbers, type } = facts.profile
  if (numbers === null) return []
  const scale = (x: number) => Math.sign(x) * Math.log1p(Math.abs(x))
  const [q1, q3] = [scale(numbers.quartiles[0]), scale(numbers.quartiles[2])]
  if (q3 <= q1 || isPosition(facts)) return []
  const [low, high] = [q1 - 3 * (q3 - q1), q3 + 3 * (q3 - q1)]
  const [found] = await session.rows<Counted>(
    `select coalesce(sum(n), 0) as rows, arg_max(v, abs(x)) as example from ${readValues(facts)} where sign(x) * ln(1 + abs(x)) < ${low} or sign(x) * ln(1 + abs(x)) > ${high}`,
  )
  const rows = Number(found?.rows ?? 0)
  if (rows === 0 || rows > type.of * 0.01) return []
  return [{ rule: "outlier", what: "values far from all the others", rows, example: found?.example ?? null }]
}

/** With more distinct values, texts are names of single things and not of kinds. */
const MOST_SPELLINGS = 200_000

/** Texts that differ in letter case and blanks only: the rows with the rarer spellings. */
async function spellings(session: Session, { values, profile }: ColumnFacts): Promise<Suspicion[]> {
  if (profile.type.name !== "text" || profile.type.format !== null || profile.distinct > MOST_SPELLINGS)
    return []
  const [found] = await session.rows<Counted>(
    `select coalesce(sum(surplus), 0) as rows, arg_max(example, surplus) as example from (
       select sum(n) - max(n) as surplus, left(string_agg(v, ' / ' order by n desc, v), 200) as example from ${values}
       group by lower(trim(replace(replace(v, chr(9), ' '), '  ', ' '))) having count(*) > 1)`,
  )
  const rows = Number(found?.rows ?? 0)
  if (rows === 0) return []
  const what = "values that differ from a more frequent one in letter case or blanks only"
  return [{ rule: "spelling", what, rows, example: found?.example ?? null }]
}

/** Dates of which not one tells whether the day or the month comes first. */
async function swappableDates(session: Session, facts: ColumnFacts): Promise<Suspicion[]> {
  const { type, distinct } = facts.profile
  if (!/^(?:day|month)[/.-](?:day|month)/.test(type.format ?? "") || distinct > MOST_SPELLINGS) return []
  const [found] = await session.rows<Counted>(
    `select coalesce(sum(n), 0) as rows, min(v) as example from ${facts.values}
     having coalesce(max(greatest(coalesce(try_cast(regexp_extract(v, '^(\\d+)\\D(\\d+)', 1) as integer), 0),
       coalesce(try_cast(regexp_extract(v, '^(\\d+)\\D(\\d+)', 2) as integer), 0))), 0) <= 12`,
  )
  if (found === undefined) return []
  const what = "dates that read either way: no day is above 12"
  return [{ rule: "ambiguous-date", what, rows: Number(found.rows), example: found.example }]
}

function constant({ profile, rows }: ColumnFacts): Suspicion[] {
  if (profile.distinct !== 1 || rows < 2 || profile.nulls > 0) return []
  return [
    { rule: "constant", what: "the same value in every row", rows, example: profile.top[0]?.value ?? null },
  ]
}
