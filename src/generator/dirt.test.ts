import { readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { type Generated, generated, lines, number, reader, truthOf } from "./generator.fixture.ts"

interface Planted {
  kind: string
  table: string
  file: string
  line: number | null
  row: number
  key: string
  column: string | null
  original: string | null
  planted: string | null
  copy_of: number | null
}

const RATE = 0.004
const ALL = {
  badDate: RATE,
  futureDate: RATE,
  negativePrice: RATE,
  orphan: RATE,
  exactDuplicate: RATE,
  changedDuplicate: RATE,
  wrongFieldCount: RATE,
  unclosedQuote: RATE,
  invalidBytes: RATE,
  nullKey: RATE,
  contradictoryStatus: RATE,
  wrongItemCount: RATE,
  shippedBeforeCreated: RATE,
  impossibleAge: RATE,
  badEmail: RATE,
}

const record = (shop: Generated) =>
  readFileSync(shop.dirtPath ?? "", "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Planted)

/** A CSV record's fields, raw (quotes kept), by a reader of its own. */
function fields(line: string): string[] {
  const parts: string[] = []
  let part = ""
  let quoted = false
  for (const character of line) {
    if (character === '"') quoted = !quoted
    if (character === "," && !quoted) {
      parts.push(part)
      part = ""
    } else part += character
  }
  return [...parts, part]
}

/** As it stands in a file read byte by byte. */
const asBytes = (text: string) =>
  Buffer.from(text, "utf8").toString("latin1").replace(String.raw`\xc3\x28`, "\xc3(")

describe("CSV", () => {
  let clean: Generated
  let dirty: Generated
  let planted: Planted[]
  beforeAll(async () => {
    clean = await generated({ scale: 0.02, seed: 41 })
    dirty = await generated({ scale: 0.02, seed: 41, dirt: ALL })
    planted = record(dirty)
  })

  test("every kind was planted, at about its rate, and the truth counts the record", () => {
    expect([...new Set(planted.map(({ kind }) => kind))].sort()).toEqual(Object.keys(ALL).sort())
    for (const kind of ["badDate", "exactDuplicate", "wrongFieldCount"]) {
      const found = planted.filter((defect) => defect.kind === kind && defect.table === "events").length
      const rows = clean.tables.find((table) => table.name === "events")?.rows ?? 0
      expect(Math.abs(found / (RATE * rows) - 1)).toBeLessThan(0.3)
    }
    const counts = new Map<string, number>()
    for (const { kind, table } of planted)
      counts.set(`${kind} ${table}`, (counts.get(`${kind} ${table}`) ?? 0) + 1)
    const told = truthOf(dirty).dirt?.planted.map(({ kind, table, rows }) => [`${kind} ${table}`, rows])
    expect(told).toEqual([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  })

  test("each line is the clean one, or is recorded with what it was and is; nothing else differs", () => {
    for (const { name, files } of dirty.tables) {
      const good = lines(clean.tables.find((table) => table.name === name)?.files[0] ?? "")
      const bad = lines(files[0] ?? "")
      const header = good[0]?.split(",") ?? []
      const defects = new Map(
        planted.filter(({ table }) => table === name).map((defect) => [defect.line, defect]),
      )
      const repeats = [...defects.values()].filter(({ copy_of }) => copy_of !== null).length
      expect(bad.length).toBe(good.length + repeats)
      bad.forEach((line, index) => {
        const defect = defects.get(index + 1)
        if (defect === undefined) {
          if (line !== good[index]) expect.fail(`${name} line ${index + 1} is not recorded: ${line}`)
          return
        }
        expect(defect).toMatchObject({ file: `${name}.csv`, row: index })
        const before = good[defect.copy_of === null ? index : defect.copy_of] ?? ""
        if (defect.kind === "exactDuplicate") expect(line).toBe(before)
        else if (defect.column === null) {
          expect([asBytes(defect.original ?? ""), asBytes(defect.planted ?? "")]).toEqual([before, line])
          expect(line).not.toBe(before)
        } else {
          const at = header.indexOf(defect.column)
          const [was, is] = [fields(before), fields(line)]
          expect([was[at], is[at]]).toEqual([asBytes(defect.original ?? ""), asBytes(defect.planted ?? "")])
          expect(is[at]).not.toBe(was[at])
          expect(is.toSpliced(at, 1)).toEqual(was.toSpliced(at, 1))
        }
      })
    }
  })

  test("each kind is what its name says", () => {
    const of = (kind: string) => planted.filter((defect) => defect.kind === kind)
    const lineOf = ({ table, line }: Planted) =>
      lines(dirty.tables.find(({ name }) => name === table)?.files[0] ?? "")[(line ?? 0) - 1] ?? ""
    expect(
      of("badDate").every(({ planted }) => !/^\d{4}-(?!02-30)(?!00)\d\d-\d\d \d\d:/.test(planted ?? "")),
    ).toBe(true)
    expect(of("futureDate").every(({ planted }) => (planted ?? "") > "2090")).toBe(true)
    expect(of("negativePrice").every(({ planted }) => Number(planted) < 0)).toBe(true)
    expect(of("orphan").every(({ planted }) => Number(planted) > 900_000_000)).toBe(true)
    expect(new Set(of("orphan").map(({ table, column }) => `${table}.${column}`))).toEqual(
      new Set([
        "orders.user_id",
        "order_items.order_id",
        "order_items.user_id",
        "order_items.product_id",
        "events.user_id",
      ]),
    )
    expect(of("nullKey").every(({ planted, original }) => planted === "" && original !== "")).toBe(true)
    const counts = of("wrongFieldCount").map(
      (defect) => fields(defect.planted ?? "").length - fields(defect.original ?? "").length,
    )
    expect(new Set(counts)).toEqual(new Set([-1, 1]))
    expect(of("unclosedQuote").every((defect) => lineOf(defect).split('"').length % 2 === 0)).toBe(true)
    expect(of("invalidBytes").every((defect) => lineOf(defect).includes("\xc3("))).toBe(true)
    expect(of("badEmail").every(({ planted }) => !planted?.includes("@"))).toBe(true)
    expect(of("impossibleAge").every(({ planted }) => Number(planted) < 0 || Number(planted) > 200)).toBe(
      true,
    )
    for (const defect of of("shippedBeforeCreated").slice(0, 20)) {
      const parts = fields(lineOf(defect))
      const created = defect.table === "orders" ? parts[4] : parts[6]
      expect((defect.planted ?? "") < (created ?? "")).toBe(true)
    }
  })
})

test("what is wrong in a snapshot stays wrong in the next one", async () => {
  const shop = await generated({ scale: 0.02, seed: 43, days: 2, dirt: { badEmail: 0.02, nullKey: 0.01 } })
  const keys = (folder: string) =>
    record(shop)
      .filter(({ file }) => file === `${folder}/users.csv`)
      .map(({ kind, key, original }) => `${kind} ${key || original}`)
  const [first, second] = [keys("date=20251230"), keys("date=20251231")]
  expect(first.length).toBeGreaterThan(10)
  expect(first.filter((key) => !second.includes(key)).length).toBeLessThanOrEqual(1)
})

test.each(["parquet", "ndjson"] as const)("%s holds the defects that it can hold", async (format) => {
  const shop = await generated({ scale: 0.01, seed: 42, dirt: ALL, format })
  const planted = record(shop)
  const kinds = new Set(planted.map(({ kind }) => kind))
  expect(kinds.has("negativePrice") && kinds.has("orphan") && kinds.has("exactDuplicate")).toBe(true)
  expect(kinds.has("wrongFieldCount") || kinds.has("invalidBytes")).toBe(false)
  expect(kinds.has("badDate")).toBe(format === "ndjson")
  const query = await reader(shop)
  const of = (kind: string, table: string) =>
    planted.filter((defect) => defect.kind === kind && defect.table === table)
  expect(await number(query, "select count(*) from order_items where sale_price < 0")).toBe(
    of("negativePrice", "order_items").length,
  )
  expect(await number(query, "select count(*) from events where id is null")).toBe(
    of("nullKey", "events").length,
  )
  expect(
    await number(query, "select count(*) - count(distinct order_id) from orders where order_id is not null"),
  ).toBe(of("exactDuplicate", "orders").length + of("changedDuplicate", "orders").length)
  const rows = await query("select row_number() over () as r, id, sale_price from order_items")
  for (const { row, column, planted: value, line } of of("negativePrice", "order_items")) {
    expect(column).toBe("sale_price")
    expect(rows[row - 1]?.["sale_price"]).toBe(Number(value))
    expect(line).toBe(format === "ndjson" ? row : null)
  }
})

test("a defect that does not exist, or a rate that is none, is refused", async () => {
  await expect(generated({ dirt: { badDates: 0.1 } as never })).rejects.toMatchObject({
    code: "usage",
    next: "Did you mean badDate?",
  })
  await expect(generated({ dirt: { badDate: 0.9 } })).rejects.toMatchObject({ code: "usage" })
})

test("without dirt there is no record of it", async () => {
  const shop = await generated({ scale: 0.001 })
  expect(shop.dirtPath).toBeUndefined()
  expect(() => readFileSync(join(shop.dir, ".truth", "dirt.ndjson"))).toThrow("ENOENT")
})
