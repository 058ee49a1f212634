import { expect, test } from "vitest"
import { LEAST_HISTORY } from "./expectation.ts"
import { type RowCount, tableHealth } from "./table-rows.ts"

/** One count a day, from January 1st, 2026. */
const daily = (table: string, rows: readonly number[]): RowCount[] =>
  rows.map((each, day) => ({ table, at: new Date(Date.UTC(2026, 0, 1 + day, 6)).toISOString(), rows: each }))

const growing = Array.from({ length: 12 }, (_, day) => 10_000 + 100 * day)

test("a table that grows as it did is as usual", () => {
  const [orders] = tableHealth(daily("gold.fact_orders", growing))
  expect(orders).toMatchObject({ rows: 11_100, rowsBefore: 11_000, counts: 11, message: null })
  expect(orders?.since).toBe("2026-01-12T06:00:00.000Z")
})

test.each([
  ["lost a fifth", 9_000],
  ["doubled", 22_000],
  ["lost all", 0],
])("a table that %s is told", (_, rows) => {
  const [orders] = tableHealth(daily("gold.fact_orders", [...growing, rows]))
  expect(orders?.message).toMatch(
    /^gold\.fact_orders: [\d,]+ rows, usually 10,\d{3} to 12,\d{3}, since 2026-01-13$/,
  )
  expect(orders?.rowsBefore).toBe(11_100)
})

test("nothing is told before there is enough to learn from", () => {
  const counts = daily("gold.fact_orders", [...growing.slice(0, LEAST_HISTORY - 1), 1])
  expect(tableHealth(counts)).toMatchObject([
    { counts: LEAST_HISTORY - 1, needed: LEAST_HISTORY, usualRows: null, message: null },
  ])
})

test("each table is told for itself, by name, in whatever order the counts come", () => {
  const counts = [...daily("gold.fact_sales", growing), ...daily("gold.dim_pages", [5])]
  expect(tableHealth(counts.reverse()).map(({ table, rows }) => [table, rows])).toEqual([
    ["gold.dim_pages", 5],
    ["gold.fact_sales", 11_100],
  ])
})
