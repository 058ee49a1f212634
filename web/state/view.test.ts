import * as fc from "fast-check"
import { expect, test } from "vitest"
import { searchOf, toggled, type View, viewOf } from "./view.ts"

const value = fc.oneof(
  fc.string(),
  fc.constantFrom("a|b", "~~", "%7C", "a,b", "&filter=", "☃"),
  fc.constant(null),
)

const view: fc.Arbitrary<View> = fc.record({
  page: fc.constantFrom("overview", "funnel"),
  period: fc.constantFrom("last_12_months", "last_30_days", "all", "2025-01-01..2025-03-31"),
  compare: fc.constantFrom("previous_period", "previous_year", "none"),
  filters: fc.array(
    fc.record({
      dimension: fc.constantFrom("channel", "country"),
      values: fc.array(value, { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
  choices: fc.dictionary(fc.constantFrom("start", "customer"), fc.string({ minLength: 1 })),
})

test("a link shows exactly what was shown", () => {
  fc.assert(
    fc.property(view, (shown) => {
      expect(viewOf(searchOf(shown))).toEqual(shown)
    }),
  )
})

test("an address that nobody made by hand is no error", () => {
  expect(
    viewOf("?filter=channel&filter=%25&filter=[1,2]&filter=[%22a%22]&filter=%22a%22&compare=x"),
  ).toMatchObject({
    compare: "previous_year",
    filters: [],
  })
})

test("putting a value in and out again leaves what was", () => {
  const filters = [{ dimension: "channel", values: ["Email", null] }]
  const more = toggled(filters, "country", "France")
  expect(more).toEqual([...filters, { dimension: "country", values: ["France"] }])
  expect(toggled(more, "country", "France")).toEqual(filters)
  expect(toggled(filters, "channel", null)).toEqual([{ dimension: "channel", values: ["Email"] }])
})
