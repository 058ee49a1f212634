import { mkdtempSync, readdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test, vi } from "vitest"
import type { Delivery } from "../../core/delivery.ts"
import { CartwrightError } from "../../core/errors.ts"
import { localStorage } from "../../storage/local/local-storage.ts"
import type { Storage } from "../../storage/storage.ts"
import { filesConnector } from "./files-connector.ts"
import { fixedBeginning } from "./glob.ts"

afterEach(() => vi.unstubAllEnvs())

/** A store without paths, as a bucket is, that notes what it is asked for. */
async function bucket(objects: Record<string, string | Uint8Array>) {
  const store: Storage = { ...localStorage(mkdtempSync(join(tmpdir(), "cartwright-bucket-"))) }
  delete store.localPath
  for (const [key, content] of Object.entries(objects)) await store.writeIfAbsent(key, Buffer.from(content))
  const asked: string[] = []
  const noting: Storage = {
    ...store,
    uri: "gs://b/exports",
    list: (prefix) => {
      asked.push(`list ${prefix}`)
      return store.list(prefix)
    },
    read: (key) => {
      asked.push(`read ${key}`)
      return store.read(key)
    },
  }
  return { store: noting, asked }
}

async function deliveries(store: Storage, files: string) {
  const declared = { name: "shop", files: { path: "gs://b/exports", datasets: { things: { files } } } }
  return filesConnector(declared, store).deliveries("things")
}

test("objects that match are delivered by the days in their names; only what can match is listed", async () => {
  const { store, asked } = await bucket({
    "things/date=20260102/x.csv": "id\n1\n",
    "things/date=20260101/x.csv": "id\n1\n",
    "things/date=20260101/.hidden.csv": "id\n1\n",
    "other/x.csv": "id\n1\n",
  })
  const found = (await deliveries(store, "things/date=*/*.csv")) as Delivery[]
  expect(
    found.map(({ asOf, files }) => [asOf.toISOString().slice(0, 10), files.map(({ name }) => name)]),
  ).toEqual([
    ["2026-01-01", ["things/date=20260101/x.csv"]],
    ["2026-01-02", ["things/date=20260102/x.csv"]],
  ])
  expect(asked).toEqual(["list things/date="])
})

test.each([
  ["orders.csv", "orders.csv"],
  ["./a/b/", "a/b"],
  [".", ""],
  ["{a,b}/*.csv", ""],
  ["a[12].csv", "a"],
])("%s begins with %j", (pattern, beginning) => {
  expect(fixedBeginning(pattern)).toBe(beginning)
})

test("Parquet and JSON are looked into by a copy, which does not stay", async () => {
  const temporary = mkdtempSync(join(tmpdir(), "cartwright-temporary-"))
  const { store } = await bucket({
    "things.json": '[{"id":1},{"id":2}]',
    "broken.json": '[{"id":1},\n{"id":}]',
  })
  vi.stubEnv("TMPDIR", temporary)
  const inspect = async (name: string) => {
    const [delivery] = (await deliveries(store, name)) as Delivery[]
    const file = delivery?.files[0]
    if (file === undefined) throw new Error("no file")
    const inspection = file.inspect()
    for await (const chunk of file.read()) await inspection.push(chunk)
    return inspection.finish()
  }
  expect(await inspect("things.json")).toMatchObject({ format: "json", columns: ["id"] })
  await expect(inspect("broken.json")).rejects.toMatchObject({
    code: "extract",
    place: "gs://b/exports/broken.json",
  })
  expect(readdirSync(temporary)).toEqual([])
})

test("where nothing matches, what is there is told; where the bucket fails, it is the source that failed", async () => {
  const { store } = await bucket({ "orders.csv": "id\n1\n" })
  expect(await deliveries(store, "order.csv")).toMatchObject({
    error: {
      code: "extract",
      message: "no file matches order.csv",
      place: "gs://b/exports",
      choices: ["orders.csv"],
    },
  })
  const failing: Storage = {
    ...store,
    async *list() {
      yield* []
      throw new CartwrightError("environment", "there is no bucket b", { next: "Make it." })
    },
  }
  expect(await deliveries(failing, "orders.csv")).toMatchObject({
    error: { code: "extract", message: "there is no bucket b", next: "Make it." },
  })
})
