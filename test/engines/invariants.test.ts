import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { assertInvariants } from "../invariants/lib/assert.ts"
import { removeFolder, scratchFolder } from "../invariants/lib/bench.ts"
import { checkWorld } from "../invariants/lib/check.ts"
import { recordOf } from "../invariants/lib/records.ts"
import { sabotaged } from "../invariants/lib/sabotage.ts"
import type { Delivered } from "../invariants/lib/world.ts"

/**
 * Invariants 1, 2, 3, 5 and 6 of the design, in random tiny shops: see docs/decisions/testing.md. A failure prints the
 * smallest shop that was found, and how to play it again.
 */
const CI = process.env["CI"] === "true"
const SHOPS = Number(process.env["INVARIANTS_SHOPS"] ?? (CI ? 30 : 40))
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
      /(sales|orders|events|sessions) are not what the deliveries say/,
    ],
    [
      "a return is a sale",
      "models/gold/star/fact_sales.sql",
      / and lines\.is_returned then/g,
      " and false then",
      /sales are not what the deliveries say/,
    ],
    [
      "a fact takes any version of its customer",
      "macros/gold/members.sql",
      /\{\{ time \}\} < \{\{ version \}\}\.valid_to/g,
      "true",
      /the customer version that fact_\w+ carries is the one valid at|not what the deliveries say/,
    ],
  ])("%s", async (_, file, from, to, complaint) => {
    const tested = sabotaged(folder, file, from, to)
    const outcome = assertInvariants(60, { command: COMMAND, tested, minimisingMs: 0 })
    await expect(outcome).rejects.toThrow(complaint)
  })

  test("a later run does not look at customers whose record changed", async () => {
    const tested = sabotaged(
      folder,
      "macros/incremental/changes.sql",
      /'thelook', 'users', 'user_id', 'customer_id', since/g,
      "'thelook', 'users', 'user_id', 'customer_id', ' where false'",
    )
    const source = (salt: number, look: number) => recordOf(salt, "users", 1, look)["traffic_source"]
    const salt = Array.from({ length: 1000 }, (_, i) => i).find(
      (i) => source(i, 0) !== source(i, 1),
    ) as number
    const users = (day: number, look: number): Delivered => ({
      dataset: "users",
      kind: "full",
      day,
      records: [[1, look]],
      arrives: day,
      lacks: undefined,
    })
    const runs = [{ after: 1, how: { kind: "whole" as const } }]
    const finding = await checkWorld({ salt, deliveries: [users(0, 0), users(1, 1)], runs }, folder, tested)
    expect(finding?.complaints.join("\n")).toContain("customers are not what the deliveries say")
  })
})
