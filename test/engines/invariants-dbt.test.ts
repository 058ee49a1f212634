import { join } from "node:path"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { runEmbedded } from "../../src/transform/dbt.ts"
import { runRealDbt } from "../../src/transform/real-dbt.ts"
import {
  type Engine,
  query,
  removeFolder,
  scratchFolder,
  ShopWarehouse,
  writeProject,
} from "../invariants/lib/bench.ts"
import { playSteps, readPackage } from "../invariants/lib/check.ts"
import { contentsOf, unequal } from "../invariants/lib/compare.ts"
import { landAll } from "../invariants/lib/landings.ts"
import { type World, world } from "../invariants/lib/world.ts"
import { dbtBin, describeWith } from "./lib/engines.ts"

/**
 * Invariant 7 of the design in random tiny shops: the embedded runner builds what real dbt builds, table for table, in two
 * runs of which the first may be partial or go by other rules. `parity.test.ts` shows it for whole shops.
 */
const SHOPS = process.env["CI"] === "true" ? 4 : 2

describeWith({ dbt: dbtBin() }, "embedded runner = real dbt in tiny shops", ({ dbt }) => {
  const { seed = Date.now() } = fc.readConfigureGlobal()
  const rich = world.filter(({ deliveries, runs }) => deliveries.length >= 4 && runs.length > 0)
  const shops = fc
    .sample(rich, { numRuns: SHOPS, seed })
    .map((shop, i): [string, World] => [`shop ${i + 1} of PROPERTY_SEED=${seed}`, shop])

  test.each(shops)("%s", async (_, shop) => {
    const twoRuns: World = { ...shop, runs: shop.runs.slice(0, 1) }
    const folder = scratchFolder()
    try {
      const tested = readPackage()
      const { lake, landed } = await landAll(twoRuns, join(folder, "lake"))
      const play = async (name: string, engine: Engine) => {
        const own = join(folder, name)
        const project = writeProject(own, twoRuns, tested.folder)
        const warehouse = new ShopWarehouse({ folder: own, name: "shop", project, lake, engine })
        expect(await playSteps(twoRuns, warehouse, landed, tested)).toEqual([])
        return contentsOf(warehouse.path)
      }
      const embedded = await play("embedded", runEmbedded)
      const real = await play("dbt", (options) => runRealDbt({ ...options, executable: dbt }))
      expect(embedded.prints.everything.size).toBeGreaterThan(30)
      const differences = async () =>
        unequal("the engines differ", "everything", { embedded, dbt: await contentsOf(real.path) })
      expect(await differences()).toEqual([])
      await query(real.path, (session) =>
        session.run("update star.dim_dates set weekday_name = 'Holiday' where date_key > 0"),
      )
      expect((await differences()).join()).toContain("the engines differ: star.dim_dates")
    } finally {
      removeFolder(folder)
    }
  })
})
