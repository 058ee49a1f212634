import { openWarehouse } from "../project/open-warehouse.ts"
import { type Anomaly, type DatasetHealth, findAnomalies, healthOf } from "../quality/monitor/anomalies.ts"
import { ANOMALIES, readMeasurements, writeAnomalies } from "../quality/monitor/monitor-store.ts"
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
}

/** Compares what was measured of the newest landings with their history, and makes `quality.anomalies` anew. */
export async function watch(context: RunContext): Promise<{ watched: Watched; relation: string }> {
  const { shop, effects } = context
  const warehouse = await openWarehouse(shop, effects.signal)
  try {
    const session = await warehouse.session()
    try {
      const measurements = await readMeasurements(session, warehouse, shop.layers.quality)
      const anomalies = findAnomalies(measurements)
      await writeAnomalies(session, warehouse, shop.layers.quality, anomalies)
      const open = anomalies.filter(({ isOpen }) => isOpen)
      return {
        watched: { datasets: healthOf(measurements), open, anomalies: anomalies.length },
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
