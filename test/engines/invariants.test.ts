import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { assertInvariants } from "../invariants/lib/assert.ts"
import { removeFolder, scratchFolder } from "../invariants/lib/bench.ts"
import { sabotaged } from "../invariants/lib/sabotage.ts"

/**
 * Invariants 1, 2, 3, 5 and 6 of the design, in random tiny shops: see docs/decisions/testing.md. A failure prints the
 * smallest shop that was found, and how to play it again.
 */
const CI = process.env["CI"] === "true"
const SHOPS = Number(process.env["INVARIANTS_SHOPS"] ?? (CI ? 200 : 40))
const COMMAND =
  "npx vitest run --config vitest.engines.config.ts test/engines/invariants.test.ts -t 'hold in'"

test(
  `the invariants hold in ${SHOPS} random tiny shops`,
  () => assertInvariants(SHOPS, { command: COMMAND }),
  1_800_000,
)

describe("a violation is found", () => {
  let folder: string
  beforeEach(() => {
    folder = scratchFolder()
  })
  afterEach(() => removeFolder(folder))

  test.each([
    [
      "records count in the order in which they were loaded, not in that of their time",
      "macros/silver/versions.sql",
      /order by accepted\._\w+,/g,
      "order by accepted._change_seq,",
    ],
    [
      "a return is a sale",
      "models/gold/star/fact_sales.sql",
      / and lines\.is_returned then/g,
      " and false then",
    ],
    [
      "a fact takes any version of its customer",
      "macros/gold/members.sql",
      /\{\{ time \}\} < \{\{ version \}\}\.valid_to/g,
      "true",
    ],
  ])("%s", async (_, file, from, to) => {
    const tested = sabotaged(folder, file, from, to)
    const outcome = assertInvariants(60, { command: COMMAND, tested, minimisingMs: 0 })
    await expect(outcome).rejects.toThrow("a tiny shop breaks an invariant")
  })
})
