import { expect, test } from "vitest"
import { assertInvariants } from "./lib/assert.ts"
import { removeFolder, scratchFolder } from "./lib/bench.ts"
import { checkWorld, readPackage } from "./lib/check.ts"
import type { Delivered, World } from "./lib/world.ts"

/** A few of the shops that test/engines/invariants.test.ts plays by the hundred. */
test("the invariants hold in tiny shops", async () => {
  await assertInvariants(3, { command: "npx vitest run test/invariants/invariants.test.ts" })
}, 300_000)

/** A delivery in full. @param arrives its place in the order of arrival */
const full = (
  dataset: Delivered["dataset"],
  day: number,
  records: Delivered["records"],
  arrives = 0,
): Delivered => ({ dataset, kind: "full", day, records, arrives, lacks: undefined })

/** Shops that broke an invariant once, made smaller. */
test.each<[string, World]>([
  [
    "a line without a key that another rule rejects leaves the sales",
    {
      salt: 1225995454,
      deliveries: [full("invoices", 3, [[3, 2]])],
      runs: [{ after: 1, how: { kind: "whole" }, rules: [] }],
      rules: ["invoices.customer_named: action reject"],
    },
  ],
  [
    "of a deleted customer of whom everything was rejected nothing is known, in whatever order it arrived",
    {
      salt: 66737797,
      deliveries: [full("users", 1, [[4, 1]], 16), full("users", 2, [[2, 1]]), full("users", 0, [[4, 2]])],
      runs: [],
      rules: ["users.age_plausible: action reject, max 30"],
    },
  ],
  [
    "a late delivery in full, which lets an equal line of its successor appear again, leaves each line one place",
    {
      salt: 648199866,
      deliveries: [
        full("invoices", 4, [[2, 2]], 20),
        full("invoices", 1, [[4, 0]]),
        full("invoices", 5, [
          [4, 0],
          [4, 1],
        ]),
      ],
      runs: [{ after: 2, how: { kind: "whole" }, rules: [] }],
      rules: [],
    },
  ],
])(
  "%s",
  async (_, world) => {
    const folder = scratchFolder()
    try {
      expect(await checkWorld(world, folder, readPackage())).toBeUndefined()
    } finally {
      removeFolder(folder)
    }
  },
  120_000,
)
