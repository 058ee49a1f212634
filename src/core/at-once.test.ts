import { setTimeout as sleep } from "node:timers/promises"
import { expect, test } from "vitest"
import { atOnce } from "./at-once.ts"

test("all is done, never more than so many at once", async () => {
  let [running, most] = [0, 0]
  const done: number[] = []
  await atOnce([1, 2, 3, 4, 5, 6, 7], 3, async (value) => {
    most = Math.max(most, ++running)
    await sleep(value % 2)
    running--
    done.push(value)
  })
  expect([done.toSorted((a, b) => a - b), most]).toEqual([[1, 2, 3, 4, 5, 6, 7], 3])
})

test("after a failure nothing more is begun", async () => {
  const begun: number[] = []
  const failing = atOnce([1, 2, 3, 4, 5, 6], 2, async (value) => {
    begun.push(value)
    await sleep(1)
    if (value === 1) throw new Error("one")
  })
  await expect(failing).rejects.toThrow("one")
  await sleep(20)
  expect(begun.length).toBeLessThanOrEqual(3)
})
