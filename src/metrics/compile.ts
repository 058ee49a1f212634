import { CartwrightError } from "../core/errors.ts"
import { type Catalog, type DimensionPath, inputsOf, measuresOf, type Metric, modelsOf } from "./catalog.ts"
import type { Measure, SemanticModel } from "./declarations.ts"
import { addDays } from "./period.ts"
import type { Query } from "./query.ts"

/** How the SQL names its tables and values: as parameters for the engine, as they are for a reader. */
export interface Wording {
  table(name: string): string
  text(value: string): string
  day(value: string): string
}

/** One statement. Its columns: `time` where there is a grain, the dimensions, the metrics, `currency_from`, `currency_to` where there is money. */
export function compile(query: Query, catalog: Catalog, wording: Wording): string {
  const metrics = query.metrics.map((name) => catalog.metric(name))
  const models = [...new Set(metrics.flatMap(modelsOf))]
  const needed = unique(metrics.flatMap(measuresOf))
  const keys = [...(query.grain === undefined ? [] : ["time"]), ...query.by]
  const facts = models.map((model) => {
    const measures = needed.filter((each) => each.model === model).map(({ measure }) => measure)
    return `${quoted(model.name)} as (\n${indented(factSql(query, model, measures, metrics, catalog, wording))}\n)`
  })
  const money =
    metrics.some(({ format }) => format === "money") &&
    models.some((model) => currencyOf(model) !== undefined)
  const columns = [
    ...keys.map(quoted),
    ...metrics.map((metric) => `${finished(metric)} as ${quoted(metric.name)}`),
    ...(money ? ["min(currency_from) as currency_from", "max(currency_to) as currency_to"] : []),
  ]
  return [
    `with ${facts.join(",\n")}`,
    `select\n${indented(columns.join(",\n"))}`,
    `from (\n${indented(models.map(({ name }) => `select * from ${quoted(name)}`).join("\nunion all by name\n"))}\n)`,
    ...(keys.length > 0 ? [`group by ${keys.map(quoted).join(", ")}`] : []),
    ...(keys.length > 0 ? [`order by ${orderOf(query, metrics, keys)}`] : []),
    `limit ${query.limit + 1}`,
  ].join("\n")
}

/** The measures of one fact, by time and dimensions. Expressions see the fact's columns only. */
function factSql(
  query: Query,
  model: SemanticModel,
  measures: readonly Measure[],
  metrics: readonly Metric[],
  catalog: Catalog,
  wording: Wording,
): string {
  const paths = catalog.dimensionsOf(model)
  const pathOf = (name: string): DimensionPath => {
    const path = paths.get(name)
    if (path !== undefined) return path
    throw noDimension(
      metrics.filter((metric) => modelsOf(metric).includes(model)),
      name,
      catalog,
      metrics,
    )
  }
  const time = timeOf(model)
  const by = query.by.map((name) => ({ path: pathOf(name), alias: quoted(name) }))
  const conditions = query.where.map((filter) => condition(filter, pathOf(filter.dimension), wording))
  if (query.period !== undefined)
    conditions.push(
      `${time} >= ${wording.day(query.period.from)}`,
      `${time} < ${wording.day(addDays(query.period.to, 1))}`,
    )
  const currency = currencyOf(model)
  const inner = [
    ...(query.grain === undefined ? [] : [`cast(date_trunc('${query.grain}', ${time}) as date) as "time"`]),
    ...by.map(({ path, alias }, i) =>
      path.hops.length === 0 ? `${path.expr} as ${alias}` : `${path.hops[0]?.from} as key_${i}`,
    ),
    ...measures.map((measure) => `${measure.expr ?? measure.name} as ${quoted(measure.name)}`),
    ...(currency === undefined ? [] : [`${currency} as currency_of_row`]),
  ]
  const joins = by.flatMap(({ path, alias }, i) =>
    path.hops.length === 0 ? [] : [join(query, path, alias, i, wording)],
  )
  const outer = [
    ...(query.grain === undefined ? [] : [`"time"`]),
    ...by.map(({ alias }) => alias),
    ...measures.map((measure) => `${aggregate(measure)} as ${quoted(measure.name)}`),
    ...(currency === undefined
      ? []
      : ["min(currency_of_row) as currency_from", "max(currency_of_row) as currency_to"]),
  ]
  const grouped = outer.length > measures.length && (query.grain !== undefined || by.length > 0)
  return [
    `select ${outer.join(", ")}`,
    `from (\n${indented([`select ${inner.join(", ")}`, `from ${wording.table(model.model)}`, ...whereOf(conditions)].join("\n"))}\n) as fact`,
    ...joins,
    ...(grouped ? ["group by all"] : []),
  ].join("\n")
}

/** The values of a dimension of another table beside the fact's rows. */
function join(
  query: Query,
  { hops, expr, name, several }: DimensionPath,
  alias: string,
  i: number,
  wording: Wording,
): string {
  const [first, ...further] = hops.map((hop, at) => ({ ...hop, as: `hop_${at}` }))
  if (first === undefined) return ""
  const last = further.at(-1) ?? first
  const links = further.map(
    ({ from, to, table, as }, at) =>
      `left join ${wording.table(table)} as ${as} on ${as}.${to} = hop_${at}.${from}`,
  )
  // Of a row with several values, only those are counted that were asked for.
  const asked = several ? query.where.filter(({ dimension }) => dimension === name) : []
  const conditions = asked.map(({ is, not }) =>
    not ? `not coalesce(${among(expr, is, wording)}, false)` : among(expr, is, wording),
  )
  const value = further.length > 0 ? scoped(expr, last.as) : expr
  return [
    `${several ? "inner" : "left"} join (`,
    indented(
      [
        `select ${further.length > 0 ? `hop_0.${first.to}` : first.to} as key, ${value} as ${alias}`,
        `from ${wording.table(first.table)} as hop_0`,
        ...links,
        ...whereOf(conditions),
      ].join("\n"),
    ),
    `) as dimension_${i} on dimension_${i}.key = fact.key_${i}`,
  ].join("\n")
}

/** A column of one table among joined ones; expressions of more than a column would be ambiguous. */
function scoped(expr: string, table: string): string {
  if (/^\w+$/.test(expr)) return `${table}.${expr}`
  throw new CartwrightError(
    "unsupported",
    `a dimension two keys away must be a column, not an expression: ${expr}`,
    {
      next: "Make it a column of its model.",
      state: "Nothing was asked.",
    },
  )
}

/** The conditions of a question on the rows of a metric's fact, as SQL: which rows are behind a number. */
export function rowsBehind(
  metric: Metric,
  where: Query["where"],
  catalog: Catalog,
  wording: Wording,
): string {
  const [model] = modelsOf(metric)
  const paths = model === undefined ? undefined : catalog.dimensionsOf(model)
  const conditions = where.map((filter) => {
    const path = paths?.get(filter.dimension)
    if (path === undefined) throw noDimension([metric], filter.dimension, catalog, [metric])
    return condition(filter, path, wording)
  })
  return conditions.length === 0 ? "true" : conditions.join(" and ")
}

function noDimension(
  about: readonly Metric[],
  dimension: string,
  catalog: Catalog,
  all: readonly Metric[],
): CartwrightError {
  return new CartwrightError(
    "usage",
    `${about.map(({ name }) => name).join(", ")} cannot be split by ${dimension}`,
    {
      choices: catalog.sharedDimensions(all).map((path) => path.name),
      next: "Choose one that all metrics of the query have, or ask for them one by one.",
      state: "Nothing was asked.",
    },
  )
}

/** Keeps the fact's rows that have one of the values; a row with several is kept once. */
function condition(
  { is, not }: Query["where"][number],
  { hops, expr }: DimensionPath,
  wording: Wording,
): string {
  let held = among(expr, is, wording)
  for (const { from, to, table } of hops.toReversed())
    held = `${from} in (select ${to} from ${wording.table(table)} where ${held})`
  return not ? `not coalesce(${held}, false)` : held
}

function among(expr: string, values: readonly (string | null)[], wording: Wording): string {
  const texts = values.filter((value) => value !== null)
  const parts = [
    ...(texts.length > 0 ? [`(${expr}) in (${texts.map((text) => wording.text(text)).join(", ")})`] : []),
    ...(texts.length < values.length ? [`(${expr}) is null`] : []),
  ]
  return parts.length > 1 ? `(${parts.join(" or ")})` : (parts[0] ?? "false")
}

function aggregate({ name, agg }: Measure): string {
  const column = `fact.${quoted(name)}`
  if (agg === "sum_boolean") return `sum(cast(${column} as integer))`
  if (agg === "count_distinct") return `count(distinct ${column})`
  return `${agg === "average" ? "avg" : agg}(${column})`
}

/** A metric over the rows of all facts: of each measure, one fact has the value. Money is rounded to cents, the rest is as it comes. */
function finished(metric: Metric): string {
  const exact = formulaSql(metric)
  return metric.format === "money" ? `round(${exact}, 2)` : exact
}

function formulaSql({ formula }: Metric): string {
  if (formula.kind === "measure") {
    const value = `any_value(${quoted(formula.measure.name)})`
    return ["average", "min", "max"].includes(formula.measure.agg) ? value : `coalesce(${value}, 0)`
  }
  if (formula.kind === "ratio")
    return `cast(${formulaSql(formula.numerator)} as double) / nullif(${formulaSql(formula.denominator)}, 0)`
  const byName = new Map(inputsOf(formula).map((input) => [input.name, input]))
  return `(${formula.expr.replaceAll(/\b[A-Za-z_]\w*\b(?!\s*\()/g, (word) => {
    const input = byName.get(word)
    return input === undefined ? word : `(${formulaSql(input)})`
  })})`
}

function orderOf({ order, grain, by }: Query, metrics: readonly Metric[], keys: readonly string[]): string {
  if (order !== undefined && ![...keys, ...metrics.map(({ name }) => name)].includes(order.by))
    throw new CartwrightError("usage", `cannot order by ${order.by}, which the query does not ask for`, {
      choices: [...keys, ...metrics.map(({ name }) => name)],
      state: "Nothing was asked.",
    })
  const first =
    order !== undefined
      ? [`${quoted(order.by)} ${order.descending ? "desc" : "asc"} nulls last`]
      : [...(grain === undefined ? [] : [`"time"`]), `${quoted(metrics[0]?.name ?? "")} desc nulls last`]
  return [
    ...first,
    ...by.map(quoted),
    ...(order === undefined || grain === undefined ? [] : [`"time"`]),
  ].join(", ")
}

function timeOf(model: SemanticModel): string {
  const name = model.defaults?.agg_time_dimension
  const dimension = model.dimensions.find((each) => each.name === name)
  if (dimension === undefined)
    throw new CartwrightError("config", `the semantic model ${model.name} has measures and no time`, {
      next: "State `defaults: {agg_time_dimension: …}` and declare that dimension.",
      state: "Nothing was asked.",
    })
  return dimension.expr ?? dimension.name
}

function currencyOf(model: SemanticModel): string | undefined {
  const name = model.config.meta.currency
  const dimension = model.dimensions.find((each) => each.name === name)
  return dimension === undefined ? undefined : (dimension.expr ?? dimension.name)
}

function unique<T extends { measure: Measure }>(measures: readonly T[]): T[] {
  return [...new Map(measures.map((each) => [each.measure.name, each])).values()]
}

function whereOf(conditions: readonly string[]): string[] {
  return conditions.length === 0 ? [] : [`where ${conditions.join("\n  and ")}`]
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ")
}
