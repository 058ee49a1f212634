import { CartwrightError } from "../core/errors.ts"
import { includedDatasets } from "../project/shop.ts"
import { openWarehouse } from "../project/open-warehouse.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"
import { warehouseIdentity } from "./ledger.ts"
import { keyOf, landingsKey } from "./inputs.ts"
import type { LoadOutcome } from "./load.ts"
import { isSelected, type RunContext, type StepResult } from "./run-context.ts"

/** Lake → bronze. A data set that fails does not keep the others from loading. */
export async function loadStep(context: RunContext): Promise<StepResult> {
  const { shop, ledger, problems } = context
  const expected = await landingsKey(shop, context.lake)
  const identity = warehouseIdentity(shop.paths.warehouse)
  if (ledger.loaded === expected && identity !== undefined && ledger.warehouse === identity) {
    return { status: "unchanged", result: { landings: [] } }
  }
  const before = problems.length
  const outcomes: LoadOutcome[] = []
  const warehouse = await openWarehouse(shop, context.effects.signal)
  try {
    for (const { source, dataset } of includedDatasets(shop.sources)) {
      if (isSelected(context, source, dataset))
        outcomes.push(...(await loadDataset(context, warehouse, source, dataset)))
    }
    const session = await warehouse.session()
    try {
      await recordLoaded(context, session, warehouse)
    } finally {
      session.close()
    }
  } finally {
    await warehouse.close()
  }
  const fresh = outcomes.filter(({ status }) => status === "loaded")
  // The file may have been touched by opening it, which alone is no change.
  if (fresh.length > 0 || ledger.warehouse !== identity) delete ledger.transformed
  context.saveLedger()
  const failed = problems.length > before
  return {
    status: failed ? "failed" : fresh.length > 0 ? "done" : "unchanged",
    result: { landings: outcomes.map(({ error: _error, ...outcome }) => outcome) },
  }
}

async function loadDataset(
  context: RunContext,
  warehouse: Warehouse,
  source: string,
  dataset: string,
): Promise<LoadOutcome[]> {
  const { loadLandings } = await import("./load.ts")
  const { shop, lake, effects } = context
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
    })
    context.notices.push(
      ...outcomes.flatMap(({ notices }) => notices.map((notice) => `${source}.${dataset}: ${notice}`)),
    )
    context.problems.push(...outcomes.flatMap(({ error }) => (error === undefined ? [] : [error])))
    return outcomes
  } catch (error) {
    if (!(error instanceof CartwrightError) || error.code !== "load") throw error
    effects.report({ step: "load", name: `${source}.${dataset}`, status: "failed", message: error.message })
    context.problems.push(error)
    return []
  }
}

/** Takes over from bronze what is loaded, and the balance of each data set's newest landing. */
async function recordLoaded(context: RunContext, session: Session, warehouse: Warehouse): Promise<void> {
  const { ledger, shop } = context
  const schema = warehouse.quote(shop.layers.bronze)
  const rows = await session.rows<BronzeLanding>(
    `select source, dataset, landing_id, kind, as_of::varchar as as_of, loaded_at::varchar as loaded_at,
       rows_read, rows_loaded, rows_unchanged, rows_rejected
     from ${schema}.landings order by extracted_at, landing_id`,
  )
  const included = new Set(
    includedDatasets(shop.sources).map(({ source, dataset }) => `${source}.${dataset}`),
  )
  const ids: string[] = []
  ledger.datasets = {}
  for (const row of rows) {
    const name = `${row.source}.${row.dataset}`
    if (!included.has(name)) continue
    ids.push(row.landing_id)
    ledger.datasets[name] = {
      landingId: row.landing_id,
      kind: row.kind,
      asOf: utc(row.as_of),
      loadedAt: utc(row.loaded_at),
      rowsRead: Number(row.rows_read),
      rowsLoaded: Number(row.rows_loaded),
      rowsUnchanged: Number(row.rows_unchanged),
      rowsRejected: Number(row.rows_rejected),
    }
  }
  ledger.loaded = keyOf(ids)
}

type BronzeLanding = Record<"source" | "dataset" | "landing_id" | "kind" | "as_of" | "loaded_at", string> &
  Record<"rows_read" | "rows_loaded" | "rows_unchanged" | "rows_rejected", bigint>

function utc(timestamp: string): string {
  return new Date(`${timestamp.replace(" ", "T")}Z`).toISOString()
}
