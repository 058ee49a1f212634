import type { HeldLanding } from "../bronze/held.ts"
import type { Manifest } from "../lake/manifest.ts"
import { isAccepted } from "./held.ts"
import { openShopLake } from "../project/open-storage.ts"
import { includedDatasets, type Shop } from "../project/shop.ts"
import { currentVersion } from "../publish/version.ts"
import type { Anomaly, DatasetHealth } from "../quality/monitor/anomalies.ts"
import type { TableHealth } from "../quality/monitor/table-rows.ts"
import { currentHolder } from "./lease.ts"
import { type DatasetState, type Ledger, readLedger, type RecordedChange } from "./ledger.ts"
import { listRuns, readRun, type RunStatus, type StepName, type StepStatus } from "./run-record.ts"

export interface ShopStatus {
  shop: string
  folder: string
  /** The run that works now, if one does. */
  running: { runId: string; command: string; pid: number; host: string; since: string } | null
  /** The newest run that is not the running one. */
  lastRun: {
    runId: string
    command: string
    status: RunStatus
    startedAt: string
    endedAt: string | null
    steps: Partial<Record<StepName, StepStatus>>
    errors: { code?: string; message?: string }[]
  } | null
  datasets: DatasetStatus[]
  /** Deliveries on which somebody has to decide; while there are any, nothing is published. */
  held: (HeldLanding & {
    /** It was accepted; the next load applies that. */
    accepted: boolean
  })[]
  /** The newest changes of columns, newest first. */
  changes: RecordedChange[]
  /** Of the newest landings, what was unlike the history of their data set, the gravest first. */
  anomalies: Anomaly[]
  /** The tables of star and marts, by the number of their rows. */
  tables: TableHealth[]
  published: {
    version: string
    publishedAt: string
    run: string
    tables: number
    rows: number
    bytes: number
  } | null
}

export interface DatasetStatus {
  name: string
  /** The newest delivery in the lake; null before the first. */
  landed: { landingId: string; asOf: string; landedAt: string; files: number } | null
  /** What bronze has of it; null before the first load. */
  loaded: DatasetState | null
  /** Its freshness and volume against its history; null before the first transformation. */
  health: (DatasetHealth & { overdue: boolean }) | null
}

async function publishedFiles({ paths }: Shop): Promise<ShopStatus["published"]> {
  const found = await currentVersion(paths.published)
  if (found === undefined) return null
  const tables = Object.values(found.tables)
  return {
    version: found.version,
    publishedAt: found.createdAt,
    run: found.runId,
    tables: tables.length,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

/** As the ledger knows it: to ask BigQuery would be a job. */
function publishedViews({ published }: Ledger): ShopStatus["published"] {
  if (published === undefined) return null
  const { version, at: publishedAt, run, tables, rows, bytes } = published
  return { version, publishedAt, run, tables, rows, bytes }
}

/** What the shop's records say. Opens no warehouse. */
export async function shopStatus(shop: Shop, now: Date): Promise<ShopStatus> {
  const { runs } = shop.paths
  const holder = currentHolder(runs, now)
  const ledger = readLedger(runs)
  const landings = await (await openShopLake(shop)).landings()
  const last = listRuns(runs).findLast((id) => id !== holder?.runId)
  const run = last === undefined ? undefined : readRun(runs, last)
  return {
    shop: shop.config.shop.name,
    folder: shop.folder,
    running:
      holder === undefined
        ? null
        : {
            runId: holder.runId,
            command: holder.command,
            pid: holder.pid,
            host: holder.host,
            since: holder.takenAt,
          },
    lastRun:
      run === undefined
        ? null
        : {
            runId: run.plan.runId,
            command: run.plan.command,
            // Nobody holds the shop, so a run that is recorded as running was killed.
            status: run.state.status === "running" ? "killed" : run.state.status,
            startedAt: run.plan.startedAt,
            endedAt: run.state.endedAt ?? null,
            steps: Object.fromEntries(
              Object.entries(run.state.steps).map(([name, step]) => [name, step.status]),
            ),
            errors: (run.state.errors ?? []) as { code?: string; message?: string }[],
          },
    datasets: includedDatasets(shop.sources).map(({ source, dataset }) => {
      const newest = landings.findLast((landing) => landing.source === source && landing.dataset === dataset)
      const name = `${source}.${dataset}`
      return {
        name,
        landed:
          newest === undefined
            ? null
            : {
                landingId: newest.landingId,
                asOf: newest.asOf,
                landedAt: newest.landedAt,
                files: newest.files.length,
              },
        loaded: ledger.datasets[name] ?? null,
        health: healthOf(ledger, source, dataset, newest, now),
      }
    }),
    held: (ledger.held ?? []).map((each) => ({ ...each, accepted: isAccepted(each, landings) })),
    changes: ledger.changes ?? [],
    anomalies: ledger.watched?.open ?? [],
    tables: ledger.watched?.tables ?? [],
    published: shop.warehouse.type === "bigquery" ? publishedViews(ledger) : await publishedFiles(shop),
  }
}

/** A delivery that is in the lake is not overdue, be it transformed or not. */
function healthOf(
  { watched }: Ledger,
  source: string,
  dataset: string,
  newest: Manifest | undefined,
  now: Date,
): DatasetStatus["health"] {
  const health = watched?.datasets.find((each) => each.source === source && each.dataset === dataset)
  if (health === undefined) return null
  const asMeasured = newest === undefined || newest.landingId === health.newest.landing
  return {
    ...health,
    overdue: asMeasured && health.dueBy !== null && Date.parse(health.dueBy) < now.getTime(),
  }
}
