import { openWarehouse } from "../project/open-warehouse.ts"
import { hasLog, warehouseIdentity } from "./ledger.ts"
import type { RunContext } from "./run-context.ts"

/**
 * What a killed run had committed may stand in the log beside the warehouse file alone: it goes into the file, also where
 * nothing else is to be done. The ledger, if it knew file and log, then knows the file.
 */
export async function mergeLog(context: RunContext): Promise<void> {
  const { shop, ledger, effects } = context
  const path = shop.paths.warehouse
  if (!hasLog(path)) return
  const known = ledger.warehouse === warehouseIdentity(path)
  const warehouse = await openWarehouse(shop, effects.signal)
  await warehouse.close()
  if (known) context.saveLedger()
}
