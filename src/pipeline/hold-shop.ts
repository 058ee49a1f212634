import type { Effects } from "../core/effects.ts"
import type { Shop } from "../project/shop.ts"
import { takeLease } from "./lease.ts"
import { readLedger, writeLedger } from "./ledger.ts"
import { markKilled, newRunId } from "./run-record.ts"

/**
 * Does work on a shop's warehouse outside a run, under the shop's lease. What it changes is not a whole transformation:
 * the next run transforms anew, and after a failure nothing is published until then.
 */
export async function holdShop<T extends { success: boolean }>(
  shop: Shop,
  command: string,
  effects: Effects,
  work: () => Promise<T>,
): Promise<T> {
  const { runs } = shop.paths
  const runId = newRunId(effects.now(), runs)
  const lease = takeLease(
    runs,
    { runId, command },
    () => effects.now(),
    () => {},
  )
  let success = false
  try {
    markKilled(runs, runId)
    const outcome = await work()
    success = outcome.success
    return outcome
  } finally {
    if (!success) {
      const ledger = readLedger(runs)
      delete ledger.transformed
      writeLedger(runs, ledger)
    }
    lease.release()
  }
}
