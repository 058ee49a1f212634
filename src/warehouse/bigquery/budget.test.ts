import fc from "fast-check"
import { expect, test } from "vitest"
import { billedAtMost, Budget } from "./budget.ts"

const MB = 1024 * 1024

test("a query is billed whole megabytes, and 10 for each table", () => {
  expect(billedAtMost(0, 0)).toBe(10 * MB)
  expect(billedAtMost(1, 1)).toBe(11 * MB)
  expect(billedAtMost(25 * MB, 3)).toBe(55 * MB)
})

test("what has no estimate waits until nothing else runs, and gets what is left", async () => {
  const budget = new Budget(100)
  const first = await budget.grant(30, "first")
  let alone: number | undefined
  const waiting = budget.grant(undefined, "script").then((grant) => {
    alone = grant.bytes
    return grant
  })
  await Promise.resolve()
  expect(alone).toBeUndefined()
  first.settle(20)
  const grant = await waiting
  expect(grant.bytes).toBe(80)
  grant.settle(80)
  await expect(budget.grant(1, "too late")).rejects.toMatchObject({ code: "config", place: "too late" })
  await expect(budget.grant(undefined, "too late")).rejects.toMatchObject({ code: "config" })
})

test("whatever runs at once, the cap holds and nobody waits for ever", async () => {
  const job = fc.record({
    estimate: fc.option(fc.integer({ min: 1, max: 120 }), { nil: undefined }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    turns: fc.integer({ min: 0, max: 5 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 12 }), async (jobs) => {
      const budget = new Budget(100)
      let held = 0
      await Promise.allSettled(
        jobs.map(async ({ estimate, part, turns }, i) => {
          const grant = await budget.grant(estimate, String(i))
          held += grant.bytes
          expect(held + budget.billed).toBeLessThanOrEqual(100)
          for (let turn = 0; turn < turns; turn++) await Promise.resolve()
          held -= grant.bytes
          grant.settle(Math.floor(grant.bytes * part))
        }),
      ).then((results) => {
        for (const result of results)
          if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "config" })
      })
      expect(budget.billed).toBeLessThanOrEqual(100)
    }),
  )
})
