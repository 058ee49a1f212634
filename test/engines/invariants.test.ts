import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { assertInvariants } from "../invariants/lib/assert.ts"
import { removeFolder, scratchFolder } from "../invariants/lib/bench.ts"
import { checkWorld, type Phase } from "../invariants/lib/check.ts"
import { recordOf } from "../invariants/lib/records.ts"
import { sabotaged } from "../invariants/lib/sabotage.ts"
import type { Delivered } from "../invariants/lib/world.ts"

/**
 * Invariants of the design (§10) in random tiny shops: see docs/decisions/testing.md. A failure prints the smallest shop
 * that was found, and how to play it again.
 *
 * | invariant | where it is looked at |
 * |---|---|
 * | 1 load twice = load once | here: deliveries that come twice, `loadedAgain` and the phase "twice" of check.ts |
 * | 2 any order of arrival | here: the phases "as delivered" (the star is what lib/model says) and "arrival" |
 * | 3 incremental = full refresh, partial runs, other rules | here: the phase "full refresh" |
 * | 4 killed anywhere and rerun | crash.test.ts, crash-commands.test.ts, crash-troubles.test.ts |
 * | 5 rows in = rows out + rows explained | here: `unaccounted` of check.ts, flow.ts |
 * | 6 versions cover all time once, a fact finds one | here: integrity.ts, and lib/model |
 * | 7 embedded runner = real dbt | invariants-dbt.test.ts, parity.test.ts |
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
      "a version begins a second late",
      "macros/gold/versions.sql",
      /else effective_at end as valid_from/g,
      "else effective_at + interval 1 second end as valid_from",
      /the versions in dim_\w+ cover all time once/,
    ],
    [
      "a line is lost on its way into the sales of a day",
      "models/gold/marts/agg_daily_sales.sql",
      /\ngroup by/g,
      "\nwhere sales.line_kind <> 'adjustment'\ngroup by",
      /daily sales add up to the lines sold/,
    ],
    [
      "earlier rows are not looked at again when rules change",
      "macros/incremental/state.sql",
      / and seen\.rule_version == cartwright\.rule_version\(\)/g,
      "",
      /are not what the deliveries say/,
    ],
    [
      "a fact names the last landing that said the same, and not the first",
      "macros/silver/versions.sql",
      /coalesce\(earlier\._first_landing_id, (newest\._landing_id)\)/g,
      "$1",
      /(sales|orders|events|sessions|lines) are not what the deliveries say/,
    ],
    [
      "a fact takes any version of its customer",
      "macros/gold/members.sql",
      /\{\{ time \}\} < \{\{ version \}\}\.valid_to/g,
      "true",
      /the (customer|product) version that fact_\w+ carries is the one valid at|not what the deliveries say/,
    ],
  ])("%s", async (_, file, from, to, complaint) => {
    const tested = sabotaged(folder, file, from, to)
    const phases: Phase[] = ["as delivered"]
    const outcome = assertInvariants(60, { command: COMMAND, tested, phases, minimisingMs: 0 })
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
    const runs = [{ after: 1, how: { kind: "whole" as const }, rules: undefined }]
    const finding = await checkWorld(
      { salt, deliveries: [users(0, 0), users(1, 1)], runs, rules: [] },
      folder,
      tested,
    )
    expect(finding?.complaints.join("\n")).toContain("customers are not what the deliveries say")
  })
})
