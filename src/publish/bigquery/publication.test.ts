import * as fc from "fast-check"
import { expect, test } from "vitest"
import { planPublication, type Publication, type WorkingTable } from "./publication.ts"

const NAMES = ["fact_sales", "dim_dates", "sales_per_day"]

/** One day's working tables: which there are, which is a view, and how often each was written so far. */
const day = fc.array(
  fc.record({ name: fc.constantFrom(...NAMES), written: fc.integer({ min: 0, max: 3 }) }),
  { minLength: 1, maxLength: 3 },
)

function tablesOf(written: readonly { name: string; written: number }[]): WorkingTable[] {
  const last = new Map(written.map((each) => [each.name, each.written]))
  return [...last].map(([name, n]) => ({
    dataset: "gold",
    name,
    isView: name === "sales_per_day",
    modified: String(n),
    rows: n,
    bytes: 0,
    hidden: [],
  }))
}

test("whatever is written day by day, readers see each day's state, and the versions that stay are whole", () => {
  fc.assert(
    fc.property(
      fc.array(day, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 4 }),
      (days, keep) => {
        /** What is in the published dataset: each clone with the state of the table that it was made of. */
        const clones = new Map<string, string>()
        const publications: Publication[] = []
        let views = new Map<string, string>()
        for (const [i, written] of days.entries()) {
          const tables = tablesOf(written)
          const plan = planPublication(
            { tables, publications, clones: [...clones.keys()], views: [...views.keys()] },
            new Date(Date.UTC(2026, 0, 1 + i)),
            keep,
          )
          if (plan !== undefined) {
            for (const { table, clone } of plan.clones) clones.set(clone, `${table.name} ${table.modified}`)
            views = new Map(plan.views.map(({ name, clone }) => [name, clone]))
            publications.unshift(plan)
            for (const clone of plan.goneClones) clones.delete(clone)
          }
          expect([...views.keys()].sort()).toEqual(tables.map(({ name }) => name).sort())
          for (const { name, modified, isView } of tables)
            if (!isView) expect(clones.get(views.get(name) ?? "")).toBe(`${name} ${modified}`)
          for (const { tables: staying } of publications.slice(0, keep))
            for (const { clone } of Object.values(staying)) expect(clones.has(clone)).toBe(true)
          const needed = publications.slice(0, keep).flatMap((each) => Object.values(each.tables))
          expect(clones.size).toBe(new Set(needed.map(({ clone }) => clone)).size)
        }
      },
    ),
  )
})

test("tables that nobody published by us are never removed", () => {
  const state = { tables: tablesOf([{ name: "fact_sales", written: 1 }]), publications: [], views: [] }
  const clones = ["mine", "fact_sales__backup", "fact_sales__0003_20260101T000000Z"]
  expect(planPublication({ ...state, clones }, new Date(0), 5)?.goneClones).toEqual([
    "fact_sales__0003_20260101T000000Z",
  ])
})
