import fc from "fast-check"
import { expect, test } from "vitest"
import type { Plan } from "../graph/plan.ts"
import { runPlan } from "./workers.ts"

/** Node i may wait for nodes before it only. */
const plans = fc
  .array(fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.boolean(), fc.integer({ min: 0, max: 3 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((nodes) => {
    const ids = nodes.map((_, i) => `n${i}`)
    const waitsFor = new Map(
      ids.map((id, i) => [id, new Set((nodes[i]?.[0] ?? []).filter(() => i > 0).map((n) => `n${n % i}`))]),
    )
    const dependents = new Map<string, string[]>(ids.map((id) => [id, []]))
    for (const [id, parents] of waitsFor) for (const parent of parents) dependents.get(parent)?.push(id)
    const plan: Plan = { order: ids, waitsFor, dependents }
    const fails = new Set(ids.filter((_, i) => nodes[i]?.[1] === true && i % 4 === 3))
    return { plan, fails, delays: new Map(ids.map((id, i) => [id, nodes[i]?.[2] ?? 0])) }
  })

test("every node runs once after its parents, or is skipped because of one that failed", async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.integer({ min: 1, max: 3 }), async ({ plan, fails, delays }, threads) => {
      const started: string[] = []
      const ended = new Set<string>()
      const skipped = new Set<string>()
      let busy = 0
      await runPlan({
        plan,
        threads,
        skipsCascade: true,
        stopped: () => false,
        skip: (id) => void skipped.add(id),
        run: async (id) => {
          busy++
          expect(busy).toBeLessThanOrEqual(threads)
          for (const parent of plan.waitsFor.get(id) ?? []) expect(ended.has(parent)).toBe(true)
          started.push(id)
          for (let i = 0; i < (delays.get(id) ?? 0); i++) await Promise.resolve()
          ended.add(id)
          busy--
          return !fails.has(id)
        },
      })
      expect([...started, ...skipped].sort()).toEqual([...plan.order].sort())
      const below = (id: string): boolean =>
        [...(plan.waitsFor.get(id) ?? [])].some((parent) => fails.has(parent) || below(parent))
      for (const id of plan.order) expect(skipped.has(id)).toBe(below(id))
    }),
  )
})

test("once stopped, what has not started is skipped without a culprit", async () => {
  const plan: Plan = {
    order: ["a", "b"],
    waitsFor: new Map([
      ["a", new Set<string>()],
      ["b", new Set(["a"])],
    ]),
    dependents: new Map([
      ["a", ["b"]],
      ["b", []],
    ]),
  }
  const skipped: unknown[] = []
  let stopped = false
  await runPlan({
    plan,
    threads: 2,
    skipsCascade: false,
    stopped: () => stopped,
    skip: (id, because) => void skipped.push([id, because]),
    run: () => {
      stopped = true
      return Promise.resolve(true)
    },
  })
  expect(skipped).toEqual([["b", undefined]])
})
