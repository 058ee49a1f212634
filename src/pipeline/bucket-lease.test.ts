import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { thisProcess } from "../project/process.ts"
import { takeBucketLease } from "./bucket-lease.ts"
import type { LeaseHolder } from "./lease.ts"

/** A bucket as Google documents its preconditions; what writes and removals are answered is up to the test. */
class Bucket {
  readonly uri = "gs://shop/lake/staged"
  object: { content: string; version: number } | undefined
  #written = 0
  fails: (() => never) | undefined
  losesAnswers = false
  stat = async (key: string) =>
    this.object === undefined
      ? undefined
      : { key, size: 0, version: String(this.object.version), modified: new Date(0) }
  async *read() {
    yield Buffer.from(this.object?.content ?? "")
  }
  replace = async (_key: string, content: string, seen: string | undefined) => {
    this.fails?.()
    if (String(this.object?.version ?? "none") !== (seen ?? "none")) return undefined
    this.object = { content, version: ++this.#written }
    // The client asks again, and then it is not as it was seen any more.
    return this.losesAnswers ? undefined : String(this.#written)
  }
  remove = async (_key: string, version?: string) => {
    if (String(this.object?.version) === version) this.object = undefined
  }
  holder = () => JSON.parse(this.object?.content ?? "{}") as Partial<LeaseHolder>
}

function machine(bucket: Bucket, host: string) {
  const lost = vi.fn<() => void>()
  const holder = {
    ...thisProcess(),
    host,
    token: host,
    runId: `run of ${host}`,
    command: "cartwright run",
    takenAt: "2026-11-21T08:00:00.000Z",
    expiresAt: "",
  }
  return { lost, take: () => takeBucketLease(bucket, holder, () => new Date(), lost) }
}

describe("the lease of a shop whose lake several machines have", () => {
  let bucket: Bucket
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date("2026-11-21T08:00:00Z") })
    bucket = new Bucket()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test("is one machine's until it is given back, for however long it works", async () => {
    const [a, b] = [machine(bucket, "a"), machine(bucket, "b")]
    const lease = await a.take()
    await vi.advanceTimersByTimeAsync(3_600_000)
    await expect(b.take()).rejects.toMatchObject({
      code: "locked",
      place: "gs://shop/lake/staged/lease.json",
      message: expect.stringContaining("run run of a, process"),
    })
    await lease.release()
    expect(bucket.object).toBeUndefined()
    await (await b.take()).release()
    expect(a.lost).not.toHaveBeenCalled()
  })

  test("of a machine that went away is free after three minutes, for one of those who wait", async () => {
    bucket.object = {
      content: JSON.stringify({ host: "gone", token: "gone", expiresAt: "2026-11-21T08:03:00.000Z" }),
      version: 0,
    }
    await vi.advanceTimersByTimeAsync(179_000)
    await expect(machine(bucket, "b").take()).rejects.toMatchObject({ code: "locked" })
    await vi.advanceTimersByTimeAsync(2_000)
    const taken = await Promise.allSettled(["b", "c", "d"].map((host) => machine(bucket, host).take()))
    expect(taken.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"])
  })

  test("taken over, or not renewed in time, is told to who had it; he removes nothing of his successor", async () => {
    const a = machine(bucket, "a")
    const lease = await a.take()
    bucket.object = { content: JSON.stringify({ host: "b", token: "b" }), version: 77 }
    await vi.advanceTimersByTimeAsync(30_000)
    expect(a.lost).toHaveBeenCalledOnce()
    await lease.release()
    expect(bucket.holder().host).toBe("b")

    bucket.object = undefined
    const c = machine(bucket, "c")
    await c.take()
    bucket.fails = () => {
      throw new Error("no network")
    }
    await vi.advanceTimersByTimeAsync(150_000)
    expect(c.lost).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(c.lost).toHaveBeenCalledOnce()
  })

  test("whose answer was lost is ours all the same, when it is taken and when it is renewed", async () => {
    const a = machine(bucket, "a")
    bucket.losesAnswers = true
    const taking = a.take()
    await vi.waitFor(() => expect(bucket.holder().token).toBe("a"))
    bucket.losesAnswers = false
    const lease = await taking
    bucket.losesAnswers = true
    await vi.advanceTimersByTimeAsync(30_000)
    bucket.losesAnswers = false
    await vi.advanceTimersByTimeAsync(300_000)
    expect(a.lost).not.toHaveBeenCalled()
    await lease.release()
    expect(bucket.object).toBeUndefined()
  })
})
