import { copyFileSync, existsSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { silentEffects } from "../core/effects.ts"
import type { Shop } from "../project/shop.ts"
import { openDuckDb } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { type Ledger, warehouseIdentity } from "./ledger.ts"
import { mergeLog } from "./merge-log.ts"
import type { RunContext } from "./run-context.ts"

/** A warehouse as a kill leaves it: what was committed last stands in the log alone. */
async function killedWarehouse(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-log-"))
  const alive = await openDuckDb({ path: join(folder, "alive.duckdb") })
  const session = await alive.session()
  await session.run("create table t as select 7 as i")
  const path = join(folder, "warehouse.duckdb")
  for (const end of ["", ".wal"]) copyFileSync(join(folder, `alive.duckdb${end}`), `${path}${end}`)
  await alive.close()
  return path
}

test.each([
  ["that the ledger knew stays known", true],
  ["that the ledger did not know stays unknown", false],
])("a log beside the warehouse goes into it; one %s", async (_, known) => {
  const path = await killedWarehouse()
  const ledger: Ledger = { format: 2, datasets: {} }
  const save = () => {
    ledger.warehouse = warehouseIdentity(path) as string
  }
  if (known) save()
  const shop = { warehouse: { type: "duckdb", path } } as Shop
  const context = { shop, ledger, effects: silentEffects(), saveLedger: save } as unknown as RunContext
  await mergeLog(context)
  expect(existsSync(`${path}.wal`)).toBe(false)
  expect(ledger.warehouse).toBe(known ? warehouseIdentity(path) : undefined)
  const warehouse = await openDuckDb({ path, readOnly: true })
  const session = await warehouse.session()
  expect(await session.rows("select i from t")).toEqual([{ i: 7 }])
  await warehouse.close()
})
