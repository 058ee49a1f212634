import { describe, expect, test } from "vitest"
import { checkOverrides, checkScreens, type Place } from "./check.ts"
import { conditionProblem } from "./condition.ts"
import type { ScreenDeclaration } from "./declaration.ts"

const COLUMNS = new Set(["order_id", "status", "created_at", "shipped_at"])
const usual = { severity: "warning", action: "flag", description: "It is so" }
const check = (screens: unknown[], place: Place = "record") =>
  checkScreens(screens, { place, columns: COLUMNS })

describe("declarations", () => {
  test("nothing is wrong with sound ones of each place", () => {
    expect(
      check([
        {
          ...usual,
          name: "shipped_later",
          kind: "ordered_times",
          columns: ["created_at", "shipped_at"],
          bit: 16,
        },
        { ...usual, name: "known", kind: "accepted_values", column: "status", values: ["New"], bit: 17 },
      ]),
    ).toEqual([])
    expect(
      check(
        [{ ...usual, name: "there", kind: "foreign_key", column: "order_id", references: "orders" }],
        "cross",
      ),
    ).toEqual([])
    expect(
      check([{ ...usual, name: "volume", kind: "volume", min: 0.5, max: 2, least_batches: 3 }], "batch"),
    ).toEqual([])
  })

  test.each<[string, Record<string, unknown>, Place, string, (string | number)[]]>([
    [
      "an unknown kind",
      { kind: "rnage", column: "status", bit: 16 },
      "record",
      'did you mean "range"?',
      [0, "kind"],
    ],
    [
      "a kind of another place",
      { kind: "foreign_key", column: "order_id" },
      "record",
      '"foreign_key" is no kind of screen here',
      [0, "kind"],
    ],
    [
      "an unknown key",
      { kind: "range", column: "status", bit: 16, maximum: 3 },
      "record",
      'has no "maximum"',
      [0, "maximum"],
    ],
    [
      "a column that is none",
      { kind: "not_null", column: "statis", bit: 16 },
      "record",
      '"statis" is no column here; did you mean "status"?',
      [0, "column"],
    ],
    ["a bit of the columns", { kind: "not_null", column: "status", bit: 3 }, "record", ">=16", [0, "bit"]],
    [
      "an action that is none",
      { kind: "not_null", column: "status", bit: 16, action: "refuse" },
      "record",
      "action",
      [0, "action"],
    ],
    ["a range without bounds", { kind: "range", column: "status", bit: 16 }, "record", "min or max", [0]],
    [
      "a rejection across tables",
      { kind: "foreign_key", column: "order_id", references: "orders", action: "reject" },
      "cross",
      "cannot reject",
      [0, "action"],
    ],
    [
      "a rejection by the time of delivery",
      { kind: "not_in_future", column: "created_at", bit: 16, action: "reject" },
      "record",
      "cannot reject",
      [0, "action"],
    ],
    [
      "a rule that names no column",
      { kind: "business_rule", columns: ["status"], condition: "stats = 'New'", bit: 16 },
      "record",
      '"stats", which is no column',
      [0, "condition"],
    ],
  ])("%s is refused with its place", (_what, screen, place, offence, path) => {
    const [problem, ...others] = check([{ ...usual, name: "it", ...screen }], place)
    expect(others).toEqual([])
    expect(problem?.offence).toContain(offence)
    expect(problem?.path).toEqual(path)
  })

  test("a bit and a name are given once; free bits are told", () => {
    const not_null = { ...usual, kind: "not_null", column: "status", bit: 16 }
    const problems = check([
      { ...not_null, name: "one" },
      { ...not_null, name: "one" },
    ])
    expect(problems.map(({ offence }) => offence)).toEqual([
      'there are two screens "one"',
      'the bit 16 of "one" belongs to "one": a bit is permanent and never given twice',
    ])
    expect(problems[1]?.choices[0]).toBe("17")
  })
})

test.each([
  ["status = 'it''s' and (shipped_at is null or shipped_at >= created_at)", undefined],
  ["status in ('New', 'Old') or not coalesce(order_id, 0) + 1.5 > 2", undefined],
  ["(status = 'New'", "parentheses do not match"],
  ["status = 'New')", "parentheses do not match"],
  ["status = 'New'; drop table x", 'cannot be read at "; drop'],
  ["status = 'New' -- and shipped_at is null", 'cannot be read at "--'],
  ["status = 'New' /* or */ and true", 'cannot be read at "/*'],
  ["status = (select 1)", 'names "select"'],
])("the condition %s", (condition, offence) => {
  const problem = conditionProblem(condition, COLUMNS)?.offence
  if (offence === undefined) expect(problem).toBeUndefined()
  else expect(problem).toContain(offence)
})

describe("what a shop says of screens that are declared elsewhere", () => {
  const known = new Map<string, ScreenDeclaration>([
    ["shop.orders.later", { name: "later", kind: "ordered_times", action: "flag" }],
  ])
  const overrides = (settings: Record<string, unknown>) =>
    checkOverrides(settings, known, () => []).map(({ offence }) => offence)
  test("is about screens that are there, and leaves alone what is fixed", () => {
    expect(overrides({ "shop.orders.later": { action: "reject" } })).toEqual([])
    expect(overrides({ "shop.orders.latr": { action: "reject" } })).toEqual([
      'there is no screen "shop.orders.latr"; did you mean "shop.orders.later"?',
    ])
    expect(overrides({ "shop.orders.later": { bit: 17 } })).toEqual(['"bit" of a screen is fixed'])
    expect(overrides({ "shop.orders.later": "reject" })[0]).toContain("are a mapping")
  })
})
