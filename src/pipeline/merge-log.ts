import { openWarehouse } from "../project/open-warehouse.ts"
import { hasLog, identityOf } from "./ledger.ts"
import type { RunContext } from "./run-context.ts"

/**
 * What a killed run had committed may stand in the log beside the warehouse file alone: it goes into the file, also where
 * nothing else is to be done. The ledger, if it knew file and log, then knows the file.
 */
export async function mergeLog(context: RunContext): Promise<void> {
  const { shop, ledger } = context
  if (shop.warehouse.type !== "duckdb" || !hasLog(shop.warehouse.path)) return
  const known = ledger.warehouse === identityOf(shop.warehouse)
  const warehouse = await openWarehouse(shop, context)
  await warehouse.close()
  if (known) context.saveLedger()
}
