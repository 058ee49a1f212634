import type { Effects } from "../../core/effects.ts"
import { CartwrightError } from "../../core/errors.ts"
import type { BigQueryWarehouse } from "../../warehouse/bigquery/bigquery-warehouse.ts"
import type { BucketStorage } from "../../storage/gcs/gcs-storage.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import type { PublishOutcome } from "../publish.ts"
import { describeExport, type ExportedTable, isExported } from "./exports.ts"
import {
  planPublication,
  type Publication,
  type PublicationPlan,
  type PublicationState,
  type PublishedClone,
  type WorkingTable,
} from "./publication.ts"
import {
  cloneScript,
  exportScript,
  type Place,
  recordStatement,
  tidyScript,
  viewScript,
} from "./statements.ts"

export interface PublishViewsOptions extends Place {
  warehouse: BigQueryWarehouse
  /** The tables and views to publish, as `dataset.table`. */
  tables: readonly string[]
  /** When they were built. */
  builtAt: Date
  runId: string
  /** How many versions stay, the current one included. */
  keep: number
  /** Where each version also goes as Parquet. @defaultValue nowhere */
  exportTo?: BucketStorage | undefined
  effects: Effects
}

/** What comes before the version counts as published, in this order; each may be made again. The last changes what readers see. */
const STEPS = [cloneScript, viewScript] as const

/**
 * Publishes tables of working datasets: changed ones are cloned to names that carry the version, then the readers' views are replaced
 * one by one, then `published` in the meta dataset names the version. A reader of several views may see two versions for as long as
 * that takes. The number of jobs does not depend on the number of tables.
 * Last, the version goes to a bucket, where that is wanted.
 * @throws CartwrightError; where a step before the views fails, readers see what they saw
 */
export async function publishViews(options: PublishViewsOptions): Promise<PublishOutcome> {
  const { warehouse, dataset, metaDataset, effects, keep } = options
  const started = effects.now().getTime()
  await warehouse.ensureDataset(dataset)
  await warehouse.ensureDataset(metaDataset)
  const session = await warehouse.session()
  try {
    const { others, ...state } = await readState(session, options)
    const plan = planPublication(state, options.builtAt, keep)
    const [last] = state.publications
    if (plan !== undefined) await carryOut(session, plan, options, last)
    await exportVersion(session, options, state, plan ?? (last as Publication))
    const count = state.tables.length
    const written = plan?.clones.length ?? 0
    return {
      version: (plan ?? (last as Publication)).version,
      unchanged: plan === undefined,
      tables: count,
      rows: state.tables.reduce((sum, { rows }) => sum + rows, 0),
      bytes: state.tables.reduce((sum, { bytes }) => sum + bytes, 0),
      written,
      linked: count - written,
      others,
      elapsedMs: effects.now().getTime() - started,
    }
  } finally {
    session.close()
  }
}

/** The files of the current version, where they are not in the bucket yet; at last, what says that they are there. */
async function exportVersion(
  session: Session,
  options: PublishViewsOptions,
  { tables }: PublicationState,
  { version, tables: published }: Publication,
): Promise<void> {
  const { exportTo, runId, effects, keep } = options
  if (exportTo === undefined || (await isExported(exportTo, version))) return
  const exported: Record<string, ExportedTable> = {}
  const views = tables.map(({ name, hidden }) => {
    const { clone, dataset } = published[name] as PublishedClone
    exported[name] = { schema: dataset, clone }
    return { name, clone, hidden }
  })
  try {
    await session.run(exportScript({ version, views }, exportTo.uri, options))
    const createdAt = effects.now().toISOString()
    await describeExport(exportTo, { format: 1, version, createdAt, runId, tables: exported }, keep)
  } catch (error) {
    throw withState(error, `Version ${version} is published; the next run writes it to ${exportTo.uri}.`)
  }
}

async function carryOut(
  session: Session,
  plan: PublicationPlan,
  options: PublishViewsOptions,
  last: Publication | undefined,
): Promise<void> {
  const before = last === undefined ? "Nothing is published yet" : `Version ${last.version} stays published`
  let state = `${before}.`
  try {
    for (const step of STEPS) {
      const script = step(plan, options)
      if (step === STEPS.at(-1))
        state = `Some views may show version ${plan.version} already; the next run makes them all do.`
      if (script !== undefined) await session.run(script)
    }
    const { version, tables } = plan
    await session.run(recordStatement(options), [
      version,
      options.runId,
      options.effects.now().toISOString(),
      JSON.stringify(tables),
    ])
    state = `Version ${version} is published.`
    const tidy = tidyScript(plan, options)
    if (tidy !== undefined) await session.run(tidy)
  } catch (error) {
    throw withState(error, state)
  }
}

function withState(error: unknown, state: string): unknown {
  if (!(error instanceof CartwrightError)) return error
  const { code, message, place, choices, next } = error
  return new CartwrightError(code, message, { place, choices, next, state, cause: error })
}

/** What is there to publish, what was published, and what of it is there. */
async function readState(
  session: Session,
  { warehouse, tables: wanted, dataset, metaDataset }: PublishViewsOptions,
): Promise<PublicationState & { others: string[] }> {
  const at = (inDataset: string) => `${warehouse.quote(warehouse.catalog)}.${warehouse.quote(inDataset)}`
  const datasets = [...new Set(wanted.map((relation) => relation.split(".")[0] as string))]
  const inEach = (sql: (dataset: string) => string) => datasets.map(sql).join("\nunion all ")
  const found = await session.rows<
    Omit<WorkingTable, "hidden" | "rows" | "bytes"> & { rows: bigint; bytes: bigint }
  >(
    inEach(
      (each) =>
        `select '${each}' as dataset, table_id as name, type <> 1 as isView, cast(last_modified_time as string) as modified, row_count as \`rows\`, size_bytes as bytes from ${at(each)}.__TABLES__`,
    ),
  )
  const hidden = await session.rows<{ dataset: string; name: string; column: string }>(
    inEach(
      (each) =>
        `select '${each}' as dataset, table_name as name, column_name as \`column\` from ${at(each)}.INFORMATION_SCHEMA.COLUMNS where starts_with(column_name, '_')`,
    ),
  )
  const published = `${at(metaDataset)}.published`
  await session.run(
    `create table if not exists ${published} (version string not null, run_id string, published_at timestamp, tables string)`,
  )
  const publications = await session.rows<{ version: string; tables: string }>(
    `select version, tables from ${published} order by version desc`,
  )
  const there = await session.rows<{ name: string; isView: boolean }>(
    `select table_name as name, table_type = 'VIEW' as isView from ${at(dataset)}.INFORMATION_SCHEMA.TABLES`,
  )
  const namesOf = (views: boolean) => there.filter(({ isView }) => isView === views).map(({ name }) => name)
  const tables = found
    .filter(({ dataset: its, name }) => wanted.includes(`${its}.${name}`))
    .map((table) => ({
      ...table,
      rows: Number(table.rows),
      bytes: Number(table.bytes),
      hidden: hidden.flatMap(({ dataset: its, name, column }) =>
        its === table.dataset && name === table.name ? [column] : [],
      ),
    }))
  requireDistinct(tables)
  return {
    tables: tables.sort((a, b) => (a.name < b.name ? -1 : 1)),
    publications: publications.map(({ version, tables: json }) => ({
      version,
      tables: JSON.parse(json) as Publication["tables"],
    })),
    clones: namesOf(false),
    views: namesOf(true),
    others: found.map(({ dataset: its, name }) => `${its}.${name}`).filter((each) => !wanted.includes(each)),
  }
}

function requireDistinct(tables: readonly WorkingTable[]): void {
  if (tables.length === 0) {
    throw new CartwrightError("publish", "there is no table to publish", {
      next: "Put a model into the star or the marts (`schema: marts`) and run `cartwright run`.",
      state: "Nothing was published.",
    })
  }
  const twice = tables.find(({ name }, i) => tables.findIndex((each) => each.name === name) !== i)
  if (twice === undefined) return
  const datasets = tables.filter(({ name }) => name === twice.name).map(({ dataset }) => dataset)
  throw new CartwrightError("publish", `${datasets.join(" and ")} both hold a table ${twice.name}`, {
    next: "Give one of the models another name (`alias`): readers find tables by name alone.",
    state: "Nothing was published.",
  })
}
