import { openWarehouse } from "../project/open-warehouse.ts"
import { type Anomaly, type DatasetHealth, findAnomalies, healthOf } from "../quality/monitor/anomalies.ts"
import { ANOMALIES, countRows, readMeasurements, writeAnomalies } from "../quality/monitor/monitor-store.ts"
import { type TableHealth, tableHealth } from "../quality/monitor/table-rows.ts"
import type { RunContext } from "./run-context.ts"

/** The model that measures each landing. */
export const MEASURES = "landing_measures"

/** What a transformation leaves for `cartwright status`. */
export interface Watched {
  datasets: DatasetHealth[]
  /** Those in the newest landings, the gravest first. */
  open: Anomaly[]
  /** All in `quality.anomalies`. */
  anomalies: number
  /** The tables that were built of star and marts, by the number of their rows. */
  tables: TableHealth[]
}

/**
 * Compares what was measured of the newest landings with their history, and makes `quality.anomalies` anew; counts the rows of
 * the tables that readers see.
 * @param built as `dataset.table`
 */
export async function watch(
  context: RunContext,
  built: readonly string[],
): Promise<{ watched: Watched; relation: string }> {
  const { shop, effects } = context
  const warehouse = await openWarehouse(shop, context)
  try {
    const session = await warehouse.session()
    try {
      const measurements = await readMeasurements(session, warehouse, shop.layers.quality)
      const anomalies = findAnomalies(measurements)
      await writeAnomalies(session, warehouse, shop.layers.quality, anomalies)
      const { star, marts, meta } = shop.layers
      const seen = built.filter((table) => [star, marts].includes(table.split(".")[0] as string))
      const tables = tableHealth(await countRows(session, warehouse, meta, seen, effects.now()))
      const open = anomalies.filter(({ isOpen }) => isOpen)
      return {
        watched: { datasets: healthOf(measurements), open, anomalies: anomalies.length, tables },
        relation: `${shop.layers.quality}.${ANOMALIES}`,
      }
    } finally {
      session.close()
    }
  } finally {
    await warehouse.close()
    context.saveLedger()
  }
}
