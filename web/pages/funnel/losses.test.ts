import { expect, test } from "vitest"
import { stepsOf, worthOfLoss } from "./losses.ts"

const reply = {
  version: "1",
  period: undefined,
  previousPeriod: undefined,
  currency: "EUR",
  buckets: undefined,
  truncated: false,
  metrics: [],
  rows: [
    {
      by: {},
      values: { visits: 1000, views: 800, carts: 200, buys: 50 },
      previous: { visits: 0, views: 0, carts: 0, buys: 0 },
    },
  ],
}

test("what a step loses is worth what those who took it brought", () => {
  const steps = stepsOf(reply, ["visits", "views", "carts", "buys"])
  expect(steps.map(({ count, rate, rateBefore, lost }) => [count, rate, rateBefore, lost])).toEqual([
    [1000, undefined, undefined, 0],
    [800, 0.8, undefined, 200],
    [200, 0.25, undefined, 600],
    [50, 0.25, undefined, 150],
  ])
  // 600 did not fill a cart; of those who did, 1 in 4 bought for 40.
  expect(worthOfLoss(steps, 2, 40)).toBe(600 * 0.25 * 40)
  expect(worthOfLoss(steps, 3, 40)).toBe(150 * 40)
})

test("a funnel that nobody entered loses nothing", () => {
  const steps = stepsOf({ ...reply, rows: [] }, ["visits", "views"])
  expect(worthOfLoss(steps, 1, 40)).toBe(0)
})
