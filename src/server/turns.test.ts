import { expect, test } from "vitest"
import { turns } from "./turns.ts"

const never = new AbortController().signal

test("so many work at once, the others in the order in which they came", async () => {
  const { take } = turns(2, 10)
  let working = 0
  let most = 0
  const begun: number[] = []
  await Promise.all(
    [0, 1, 2, 3, 4].map((i) =>
      take(never, async () => {
        begun.push(i)
        most = Math.max(most, ++working)
        await new Promise((done) => setTimeout(done, 5))
        working -= 1
      }),
    ),
  )
  expect({ most, begun }).toEqual({ most: 2, begun: [0, 1, 2, 3, 4] })
})

test("who leaves gives up the place, too many are sent away, and failing frees the turn", async () => {
  const { take } = turns(1, 1)
  const leaving = new AbortController()
  let finish = () => {}
  const first = take(never, () => new Promise<void>((done) => (finish = done)))
  const second = take(leaving.signal, async () => "never")
  await expect(take(never, async () => "too many")).rejects.toMatchObject({ code: "locked" })
  leaving.abort()
  await expect(second).rejects.toMatchObject({ name: "AbortError" })
  const third = take(never, () => Promise.reject(new Error("failed")))
  finish()
  await first
  await expect(third).rejects.toThrow("failed")
  expect(await take(never, async () => "free again")).toBe("free again")
})
