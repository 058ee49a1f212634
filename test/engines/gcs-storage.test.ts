import { randomUUID } from "node:crypto"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { gcsStorage } from "../../src/storage/gcs/gcs-storage.ts"
import { storageContract } from "../contracts/storage.ts"
import { describeWith, fakeGcsBin } from "./lib/engines.ts"
import { type FakeGcs, startFakeGcs } from "./lib/fake-gcs.ts"

describeWith({ server: fakeGcsBin() }, "a bucket as a store", ({ server }) => {
  let gcs: FakeGcs
  let bucket = ""
  beforeAll(async () => {
    gcs = await startFakeGcs(server)
  })
  afterAll(() => gcs.stop())
  beforeEach(async () => {
    gcs.mend()
    bucket = `bucket-${randomUUID()}`
    await gcs.createBucket(bucket)
    gcs.takeRequests()
  })
  const open = (prefix = "/some/prefix", pageSize = 1000) =>
    gcsStorage({ uri: `gs://${bucket}${prefix}`, endpoint: gcs.endpoint, pageSize })

  storageContract(open)

  test("a list asks once per page and reads nothing", async () => {
    for (let i = 0; i < 25; i++) await gcs.put(bucket, `a/${i}`, `${i}`)
    await gcs.put(bucket, "a/folder/", "")
    const keys: string[] = []
    for await (const { key } of (await open("", 10)).list("a/")) keys.push(key)
    expect(keys).toEqual(Array.from({ length: 25 }, (_, i) => `a/${i}`).sort())
    expect(gcs.takeRequests()).toEqual(["list", "list", "list"])
  })

  test("an object is told by its generation, and its content by its md5, without reading it", async () => {
    const store = await open("")
    const look = async () => {
      const info = await store.stat("a")
      return { version: info?.version, md5: info?.md5 }
    }
    await gcs.put(bucket, "a", "one")
    const first = await look()
    await gcs.put(bucket, "a", "one")
    const again = await look()
    await gcs.put(bucket, "a", "two")
    // md5 of "one" and "two", by md5sum.
    expect([first.md5, again.md5, (await look()).md5]).toEqual([
      "f97c5d29941bfb1b2fdab0874906ab82",
      "f97c5d29941bfb1b2fdab0874906ab82",
      "b8a9f715dbb64fd5c56e7783c6820a61",
    ])
    expect(again.version).not.toBe(first.version)
    expect(gcs.takeRequests()).toEqual(["look", "look", "look"])
  })

  test("what is small is written with one request, what is large piece by piece", async () => {
    const store = await open()
    await store.writeIfAbsent("small", Buffer.from("x"))
    expect(gcs.takeRequests()).toEqual(["write"])
    async function* large() {
      for (let i = 0; i < 20; i++) yield Buffer.alloc(1 << 20, i)
    }
    expect(await store.writeIfAbsent("large", large())).toBe(true)
    expect(gcs.takeRequests()).toEqual(["write", "write on", "write on", "write on"])
  })

  test("an object is replaced, and removed, as it was seen and not otherwise; of ten who would, one does", async () => {
    const store = await open()
    const text = async () => {
      let all = ""
      for await (const chunk of store.read("a")) all += Buffer.from(chunk).toString()
      return all
    }
    const first = await store.replace("a", "one", undefined)
    expect(first).toBe((await store.stat("a"))?.version)
    expect(await store.replace("a", "two", undefined)).toBeUndefined()
    const tries = await Promise.all(Array.from({ length: 10 }, (_, i) => store.replace("a", `${i}`, first)))
    const [second, ...others] = tries.filter((version) => version !== undefined)
    expect(others).toEqual([])
    expect(await text()).toBe(String(tries.indexOf(second)))
    await store.remove("a", first)
    expect(await store.stat("a")).toBeDefined()
    await store.remove("a", second)
    await store.remove("a")
    expect(await store.stat("a")).toBeUndefined()
  })

  test("a source that fails in the middle of a large object leaves none", async () => {
    const store = await open()
    async function* failing() {
      for (let i = 0; i < 20; i++) yield Buffer.alloc(1 << 20, i)
      throw new Error("source went away")
    }
    await expect(store.writeIfAbsent("large", failing())).rejects.toThrow("source went away")
    expect(await store.stat("large")).toBeUndefined()
  })

  test("bytes that are marked as gzip come as they are stored", async () => {
    const packed = gzipSync("a,b\n1,2\n")
    await gcs.put(bucket, "a.csv.gz", packed, "gzip")
    const read: Uint8Array[] = []
    for await (const chunk of (await open("")).read("a.csv.gz")) read.push(chunk)
    expect(Buffer.concat(read)).toEqual(packed)
  })

  test("a bucket that is not there is told with the command that makes it", async () => {
    const store = await gcsStorage({ uri: "gs://no-such-bucket/lake", endpoint: gcs.endpoint })
    const missing = {
      code: "environment",
      message: "there is no bucket no-such-bucket",
      next: expect.stringContaining("gcloud storage buckets create gs://no-such-bucket"),
    }
    await expect(store.writeIfAbsent("a", Buffer.from("x"))).rejects.toMatchObject(missing)
    await expect(async () => {
      for await (const _ of store.list(""));
    }).rejects.toMatchObject({ ...missing, place: "gs://no-such-bucket/lake/" })
  })
})
