import { rmSync } from "node:fs"
import { logTable } from "../bronze/schema.ts"
import { CartwrightError } from "../core/errors.ts"
import { includedDatasets } from "../project/shop.ts"
import { openShopBigQuery, openWarehouse } from "../project/open-warehouse.ts"
import type { Warehouse } from "../warehouse/warehouse.ts"
import { scratchFolder } from "./enter-shop.ts"
import { identityOf } from "./ledger.ts"
import { landingsKey } from "./inputs.ts"
import { takeBackLayers } from "./layers.ts"
import type { LoadOutcome } from "./load.ts"
import { findTouched, recordLoaded } from "./load-records.ts"
import { publishedState } from "./published-state.ts"
import { withPublished } from "./failure.ts"
import type { RecordedChange } from "./ledger.ts"
import { touchedSentence } from "./load-impact.ts"
import { parseAhead } from "./parse-ahead.ts"
import { isSelected, type RunContext, type StepResult } from "./run-context.ts"

/** Lake → bronze. A data set that fails does not keep the others from loading. */
export async function loadStep(context: RunContext): Promise<StepResult> {
  const { shop, ledger, problems } = context
  const expected = await landingsKey(shop, context.lake)
  const identity = identityOf(shop.warehouse)
  const known = ledger.loaded === expected && identity !== undefined && ledger.warehouse === identity
  if (known && (await logsAreThere(context))) {
    return { status: "unchanged", result: { landings: [], changes: [], held: ledger.held ?? [] } }
  }
  const before = problems.length
  const outcomes: LoadOutcome[] = []
  await context.holdWarehouse()
  parseAhead(context)
  const warehouse = await openWarehouse(shop, context)
  try {
    for (const { source, dataset } of includedDatasets(shop.sources)) {
      if (isSelected(context, source, dataset))
        outcomes.push(...(await loadDataset(context, warehouse, source, dataset)))
    }
    const session = await warehouse.session("load")
    try {
      await recordLoaded(context, session, warehouse)
    } finally {
      session.close()
    }
  } finally {
    await warehouse.close()
    rmSync(scratchFolder(context.record.folder), { recursive: true, force: true })
  }
  context.rowsLoaded = outcomes.reduce((sum, { rowsLoaded }) => sum + rowsLoaded, 0)
  await findTouched(context)
  context.notices.push(...touchedNotices(context, outcomes))
  const fresh = outcomes.filter(({ status }) => status === "loaded" || status === "accepted")
  // The file may have been touched by opening it, which alone is no change.
  if (fresh.length > 0 || ledger.warehouse !== identity) delete ledger.transformed
  if (ledger.warehouse !== identity) takeBackLayers(ledger)
  context.saveLedger()
  const failed = problems.length > before
  return {
    status: failed ? "failed" : fresh.length > 0 ? "done" : "unchanged",
    result: {
      landings: outcomes.map(({ error: _error, ...outcome }) => outcome),
      changes: changesOf(context, outcomes),
      held: ledger.held ?? [],
    },
  }
}

/** Whether nobody removed a log in BigQuery, whose tables have no file that would tell. A removed one is built again. */
async function logsAreThere(context: RunContext): Promise<boolean> {
  const { shop, ledger } = context
  if (shop.warehouse.type !== "bigquery") return true
  const loaded = includedDatasets(shop.sources).filter(
    ({ source, dataset }) => ledger.datasets[`${source}.${dataset}`] !== undefined,
  )
  const warehouse = await openShopBigQuery(shop, shop.warehouse, context)
  try {
    const tables = (await warehouse.tables(shop.layers.bronze)) ?? []
    return loaded.every(({ source, dataset }) => tables.includes(logTable(source, dataset)))
  } finally {
    await warehouse.close()
  }
}

async function loadDataset(
  context: RunContext,
  warehouse: Warehouse,
  source: string,
  dataset: string,
): Promise<LoadOutcome[]> {
  const { loadLandings } = await import("./load.ts")
  const { shop, lake, effects, record } = context
  const guard = shop.config.run.delete_guard
  try {
    const outcomes = await loadLandings({
      lake,
      warehouse,
      bronzeSchema: shop.layers.bronze,
      sources: shop.sources,
      effects,
      select: [`${source}.${dataset}`],
      deleteGuard: { records: guard.rows, share: guard.percent / 100 },
      scratch: scratchFolder(record.folder),
      ...(shop.warehouse.type === "bigquery" ? { expiryDays: shop.warehouse.bronzeExpiryDays } : {}),
    })
    context.notices.push(
      ...outcomes.flatMap(({ notices }) => notices.map((notice) => `${source}.${dataset}: ${notice}`)),
    )
    const published = publishedState(shop)
    context.problems.push(
      ...outcomes.flatMap(({ error, status }) =>
        error === undefined ? [] : [status === "held" ? withPublished(error, published) : error],
      ),
    )
    return outcomes
  } catch (error) {
    if (!(error instanceof CartwrightError) || error.code !== "load") throw error
    effects.report({ step: "load", name: `${source}.${dataset}`, status: "failed", message: error.message })
    context.problems.push(error)
    return []
  }
}

/** The changes of columns that landings brought which were loaded now. */
function changesOf({ ledger }: RunContext, outcomes: readonly LoadOutcome[]): RecordedChange[] {
  const fresh = new Set(outcomes.flatMap(({ landingId, changes }) => (changes.length > 0 ? [landingId] : [])))
  return (ledger.changes ?? []).filter(({ landingId }) => fresh.has(landingId))
}

/** Which models the changes touch, a sentence for all columns of a data set that touch the same. */
function touchedNotices(context: RunContext, outcomes: readonly LoadOutcome[]): string[] {
  const columns = new Map<string, Set<string>>()
  for (const { source, dataset, column, touched } of changesOf(context, outcomes)) {
    if (touched === undefined || column === null) continue
    const key = JSON.stringify([`${source}.${dataset}`, touchedSentence(touched)])
    columns.set(key, (columns.get(key) ?? new Set()).add(column))
  }
  return [...columns].map(([key, names]) => {
    const [name, sentence] = JSON.parse(key) as [string, string]
    return `${name}: ${[...names].join(", ")}: ${sentence}`
  })
}
