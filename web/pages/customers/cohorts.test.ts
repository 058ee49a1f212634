import { expect, test } from "vitest"
import { cohortsOf } from "./cohorts.ts"

const row = (time: string, since: number, customers: number, sales: number) => ({
  time,
  by: { months_since: String(since) },
  values: { cohort_customers: customers, cohort_sales: sales },
})

test("retention is the share that bought, sales add up, and months to come are left out", () => {
  const rows = [row("2025-02-01", 0, 4, 80), row("2025-01-01", 0, 10, 200), row("2025-01-01", 2, 5, 100)]
  expect(cohortsOf(rows, "2025-03-09", 12)).toEqual([
    {
      month: "2025-01-01",
      customers: 10,
      months: [
        { retention: 1, salesSoFar: 20 },
        { retention: 0, salesSoFar: 20 },
        { retention: 0.5, salesSoFar: 30 },
      ],
    },
    {
      month: "2025-02-01",
      customers: 4,
      months: [
        { retention: 1, salesSoFar: 20 },
        { retention: 0, salesSoFar: 20 },
      ],
    },
  ])
})

test("no more months are followed than asked", () => {
  expect(cohortsOf([row("2020-01-01", 0, 1, 1)], "2025-01-01", 12)[0]?.months.length).toBe(13)
})
