import { mkdir, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import type { Effects } from "../core/effects.ts"
import type { Warehouse } from "../warehouse/warehouse.ts"
import { publishError, syncFolder, writeDurably } from "./files.ts"
import { removeOld, removeUnpublished } from "./left-overs.ts"
import { type Cuts, tablesToPublish } from "./tables.ts"
import {
  BUILDING,
  currentVersion,
  DESCRIPTION,
  pointTo,
  publishedVersions,
  sequenceOf,
  UNPUBLISHED,
  versionName,
} from "./version.ts"
import { sameContents } from "./write-table.ts"
import { writeTables } from "./write-tables.ts"
import type { PublishedTable, PublishedVersion } from "./version.ts"

export interface PublishOptions {
  warehouse: Warehouse
  /** The tables and views to publish, as `schema.table`. */
  tables: readonly string[]
  /** What counts the cuts of the rows. @defaultValue nothing: every row is compared */
  cuts?: Cuts | undefined
  /** The shop's `published/`. One writer at a time: the caller holds the shop's lease. */
  directory: string
  runId: string
  /** How many versions stay, the current one included; at least 1. */
  keep: number
  effects: Effects
}

export interface PublishOutcome {
  version: string
  /** Whether nothing differed from the version that was up: then that one stays and none is written. */
  unchanged: boolean
  tables: number
  rows: number
  bytes: number
  /** Partitions written now, and partitions linked from the version before. */
  written: number
  linked: number
  /** What lies in the same schemas and was not to be published, as `schema.table`. */
  others: string[]
  elapsedMs: number
}

/**
 * Publishes the tables as Parquet: `<directory>/<version>/<table>/[<month>/]*.parquet`, complete before
 * `<directory>/current` names the version, atomically. Partitions with unchanged content are hard links to the files of
 * the version before.
 * @throws CartwrightError `publish` or `environment`; the version that was up stays up
 */
export async function publish(options: PublishOptions): Promise<PublishOutcome> {
  const { directory, effects } = options
  const started = effects.now().getTime()
  const previous = await currentVersion(directory)
  const state =
    previous === undefined ? "Nothing is published yet." : `Version ${previous.version} stays published.`
  try {
    return await publishNext(options, previous, state, started)
  } catch (error) {
    throw publishError(error, directory, state)
  }
}

async function publishNext(
  options: PublishOptions,
  previous: PublishedVersion | undefined,
  state: string,
  started: number,
): Promise<PublishOutcome> {
  const { warehouse, directory, effects } = options
  await mkdir(directory, { recursive: true })
  await removeUnpublished(directory)
  const session = await warehouse.session()
  try {
    const [engineRow] = await session.rows<{ version: string }>("select version() as version")
    const engine = `duckdb ${engineRow?.version}`
    const comparable = previous?.engine === engine ? previous : undefined
    const { tables, others } = await tablesToPublish(
      session,
      warehouse,
      options.tables,
      options.cuts,
      comparable,
    )
    if (comparable !== undefined && sameContents(tables, comparable)) {
      const all = Object.values(comparable.tables)
      const { rows, bytes } = totals(all)
      const linked = all.reduce((n, table) => n + Object.keys(table.partitions).length, 0)
      await removeOld(directory, comparable.version, options.keep)
      return {
        ...outcome(comparable.version, all.length, rows, bytes, started, effects),
        unchanged: true,
        written: 0,
        linked,
        others,
      }
    }
    const sequence =
      1 + Math.max(0, ...(await publishedVersions(directory)).map(sequenceOf), previous?.sequence ?? 0)
    const version = versionName(sequence, effects.now())
    const building = join(directory, `${BUILDING}${version}`)
    await mkdir(building)
    const { tables: published, ...counts } = await writeTables(warehouse, session, tables, {
      target: { building, directory, version, previous: comparable },
      effects,
      state,
    })
    const description: PublishedVersion = {
      format: 1,
      version,
      sequence,
      createdAt: effects.now().toISOString(),
      runId: options.runId,
      engine,
      tables: published,
    }
    await writeDurably(join(building, DESCRIPTION), `${JSON.stringify(description, null, 2)}\n`)
    await writeDurably(join(building, UNPUBLISHED), "")
    await syncFolder(building)
    await rename(building, join(directory, version))
    await syncFolder(directory)
    await pointTo(directory, version)
    await rm(join(directory, version, UNPUBLISHED))
    await removeOld(directory, version, options.keep)
    const { rows, bytes } = totals(Object.values(published))
    return {
      ...outcome(version, tables.length, rows, bytes, started, effects),
      unchanged: false,
      ...counts,
      others,
    }
  } finally {
    session.close()
  }
}

function outcome(
  version: string,
  tables: number,
  rows: number,
  bytes: number,
  started: number,
  effects: Effects,
) {
  return { version, tables, rows, bytes, elapsedMs: effects.now().getTime() - started }
}

function totals(tables: readonly PublishedTable[]): { rows: number; bytes: number } {
  return tables.reduce((sum, table) => ({ rows: sum.rows + table.rows, bytes: sum.bytes + table.bytes }), {
    rows: 0,
    bytes: 0,
  })
}
