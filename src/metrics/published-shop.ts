import { join } from "node:path"
import { CartwrightError, messageOf } from "../core/errors.ts"
import { currentVersion, type PublishedVersion } from "../publish/version.ts"
import {
  type DuckDbWarehouse,
  openDuckDb,
  quoteIdentifier,
  quoteLiteral,
} from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"
import { Catalog, measuresOf, type Metric, modelsOf } from "./catalog.ts"
import { type Declarations, readDeclarations } from "./declarations.ts"
import type { Period } from "./period.ts"
import { personalDimensions } from "./personal.ts"

/** Where a shop's published versions and its dbt project are. */
export interface ShopPlaces {
  published: string
  dbtProject: string
}

/** One published version, opened for questions. It stays what it is when another one is published. */
export interface PublishedShop {
  version: PublishedVersion
  catalog: Catalog
  /** The days that sales and sessions cover, without those after the version was made; undefined where there are none. */
  coverage: Period | undefined
  /** Names of columns and dimensions that say something about a person. */
  personal: ReadonlySet<string>
  /** Why a metric has no numbers in this version; undefined where it has. */
  missing: (metric: Metric) => string | undefined
  /** Dimensions, by name, of which no row has a value. */
  valueless: ReadonlySet<string>
  /** Runs one statement; aborted, it stops. The caller states the rows' type. */
  ask<T>(sql: string, parameters: readonly string[], signal: AbortSignal): Promise<T[]>
  close(): Promise<void>
}

/** @throws CartwrightError `usage` where nothing is published, `config` for declarations that are wrong */
export async function openPublished(
  places: ShopPlaces,
  limits: { threads?: number; memoryLimit?: string } = {},
): Promise<PublishedShop> {
  const version = await currentVersion(places.published)
  if (version === undefined)
    throw new CartwrightError("usage", "nothing is published yet", {
      place: places.published,
      next: "Run `cartwright run`.",
      state: "Nothing was asked.",
    })
  const declarations = await readDeclarations(places.dbtProject)
  const catalog = new Catalog(declarations)
  if (catalog.metrics.size === 0)
    throw new CartwrightError("config", "the shop's dbt project declares no metrics", {
      place: places.dbtProject,
      next: "A shop that an earlier Cartwright made gets them by `cartwright init --upgrade`; docs/metrics.md says how to declare others.",
      state: "Nothing was asked.",
    })
  const warehouse = await openDuckDb({ path: ":memory:", ...limits })
  try {
    const session = await warehouse.session()
    for (const name of Object.keys(version.tables))
      await session.run(viewSql(places.published, version.version, name))
    const coverage = await coverageOf(session, version, catalog)
    const { measures, valueless } = await neverStated(session, version, catalog)
    session.close()
    return {
      version,
      catalog,
      coverage,
      personal: personalNames(declarations),
      missing: (metric) => missing(metric, version, measures),
      valueless,
      ask: (sql, parameters, signal) => ask(warehouse, sql, parameters, signal),
      close: () => warehouse.close(),
    }
  } catch (error) {
    await warehouse.close()
    throw error
  }
}

function personalNames({ personal, models }: Declarations): Set<string> {
  return new Set([
    ...personal,
    ...personalDimensions(
      models.map(({ value }) => value),
      personal,
    ),
  ])
}

async function ask<T>(
  warehouse: DuckDbWarehouse,
  sql: string,
  parameters: readonly string[],
  signal: AbortSignal,
): Promise<T[]> {
  signal.throwIfAborted()
  const session = await warehouse.session()
  const stop = () => session.interrupt()
  signal.addEventListener("abort", stop)
  try {
    return await session.rows<T>(sql, parameters)
  } catch (cause) {
    signal.throwIfAborted()
    throw new CartwrightError(
      "publish",
      `the published version cannot answer: ${messageOf(cause).split("\n")[0]}`,
      {
        next: "Where metrics or models were changed, publish what they say with `cartwright run`.",
        state: "Nothing was changed.",
        cause,
      },
    )
  } finally {
    signal.removeEventListener("abort", stop)
    session.close()
  }
}

function missing(
  metric: Metric,
  { tables }: PublishedVersion,
  unstated: ReadonlySet<string>,
): string | undefined {
  for (const { model, name, description } of modelsOf(metric)) {
    if (tables[model] === undefined) return `${model} is not published`
    if (tables[model].rows === 0)
      return `no source of this shop delivers ${name.replaceAll("_", " ")} (${description ?? model})`
  }
  const { measure } = measuresOf(metric).find((each) => unstated.has(each.measure.name)) ?? {}
  return measure === undefined
    ? undefined
    : `no source of this shop delivers ${measure.description ?? measure.name.replaceAll("_", " ")}`
}

/** The measures that are a column, and the dimensions, which no row states; fixed members state nothing. */
async function neverStated(
  session: Session,
  { tables }: PublishedVersion,
  catalog: Catalog,
): Promise<{ measures: Set<string>; valueless: Set<string> }> {
  const isStated = async (table: string, condition: string) =>
    (await session.rows(`select 1 from ${quoteIdentifier(table)} where ${condition} limit 1`)).length > 0
  const metrics = [...catalog.metrics.values()]
  const measures = new Set<string>()
  for (const { measure, model } of metrics.flatMap(measuresOf)) {
    const column = measure.expr ?? measure.name
    if ((tables[model.model]?.rows ?? 0) === 0 || !/^[a-z_]\w*$/i.test(column)) continue
    if (!(await isStated(model.model, `${column} is not null`))) measures.add(measure.name)
  }
  const valueless = new Set<string>()
  const paths = new Set(
    [...new Set(metrics.flatMap(modelsOf))].flatMap((model) => [...catalog.dimensionsOf(model)]),
  )
  const seen = new Set<string>()
  for (const [name, { hops, expr }] of paths) {
    const last = hops.at(-1)
    if (last === undefined || seen.has(name) || tables[last.table] === undefined) continue
    seen.add(name)
    const isMember = `cast(${last.to} as varchar) in ('-1', '-2', '-3', '-4')`
    if (!(await isStated(last.table, `(${expr}) is not null and not ${isMember}`))) valueless.add(name)
  }
  return { measures, valueless }
}

async function coverageOf(
  session: Session,
  version: PublishedVersion,
  catalog: Catalog,
): Promise<Period | undefined> {
  const models = new Set([...catalog.metrics.values()].flatMap(modelsOf))
  const parts = [...models].flatMap(({ model, defaults, dimensions }) => {
    const time = dimensions.find(({ name }) => name === defaults?.agg_time_dimension)
    if (time === undefined || (version.tables[model]?.rows ?? 0) === 0) return []
    return [
      `select min(day) as first, max(day) as last from (select cast(${time.expr ?? time.name} as date) as day from ${quoteIdentifier(model)}) where day <= $1`,
    ]
  })
  if (parts.length === 0) return undefined
  const [row] = await session.rows<{ first: string | null; last: string | null }>(
    `select cast(min(first) as varchar) as first, cast(max(last) as varchar) as last from (${parts.join(" union all ")})`,
    [version.createdAt.slice(0, 10)],
  )
  return row === undefined || row.first === null || row.last === null
    ? undefined
    : { from: row.first, to: row.last }
}

/** The statement by which a published table gets its name in DuckDB. */
export function viewSql(published: string, version: string, table: string): string {
  const files = quoteLiteral(join(published, version, table, "**", "*.parquet"))
  return `create view ${quoteIdentifier(table)} as from read_parquet(${files})`
}
