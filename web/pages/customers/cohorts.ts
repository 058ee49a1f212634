import type { QueryReply } from "../../../src/server/api.ts"

/** Customers by the month of their first purchase, and what became of them month by month. */
export interface Cohort {
  /** First day of the month. */
  month: string
  customers: number
  /** By months since, from 0: which share of the customers bought, and what all have brought so far per customer. */
  months: { retention: number; salesSoFar: number }[]
}

/**
 * @param last the last day that has data: a month that is still to come is not a month without customers
 * @param most months that are followed
 */
export function cohortsOf(rows: QueryReply["rows"], last: string, most: number): Cohort[] {
  const byMonth = new Map<string, QueryReply["rows"]>()
  for (const row of rows) {
    const month = row.time ?? ""
    byMonth.set(month, [...(byMonth.get(month) ?? []), row])
  }
  return [...byMonth]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, of]) => {
      const valueOf = (since: number, metric: string) =>
        of.find(({ by }) => by["months_since"] === String(since))?.values[metric] ?? 0
      const customers = valueOf(0, "cohort_customers")
      let sales = 0
      const months = Array.from({ length: Math.min(monthsBetween(month, last), most) + 1 }, (_, since) => {
        sales += valueOf(since, "cohort_sales")
        return {
          retention: customers === 0 ? 0 : valueOf(since, "cohort_customers") / customers,
          salesSoFar: customers === 0 ? 0 : sales / customers,
        }
      })
      return { month, customers, months }
    })
}

function monthsBetween(from: string, to: string): number {
  const months = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
  return Math.max(months(to) - months(from), 0)
}
