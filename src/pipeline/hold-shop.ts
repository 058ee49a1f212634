import type { Effects } from "../core/effects.ts"
import type { Shop } from "../project/shop.ts"
import { enterShop } from "./enter-shop.ts"
import { readLedger, writeLedger } from "./ledger.ts"

/**
 * Does work on a shop's warehouse outside a run, under the shop's lease. What it changes is not a whole transformation:
 * the next run transforms anew, and where it fails or is killed nothing is published until then.
 */
export async function holdShop<T extends { success: boolean }>(
  shop: Shop,
  command: string,
  effects: Effects,
  work: () => Promise<T>,
): Promise<T> {
  const { runs } = shop.paths
  const { release } = await enterShop(shop, command, effects, () => {})
  try {
    const before = readLedger(runs)
    const { transformed: _transformed, layers: _layers, ...rest } = before
    writeLedger(runs, rest)
    const outcome = await work()
    if (outcome.success) writeLedger(runs, before)
    return outcome
  } finally {
    await release()
  }
}
