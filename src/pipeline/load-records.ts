import type { HeldLanding } from "../bronze/held.ts"
import { includedDatasets } from "../project/shop.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"
import { loadedKey } from "./inputs.ts"
import { projectGraph, touchedBy } from "./load-impact.ts"
import type { RecordedChange } from "./ledger.ts"
import type { RunContext } from "./run-context.ts"

/** How many changes of columns the ledger keeps; bronze keeps all. */
const CHANGES_KEPT = 50

/**
 * Takes over from bronze, for those who do not open the warehouse, what is loaded, the balance of each data set's newest
 * landing, what is held, and how columns changed.
 */
export async function recordLoaded(
  context: RunContext,
  session: Session,
  warehouse: Warehouse,
): Promise<void> {
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
  const isIncluded = ({ source, dataset }: { source: string; dataset: string }) =>
    included.has(`${source}.${dataset}`)
  ledger.datasets = {}
  for (const row of rows.filter(isIncluded)) {
    ledger.datasets[`${row.source}.${row.dataset}`] = {
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
  ledger.loaded = loadedKey(
    shop,
    rows.filter(isIncluded).map(({ landing_id: landingId, kind }) => ({ landingId, kind })),
  )
  ledger.held = (await heldIn(session, schema)).filter(isIncluded)
  ledger.changes = (await changesIn(session, schema, ledger.changes ?? [])).filter(isIncluded)
}

type BronzeLanding = Record<"source" | "dataset" | "landing_id" | "kind" | "as_of" | "loaded_at", string> &
  Record<"rows_read" | "rows_loaded" | "rows_unchanged" | "rows_rejected", bigint>

/** The landings on which somebody has to decide. */
async function heldIn(session: Session, schema: string): Promise<HeldLanding[]> {
  const rows = await session.rows<
    Record<"landing_id" | "source" | "dataset" | "detail" | "as_of" | "held_since", string> & {
      reason: HeldLanding["reason"]
      missing_keys: bigint | null
      predecessor_keys: bigint | null
    }
  >(
    `select landing_id, source, dataset, reason, detail, missing_keys, predecessor_keys, as_of::varchar as as_of,
       held_since::varchar as held_since
     from ${schema}.held_landings where accepted_at is null and superseded_by is null
     order by source, dataset, as_of, landing_id`,
  )
  return rows.map((row) => ({
    landingId: row.landing_id,
    source: row.source,
    dataset: row.dataset,
    reason: row.reason,
    detail: row.detail,
    missingKeys: row.missing_keys === null ? null : Number(row.missing_keys),
    predecessorKeys: row.predecessor_keys === null ? null : Number(row.predecessor_keys),
    asOf: utc(row.as_of),
    heldSince: utc(row.held_since),
    acceptedAt: null,
    supersededBy: null,
  }))
}

/** The newest changes of columns; what they touch is taken from what is known of them. */
async function changesIn(
  session: Session,
  schema: string,
  known: readonly RecordedChange[],
): Promise<RecordedChange[]> {
  const rows = await session.rows<Omit<RecordedChange, "touched">>(
    `select source, dataset, landing_id as "landingId", as_of::varchar as "asOf", change, column_name as "column", detail,
       related_column as related
     from ${schema}.schema_changes order by as_of desc, source, dataset, rowid limit ${CHANGES_KEPT}`,
  )
  const keyOf = ({ landingId, change, column }: Omit<RecordedChange, "touched">) =>
    JSON.stringify([landingId, change, column])
  const touched = new Map(known.map((change) => [keyOf(change), change.touched]))
  return rows.map((row) => {
    const parts = touched.get(keyOf(row))
    return { ...row, asOf: utc(row.asOf), ...(parts === undefined ? {} : { touched: parts }) }
  })
}

/** Finds out what changes of columns touch that are not yet looked at. The warehouse must be closed. */
export async function findTouched(context: RunContext): Promise<void> {
  const { ledger } = context
  const open = (ledger.changes ?? []).filter(
    ({ column, touched }) => column !== null && touched === undefined,
  )
  if (open.length === 0) return
  const graph = await projectGraph(context)
  if (graph === undefined) return
  for (const change of open)
    change.touched = touchedBy(graph, change.source, change.dataset, change.column as string)
}

function utc(timestamp: string): string {
  return new Date(`${timestamp.replace(" ", "T")}Z`).toISOString()
}
