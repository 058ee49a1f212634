import { recordedHeld } from "../bronze/held.ts"
import { type BronzeNames, bronzeNames } from "../bronze/schema.ts"
import { includedDatasets } from "../project/shop.ts"
import { isoTime } from "../warehouse/dialect.ts"
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
  const names = bronzeNames(warehouse, shop.layers.bronze)
  const rows = await session.rows<BronzeLanding>(
    `select source, dataset, landing_id, kind, as_of, loaded_at, rows_read, rows_loaded, rows_unchanged, rows_rejected
     from ${names.landings} order by extracted_at, landing_id`,
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
      asOf: isoTime(row.as_of),
      loadedAt: isoTime(row.loaded_at),
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
  ledger.held = (await recordedHeld(session, names)).filter(
    (held) => held.acceptedAt === null && held.supersededBy === null && isIncluded(held),
  )
  ledger.changes = (await changesIn(session, names, ledger.changes ?? [])).filter(isIncluded)
}

type BronzeLanding = Record<"source" | "dataset" | "landing_id" | "kind" | "as_of" | "loaded_at", string> &
  Record<"rows_read" | "rows_loaded" | "rows_unchanged" | "rows_rejected", bigint>

/** The newest changes of columns; what they touch is taken from what is known of them. */
async function changesIn(
  session: Session,
  names: BronzeNames,
  known: readonly RecordedChange[],
): Promise<RecordedChange[]> {
  const rows = await session.rows<Omit<RecordedChange, "touched" | "column"> & { name: string | null }>(
    `select source, dataset, landing_id as landingId, as_of as asOf, change, column_name as name, detail,
       related_column as related
     from ${names.schemaChanges} order by as_of desc, source, dataset, landing_id, change, column_name limit ${CHANGES_KEPT}`,
  )
  const keyOf = ({ landingId, change, column }: Omit<RecordedChange, "touched">) =>
    JSON.stringify([landingId, change, column])
  const touched = new Map(known.map((change) => [keyOf(change), change.touched]))
  return rows.map(({ name: column, ...row }) => {
    const change = { ...row, column, asOf: isoTime(row.asOf) }
    const parts = touched.get(keyOf(change))
    return { ...change, ...(parts === undefined ? {} : { touched: parts }) }
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
