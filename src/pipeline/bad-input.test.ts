import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { beforeEach, describe, expect, test } from "vitest"
import { type Workshop, workshop } from "../bronze/bronze.fixture.ts"
import type { DatasetDeclaration } from "../connectors/files/declaration.ts"
import { openDuckDb } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { extractSource } from "./extract.ts"
import { loadLandings } from "./load.ts"

let shop: Workshop
beforeEach(async () => {
  shop = await workshop()
  return () => shop.close()
})

/** Extracts and loads a data set, beside one that is always sound. */
async function run(things: DatasetDeclaration) {
  shop.write("sound.csv", "id,v\n1,a\n", "2026-01-01T00:00:00Z")
  const source = shop.source({ things, sound: { files: "sound.csv", key: ["id"] } })
  const lake = await shop.lake()
  const { effects, warehouse } = shop
  const extracted = await extractSource({ source, lake, runId: "run", effects })
  const loaded = await loadLandings({ lake, warehouse, sources: [source], effects })
  return { things: extracted.find(({ dataset }) => dataset === "things"), extracted, loaded }
}

const PARQUET = "copy (select range as id, range::varchar as v from range(1000)) to"
const TWENTY = Array.from({ length: 20 }, (_, i) => `${i},some text\n`).join("")

const TRUNCATED_ZSTD = Buffer.from("KLUv/QRouQAAaWQsbmFtZQoxLCJab8OrLCB4Igoy", "base64")
const BAD: [what: string, name: string, content: string | Uint8Array, message: RegExp][] = [
  ["an empty file", "things.csv", "", /the file is empty/],
  ["an empty file, compressed", "things.csv", gzipSync(""), /the file is empty/],
  ["a header only", "things.csv", "id,v\n", /holds no records, only a header/],
  ["an empty JSON array", "things.csv", "[]", /holds no records/],
  [
    "a truncated gzip",
    "things.csv",
    gzipSync(`id,v\n${TWENTY}`).subarray(0, -12),
    /truncated: its gzip stream ends/,
  ],
  [
    "a damaged gzip",
    "things.csv",
    damaged(gzipSync(`id,v\n${TWENTY}`)),
    /damaged: its gzip stream|truncated/,
  ],
  ["a truncated zstd", "things.csv", TRUNCATED_ZSTD, /truncated: its zstd stream ends/],
  [
    "a binary file named .csv",
    "things.csv",
    Uint8Array.from({ length: 999 }, (_, i) => (i * 7) % 256),
    /binary, not text/,
  ],
  [
    "an Excel workbook named .csv",
    "things.csv",
    Buffer.from("PK\u0003\u0004 and more"),
    /zip archive or an Excel/,
  ],
  [
    "a CSV cut off in a record",
    "things.csv",
    "id,v,w\n1,a,b\n2,c",
    /truncated: its last record has fewer than 3 fields/,
  ],
  ["a CSV cut off in quotes", "things.csv", 'id,v\n1,a\n2,"c', /truncated/],
  ["NDJSON cut off in a line", "things.csv", '{"id":1}\n{"id":2}\n{"id":', /truncated: its last line/],
  ["a JSON array cut off", "things.csv", '[{"id":1},{"id":', /truncated: its JSON does not end/],
]

function damaged(bytes: Buffer): Buffer {
  bytes[bytes.length - 6] = (bytes[bytes.length - 6] as number) ^ 0xff
  return bytes
}

describe("a delivery that cannot be taken lands nothing, says why, and the rerun after mending succeeds", () => {
  test.each(BAD)("%s", async (_, name, content, message) => {
    shop.write(name, content)
    const { things, extracted } = await run({ files: name })
    expect(things).toMatchObject({ status: "rejected", files: 0, bytes: 0 })
    expect(things?.reason).toMatch(message)
    expect(things?.error).toMatchObject({
      code: "extract",
      next: expect.any(String),
      state: expect.any(String),
    })
    expect(`${things?.error?.place}`).toContain(name)
    expect(extracted.find(({ dataset }) => dataset === "sound")?.status).toBe("landed")
    expect(await (await shop.lake()).landings("shop", "things")).toEqual([])
    shop.write(name, "id,v\n1,a\n")
    const again = await run({ files: name })
    expect(again.things?.status).toBe("landed")
    expect(again.loaded).toMatchObject([{ dataset: "things", rowsLoaded: 1 }])
  })

  test("a truncated Parquet file", async () => {
    const path = shop.write("things.parquet", "")
    await shop.rows(`${PARQUET} '${path}' (format parquet)`)
    const whole = await import("node:fs").then(({ readFileSync }) => readFileSync(path))
    shop.write("things.parquet", whole.subarray(0, -20))
    const { things } = await run({ files: "things.parquet" })
    expect(things?.status).toBe("rejected")
    expect(things?.reason).toMatch(/truncated or damaged/)
    shop.write("things.parquet", whole)
    expect((await run({ files: "things.parquet" })).loaded).toMatchObject([{ rowsLoaded: 1000 }])
  })

  test("nothing that matches: the error lists what is there", async () => {
    shop.write("other.csv", "id\n1\n")
    const { things } = await run({ files: "thinks/*.csv" })
    expect(things).toMatchObject({
      status: "rejected",
      error: {
        message: "no file matches thinks/*.csv",
        place: shop.files,
        choices: ["other.csv", "sound.csv"],
      },
    })
  })

  test("another format than stated", async () => {
    const path = shop.write("things.csv", "")
    await shop.rows(`${PARQUET} '${path}' (format parquet)`)
    expect((await run({ files: "things.csv", format: "csv" })).things?.reason).toMatch(/is Parquet, not csv/)
    shop.write("things.csv", "id\n1\n")
    expect((await run({ files: "things.csv", format: "parquet" })).things?.reason).toMatch(/is not Parquet/)
  })

  test("JSON that does not hold together", async () => {
    shop.write("things.json", '[{"id":1} {"id":2}]')
    expect((await run({ files: "things.json" })).things?.reason).toMatch(/truncated or damaged/)
    shop.write("things.json", '[{"id":1}, {"id":2}]')
    expect((await run({ files: "things.json" })).loaded).toMatchObject([{ rowsLoaded: 2 }])
  })
})

test("a landing of which nothing can be read is passed over once a later snapshot is loaded", async () => {
  shop.write("things.csv", "id,v,w\n1;a;x\n2;b;y\n")
  const first = await run({ files: "things.csv" })
  expect(first.loaded[0]).toMatchObject({ status: "failed", error: { code: "load", place: "things.csv:2" } })
  expect(first.loaded[1]).toMatchObject({ dataset: "sound", status: "loaded" })
  shop.write("things.csv", "id,v,w\n1,a,x\n")
  expect((await run({ files: "things.csv" })).loaded.map(({ status }) => status)).toEqual([
    "skipped",
    "loaded",
  ])
})

test("a rejected full snapshot leaves the last state as it was", async () => {
  shop.write("things.csv", "id,v\n1,a\n2,b\n")
  await run({ files: "things.csv", key: ["id"] })
  shop.write("things.csv", "id,v\n1,a\n2")
  expect((await run({ files: "things.csv", key: ["id"] })).things?.status).toBe("rejected")
  expect(await shop.rows("select id, _op from bronze.shop__things order by _seq")).toEqual([
    { id: "1", _op: "I" },
    { id: "2", _op: "I" },
  ])
})

test("one broken file of several: nothing of the data set lands, and nothing is copied twice after mending", async () => {
  shop.write("things/1.csv", "id,v\n1,a\n")
  shop.write("things/2.csv", "")
  expect((await run({ files: "things" })).things?.reason).toBe("the file is empty")
  expect(await (await shop.lake()).landings("shop", "things")).toEqual([])
  shop.write("things/2.csv", "id,v\n2,b\n")
  const { things, loaded } = await run({ files: "things" })
  expect(things?.status).toBe("landed")
  expect(loaded).toMatchObject([{ rowsRead: 2 }])
  expect(objects(join(shop.root, "lake")).filter((name) => name.endsWith("1.csv")).length).toBe(1)
})

test("two files of a data set with different headers are one table by column names", async () => {
  shop.write("things/1.csv", "id,v\n1,a\n")
  shop.write("things/2.csv", "w,id\nb,2\n")
  await run({ files: "things" })
  expect(await shop.rows("select id, v, w from bronze.shop__things order by id")).toEqual([
    { id: "1", v: "a", w: null },
    { id: "2", v: null, w: "b" },
  ])
})

test("a lake written by a newer version is refused, and nothing in it is touched", async () => {
  mkdirSync(join(shop.root, "lake"))
  writeFileSync(join(shop.root, "lake", "lake.json"), '{"lakeVersion": 2}')
  await expect(run({ files: "x" })).rejects.toMatchObject({
    code: "lake",
    message: "the lake was written by a newer version of Cartwright (lake version 2; this one reads 1)",
    place: join(shop.root, "lake", "lake.json"),
    next: "Upgrade Cartwright, then run the command again.",
  })
  expect(objects(join(shop.root, "lake"))).toEqual(["lake.json"])
})

test("a source folder that is not there is told with its path", async () => {
  const source = {
    name: "shop",
    files: { path: join(shop.root, "nowhere"), datasets: { things: { files: "*" } } },
  }
  const [outcome] = await extractSource({
    source,
    lake: await shop.lake(),
    runId: "run",
    effects: shop.effects,
  })
  expect(outcome).toMatchObject({
    status: "rejected",
    error: { code: "extract", place: join(shop.root, "nowhere") },
  })
})

test("an interrupted extract lands nothing and leaves nothing half", async () => {
  shop.write("things.csv", "id,v\n1,a\n")
  const source = shop.source({ things: { files: "things.csv" } })
  const effects = { ...shop.effects, signal: AbortSignal.abort() }
  await expect(
    extractSource({ source, lake: await shop.lake(), runId: "run", effects }),
  ).rejects.toMatchObject({ code: "interrupted" })
  expect(objects(join(shop.root, "lake"))).toEqual([])
})

test("a load that is stopped while it reads leaves bronze as it was; the next one loads", async () => {
  const line = "some text of some length,and more of it\n"
  shop.write("things.csv", `a,b\n${line.repeat(1_000_000)}`)
  const source = shop.source({ things: { files: "things.csv" } })
  const lake = await shop.lake()
  await extractSource({ source, lake, runId: "run", effects: shop.effects })
  const stop = new AbortController()
  const path = join(shop.root, "warehouse.duckdb")
  const warehouse = await openDuckDb({ path, signal: stop.signal })
  setTimeout(() => stop.abort(), 100)
  const effects = { ...shop.effects, signal: stop.signal }
  await expect(loadLandings({ lake, warehouse, sources: [source], effects })).rejects.toMatchObject({
    code: "interrupted",
  })
  await warehouse.close()
  const again = await openDuckDb({ path })
  const loaded = await loadLandings({ lake, warehouse: again, sources: [source], effects: shop.effects })
  expect(loaded).toMatchObject([{ rowsRead: 1_000_000, rowsLoaded: 1_000_000 }])
  await again.close()
})

function objects(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}
