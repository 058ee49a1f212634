import { expect, test } from "vitest"
import { assertInvariants } from "./lib/assert.ts"
import { removeFolder, scratchFolder } from "./lib/bench.ts"
import { checkWorld, readPackage } from "./lib/check.ts"
import type { World } from "./lib/world.ts"

/** A few of the shops that test/engines/invariants.test.ts plays by the hundred. */
test("the invariants hold in tiny shops", async () => {
  await assertInvariants(3, { command: "npx vitest run test/invariants/invariants.test.ts" })
}, 300_000)

/** Shops that broke an invariant once, made smaller. */
test.each<[string, World]>([
  [
    "a line without a key that another rule rejects leaves the sales",
    {
      salt: 1225995454,
      deliveries: [
        { dataset: "invoices", kind: "full", day: 3, records: [[3, 2]], arrives: 0, lacks: undefined },
      ],
      runs: [{ after: 1, how: { kind: "whole" }, rules: [] }],
      rules: ["invoices.customer_named: action reject"],
    },
  ],
  [
    "of a deleted customer of whom everything was rejected nothing is known, in whatever order it arrived",
    {
      salt: 66737797,
      deliveries: [
        { dataset: "users", kind: "full", day: 1, records: [[4, 1]], arrives: 16, lacks: undefined },
        { dataset: "users", kind: "full", day: 2, records: [[2, 1]], arrives: 0, lacks: undefined },
        { dataset: "users", kind: "full", day: 0, records: [[4, 2]], arrives: 0, lacks: undefined },
      ],
      runs: [],
      rules: ["users.age_plausible: action reject, max 30"],
    },
  ],
  [
    "a late delivery in full, which lets an equal line of its successor appear again, leaves each line one place",
    {
      salt: 648199866,
      deliveries: [
        { dataset: "invoices", kind: "full", day: 4, records: [[2, 2]], arrives: 20, lacks: undefined },
        { dataset: "invoices", kind: "full", day: 1, records: [[4, 0]], arrives: 0, lacks: undefined },
        {
          dataset: "invoices",
          kind: "full",
          day: 5,
          records: [
            [4, 0],
            [4, 1],
          ],
          arrives: 0,
          lacks: undefined,
        },
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
