import { openWarehouse } from "../project/open-warehouse.ts"
import type { RunContext } from "./run-context.ts"

/** New rows of bronze up to which one core is enough for any model. */
const FEW = 500_000

/** Models that are built at once then: while one waits for its commit, others use the cores. As many as Node.js can wait for. */
const AT_ONCE = 4

/**
 * Does the work with the cores shared out among the models that are built at once, where few rows are new. A statement that
 * has several cores waits for the last of them in a loop, which takes the core from the model beside it; that is worth it
 * only where there is much to read.
 * @param work told how many models to build at once, where that is another number than the profile's
 */
export async function sharingCores<T>(
  context: RunContext,
  work: (threads?: number) => Promise<T>,
): Promise<T> {
  const { shop, ledger, rowsLoaded } = context
  const { engine, threads = AT_ONCE } = shop.config.transform
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
      return await work(threads)
    } finally {
      await session.run(`set threads = ${cores}`)
    }
  } finally {
    await warehouse.close()
  }
}
