import { expect, test } from "vitest"
import { assertInvariants } from "./lib/assert.ts"
import { removeFolder, scratchFolder } from "./lib/bench.ts"
import { checkWorld, readPackage } from "./lib/check.ts"

/** A few of the shops that test/engines/invariants.test.ts plays by the hundred. */
test("the invariants hold in tiny shops", async () => {
  await assertInvariants(3, { command: "npx vitest run test/invariants/invariants.test.ts" })
}, 300_000)

test("a line without a key that another rule rejects leaves the sales", async () => {
  const folder = scratchFolder()
  try {
    const finding = await checkWorld(
      {
        salt: 1225995454,
        deliveries: [
          { dataset: "invoices", kind: "full", day: 3, records: [[3, 2]], arrives: 0, lacks: undefined },
        ],
        runs: [{ after: 1, how: { kind: "whole" }, rules: [] }],
        rules: ["invoices.customer_named: action reject"],
      },
      folder,
      readPackage(),
    )
    expect(finding).toBeUndefined()
  } finally {
    removeFolder(folder)
  }
}, 120_000)
