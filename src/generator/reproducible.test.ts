import { readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { fingerprints, generated, lines } from "./generator.fixture.ts"

test("one, two and four threads write the same bytes, with defects and several row groups", async () => {
  const options = { scale: 0.11, seed: 11, dirt: true } as const
  const one = fingerprints(await generated({ ...options, threads: 1 }))
  expect(Object.keys(one).sort()).toEqual([
    ".truth/dirt.ndjson",
    ".truth/truth.json",
    "distribution_centers.csv",
    "events.csv",
    "inventory_items.csv",
    "order_items.csv",
    "orders.csv",
    "products.csv",
    "users.csv",
  ])
  expect(fingerprints(await generated({ ...options, threads: 2 }))).toEqual(one)
  expect(fingerprints(await generated({ ...options, threads: 4 }))).toEqual(one)
})

test("little memory changes no byte", async () => {
  const options = { scale: 0.04, seed: 12 } as const
  const roomy = fingerprints(await generated(options))
  expect(fingerprints(await generated({ ...options, memoryLimit: "300MB", threads: 2 }))).toEqual(roomy)
})

test.each(["csv.gz", "parquet", "ndjson"] as const)("%s: the same seed, the same bytes", async (format) => {
  const options = { scale: 0.004, seed: 3, days: 2, dirt: true, format } as const
  const once = fingerprints(await generated({ ...options, threads: 1 }))
  expect(fingerprints(await generated({ ...options, threads: 3 }))).toEqual(once)
})

test("another seed makes another shop", async () => {
  const one = fingerprints(await generated({ seed: 1 }))
  const other = fingerprints(await generated({ seed: 2 }))
  for (const file of ["users.csv", "products.csv", "orders.csv", "events.csv"]) {
    expect(other[file]).not.toEqual(one[file])
  }
})

test("generating again into the same folder replaces what was there", async () => {
  const first = await generated({ days: 2, format: "csv.gz" })
  const second = await generated({ dir: first.dir })
  const fresh = await generated()
  expect(fingerprints({ ...second, dir: first.dir })).toEqual(fingerprints(fresh))
  expect(() => readFileSync(first.tables[0]?.files[0] ?? "")).toThrow("ENOENT")
})

test("csv.gz holds what csv holds", async () => {
  const plain = await generated({ dirt: true })
  const zipped = await generated({ dirt: true, format: "csv.gz" })
  for (const [i, table] of plain.tables.entries()) {
    const unpacked = gunzipSync(readFileSync(zipped.tables[i]?.files[0] ?? ""))
    expect(unpacked.equals(readFileSync(table.files[0] ?? ""))).toBe(true)
  }
})

test("a shop in many files holds the rows of the shop in few, in order, whatever the threads", async () => {
  const options = { scale: 0.01, seed: 13 } as const
  const few = await generated(options)
  const many = await generated({ ...options, rowsPerFile: 6000, threads: 1 })
  for (const [i, table] of few.tables.entries()) {
    const files = many.tables[i]?.files ?? []
    const body = (file: string) => lines(file).slice(1)
    expect(files.flatMap(body)).toEqual(table.files.flatMap(body))
    if (table.name !== "products" && table.rows > 7000) expect(files.length).toBeGreaterThan(1)
  }
  const dirty = { ...options, rowsPerFile: 9000, dirt: true } as const
  expect(fingerprints(await generated({ ...dirty, threads: 3 }))).toEqual(
    fingerprints(await generated({ ...dirty, threads: 1 })),
  )
})
