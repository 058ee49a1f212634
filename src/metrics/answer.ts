import { CartwrightError } from "../core/errors.ts"
import { type Metric, measuresOf } from "./catalog.ts"
import { compile } from "./compile.ts"
import { bucketsOf, type Period } from "./period.ts"
import type { PublishedShop } from "./published-shop.ts"
import { priorQuery, type Query } from "./query.ts"

export interface AnswerRow {
  /** The first day of the part of time; empty for rows without a time. */
  time?: string
  /** By dimension; null where there is none. */
  by: Record<string, string | null>
  /** By metric. Money is rounded to cents, rates are shares of 1; null where nothing can be computed. */
  values: Record<string, number | null>
  /** The same of the period that is compared with; a part of time is compared with the one in the same place. */
  previous?: Record<string, number | null>
}

export interface Answer {
  version: string
  metrics: Pick<Metric, "name" | "label" | "description" | "format" | "better">[]
  period: Period | undefined
  previousPeriod: Period | undefined
  /** ISO 4217, where amounts are in one currency. */
  currency: string | undefined
  /** The parts of time of the period, also those without rows. */
  buckets: string[] | undefined
  rows: AnswerRow[]
  /** Whether there are more rows than the query's limit. */
  truncated: boolean
}

/**
 * Answers a question from a published version.
 * @throws CartwrightError `usage` where the shop has no such numbers, or amounts are in several currencies
 */
export async function answer(shop: PublishedShop, query: Query, signal: AbortSignal): Promise<Answer> {
  const metrics = query.metrics.map((name) => shop.catalog.metric(name))
  for (const metric of metrics) {
    const reason = shop.missing(metric)
    if (reason !== undefined)
      throw new CartwrightError("usage", `this shop has no numbers for ${metric.name}: ${reason}`, {
        choices: [...shop.catalog.metrics.values()]
          .filter((each) => shop.missing(each) === undefined)
          .map(({ name }) => name),
        state: "Nothing was asked.",
      })
  }
  const current = await rowsOf(shop, query, metrics, signal)
  const rows = current.rows.slice(0, query.limit)
  const answered = {
    version: shop.version.version,
    metrics: metrics.map(({ name, label, description, format, better }) => ({
      name,
      label,
      description,
      format,
      better,
    })),
    period: query.period,
    buckets:
      query.grain === undefined || query.period === undefined
        ? undefined
        : bucketsOf(query.period, query.grain),
    truncated: current.rows.length > rows.length,
  }
  if (query.compare === undefined || query.period === undefined)
    return { ...answered, rows, previousPeriod: undefined, currency: oneCurrency(current.currencies, query) }
  const earlier = priorQuery(query, query.period, query.compare)
  const previousPeriod = earlier.period
  const prior = await rowsOf(shop, earlier, metrics, signal)
  return {
    ...answered,
    rows: beside(rows, prior.rows, { query, period: query.period, previousPeriod, metrics }),
    previousPeriod,
    currency: oneCurrency(new Set([...current.currencies, ...prior.currencies]), query),
  }
}

async function rowsOf(
  shop: PublishedShop,
  query: Query,
  metrics: readonly Metric[],
  signal: AbortSignal,
): Promise<{ rows: AnswerRow[]; currencies: Set<string> }> {
  const parameters: string[] = []
  const parameter = (value: string) => `$${parameters.push(value)}`
  const sql = compile(query, shop.catalog, {
    table: (name) => `"${name}"`,
    text: parameter,
    day: (value) => `cast(${parameter(value)} as timestamp)`,
  })
  const currencies = new Set<string>()
  const rows = (await shop.ask<Record<string, Cell>>(sql, parameters, signal)).map((row): AnswerRow => {
    for (const currency of [row["currency_from"], row["currency_to"]])
      if (currency !== undefined && currency !== null) currencies.add(String(currency))
    return {
      ...(query.grain === undefined ? {} : { time: textOf(row["time"]) ?? "" }),
      by: Object.fromEntries(query.by.map((name) => [name, textOf(row[name])])),
      values: Object.fromEntries(metrics.map(({ name }) => [name, numberOf(row[name])])),
    }
  })
  return { rows, currencies }
}

/** Puts the rows of the earlier period beside the later ones; those that only the earlier one has come last. */
function beside(
  rows: readonly AnswerRow[],
  earlier: readonly AnswerRow[],
  {
    query,
    period,
    previousPeriod,
    metrics,
  }: { query: Query; period: Period; previousPeriod: Period; metrics: readonly Metric[] },
): AnswerRow[] {
  const { grain } = query
  const buckets = grain === undefined ? [] : bucketsOf(period, grain)
  const before = grain === undefined ? [] : bucketsOf(previousPeriod, grain)
  const keyOf = (row: AnswerRow, among: readonly string[]) =>
    JSON.stringify([
      row.time === undefined ? 0 : among.indexOf(row.time),
      ...query.by.map((name) => row.by[name]),
    ])
  const prior = new Map(earlier.map((row) => [keyOf(row, before), row]))
  const nothing = Object.fromEntries(metrics.map((metric) => [metric.name, ofNothing(metric)]))
  const paired = rows.map((row) => {
    const key = keyOf(row, buckets)
    const previous = prior.get(key)?.values ?? nothing
    prior.delete(key)
    return { ...row, previous }
  })
  const gone = [...prior.values()].flatMap((row): AnswerRow[] => {
    const time = row.time === undefined ? undefined : buckets[before.indexOf(row.time)]
    if (row.time !== undefined && time === undefined) return []
    return [{ ...(time === undefined ? {} : { time }), by: row.by, values: nothing, previous: row.values }]
  })
  const all = [...paired, ...gone].slice(0, query.limit)
  return grain === undefined || query.order !== undefined
    ? all
    : all.sort((a, b) => ((a.time ?? "") < (b.time ?? "") ? -1 : (a.time ?? "") > (b.time ?? "") ? 1 : 0))
}

/** What a metric is where there are no rows: nothing was counted, but no rate and no average can be told. */
function ofNothing(metric: Metric): number | null {
  if (metric.formula.kind === "ratio") return null
  return measuresOf(metric).every(({ measure }) => !["average", "min", "max"].includes(measure.agg))
    ? 0
    : null
}

function oneCurrency(currencies: ReadonlySet<string>, { by, metrics }: Query): string | undefined {
  if (currencies.size <= 1) return [...currencies][0]
  if (by.includes("currency")) return undefined
  throw new CartwrightError(
    "usage",
    `amounts of ${metrics.join(", ")} are in several currencies and cannot be added`,
    {
      choices: [...currencies].sort(),
      next: "Split by currency, or keep to one: `--by currency`, `--where currency=…`.",
      state: "Nothing was changed.",
    },
  )
}

/** What the engine gives for a dimension or a metric. */
type Cell = string | number | bigint | boolean | null

function textOf(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell)
}

/** Counts beyond 2^53 and amounts beyond 90 trillion would lose digits; no shop has them. */
function numberOf(cell: Cell | undefined): number | null {
  return cell === null || cell === undefined ? null : Number(cell)
}
