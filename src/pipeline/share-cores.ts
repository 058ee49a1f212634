import { openWarehouse } from "../project/open-warehouse.ts"
import { DBT_THREADS } from "../project/profile.ts"
import type { RunContext } from "./run-context.ts"

/** New rows of bronze up to which one core is enough for any model. */
const FEW = 500_000

/**
 * Does the work with the cores shared out among the models that are built at once, where few rows are new. A statement that
 * has several cores waits for the last of them in a loop, which takes the core from the model beside it; that is worth it
 * only where there is much to read.
 */
export async function sharingCores<T>(context: RunContext, work: () => Promise<T>): Promise<T> {
  const { shop, ledger, rowsLoaded } = context
  const { engine, threads = DBT_THREADS.duckdb } = shop.config.transform
  const few =
    !context.fullRefresh && ledger.published !== undefined && rowsLoaded !== undefined && rowsLoaded <= FEW
  if (engine !== "embedded" || !few) return work()
  const warehouse = await openWarehouse(shop, context)
  try {
    const session = await warehouse.session()
    const [{ cores } = { cores: 1 }] = await session.rows<{ cores: number }>(
      "select current_setting('threads')::integer as cores",
    )
    await session.run(`set threads = ${Math.max(1, Math.floor(cores / threads))}`)
    try {
      return await work()
    } finally {
      await session.run(`set threads = ${cores}`)
    }
  } finally {
    await warehouse.close()
  }
}
