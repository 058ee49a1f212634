import { expect, test } from "vitest"
import type { QueryReply } from "../../../src/server/api.ts"
import { leaksOf } from "./leaks.ts"

const NAMES = ["sessions", "product_sessions", "cart_sessions", "purchase_sessions"]
const reply = {
  metrics: NAMES.map((name) => ({ name, label: name })),
  rows: [
    // 50 leave before the cart, of whom 10 of 40 would have bought; 30 carts do not buy, and would all have.
    [100, 90, 40, 10],
    [10, 10, 10, 10],
    [5, 0, 0, 0],
  ].map((counts, i) => ({
    by: { channel: `channel ${i}` },
    values: Object.fromEntries(NAMES.map((name, step) => [name, counts[step] ?? 0])),
  })),
} as unknown as QueryReply

test("of each source the loss that is worth most", () => {
  const leaks = leaksOf(reply, "channel", NAMES, 20)
  expect(leaks.map(({ value, worst, worth }) => [value, worst?.name, worth])).toEqual([
    ["channel 0", "purchase_sessions", 30 * 20],
    ["channel 1", undefined, 0],
    ["channel 2", undefined, 0],
  ])
})
