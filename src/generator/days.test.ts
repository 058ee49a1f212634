import { basename, dirname, relative } from "node:path"
import { beforeAll, expect, test } from "vitest"
import type { Row } from "../warehouse/warehouse.ts"
import { type Generated, generated, number, reader, truthOf } from "./generator.fixture.ts"

const OPTIONS = { scale: 0.05, seed: 51, from: "2025-10-01", to: "2025-12-10" } as const
const FOLDERS = ["date=20251207", "date=20251208", "date=20251209", "date=20251210"]

let shop: Generated
let whole: Generated
let changes: Record<string, Record<string, number>>[]
const by = new Map<string, (sql: string) => Promise<Row[]>>()

beforeAll(async () => {
  shop = await generated({ ...OPTIONS, days: 4 })
  whole = await generated(OPTIONS)
  changes = truthOf(shop).deliveries.map((delivery) => delivery.changes)
  for (const folder of FOLDERS) by.set(folder, await reader(shop, folder))
})

/** Rows of both deliveries side by side: `o` is the earlier state of a table, `n` the later. */
async function pair(index: number, table: string, key: string) {
  const [before, now] = [FOLDERS[index - 1] ?? "", FOLDERS[index] ?? ""]
  const query = by.get(now) as (sql: string) => Promise<Row[]>
  const file = (folder: string) =>
    shop.tables
      .find(({ name }) => name === table)
      ?.files.find((path) => relative(shop.dir, path).startsWith(folder))
  const read = (folder: string) =>
    `read_csv('${file(folder)}', all_varchar = true, header = true, hive_partitioning = false)`
  return (condition: string) =>
    number(
      query,
      `select count(*) from ${read(before)} o full join ${read(now)} n on n.${key} = o.${key} where ${condition}`,
    )
}

test("every delivery has every table in its own folder", () => {
  for (const { files } of shop.tables) {
    expect(files.map((file) => basename(dirname(file)))).toEqual(FOLDERS)
  }
})

test("the truth tells what each day changes, as the files do", async () => {
  for (const index of [1, 2, 3]) {
    const told = changes[index] as Record<string, Record<string, number>>
    const users = await pair(index, "users", "id")
    expect(told["users"]).toMatchObject({
      new: await users("o.id is null"),
      erased: await users("n.id is null"),
      aged: await users("o.age <> n.age"),
      changed_emails: await users("o.email <> n.email"),
    })
    // A move can end at the address it began at, once in ten million.
    expect(told["users"]?.["moved"]).toBe(await users("o.street_address <> n.street_address"))
    const orders = await pair(index, "orders", "order_id")
    expect(told["orders"]).toMatchObject({
      new: await orders("o.order_id is null"),
      changed_status: await orders("o.status <> n.status"),
    })
    expect(await orders("n.order_id is null")).toBe(0)
    const items = await pair(index, "order_items", "id")
    expect(told["order_items"]?.["new"]).toBe(await items("o.id is null"))
    const products = await pair(index, "products", "id")
    expect(told["products"]?.["changed_price"]).toBe(await products("o.retail_price <> n.retail_price"))
    expect(await products("o.name is distinct from n.name or o.id is null or n.id is null")).toBe(0)
    expect(told["events"]?.["rows"]).toBe(
      await number(by.get(FOLDERS[index] ?? "") as never, "select count(*) from events"),
    )
  }
  const sum = (table: string, what: string) =>
    changes.slice(1).reduce((a, day) => a + (day[table]?.[what] ?? 0), 0)
  for (const [table, what] of [
    ["users", "new"],
    ["users", "erased"],
    ["users", "aged"],
    ["users", "moved"],
    ["users", "changed_emails"],
    ["users", "late"],
    ["orders", "changed_status"],
    ["orders", "late"],
    ["products", "changed_price"],
    ["events", "late"],
    ["order_items", "before_their_order"],
  ] as const)
    expect({ table, what, some: sum(table, what) > 0 }).toEqual({ table, what, some: true }) // prettier-ignore
})

test("late events come with a later day; all days together are the events of the shop in one delivery", async () => {
  const query = await reader(shop)
  const all = await reader(whole)
  const events = "select * from events order by id::int"
  const digest = `select md5(string_agg(e::varchar, '|' order by id::int)) as d from (${events}) e`
  expect(await query(digest)).toEqual(await all(digest))
  const last = by.get("date=20251210") as (sql: string) => Promise<Row[]>
  expect(await number(last, "select count(*) from events where created_at < '2025-12-10'")).toBe(
    changes[3]?.["events"]?.["late"],
  )
  expect(await number(last, "select count(*) from events where created_at >= '2025-12-11'")).toBe(0)
})

test("the last snapshot of orders is that of the shop in one delivery", async () => {
  const last = by.get("date=20251210") as (sql: string) => Promise<Row[]>
  const all = await reader(whole)
  const digest = "select md5(string_agg(o::varchar, '|' order by order_id::int)) as d from orders o"
  expect(await last(digest)).toEqual(await all(digest))
})

test("a snapshot knows nothing of the days after it", async () => {
  const first = by.get("date=20251207") as (sql: string) => Promise<Row[]>
  for (const [table, columns] of [
    ["orders", ["created_at", "shipped_at", "delivered_at", "returned_at"]],
    ["order_items", ["created_at", "shipped_at", "delivered_at", "returned_at"]],
    ["users", ["created_at"]],
    ["inventory_items", ["created_at", "sold_at"]],
    ["events", ["created_at"]],
  ] as const) {
    for (const column of columns) {
      expect(await number(first, `select count(*) from ${table} where ${column} >= '2025-12-08'`)).toBe(0)
    }
  }
})

test("items come before the header of a late order, and orders before their late customer", async () => {
  const orphans = (query: (sql: string) => Promise<Row[]>) =>
    number(query, "select count(*) from order_items anti join orders using (order_id)")
  let items = 0
  for (const folder of FOLDERS) items += await orphans(by.get(folder) as never)
  expect(items).toBe(
    changes.slice(1).reduce((sum, day) => sum + (day["order_items"]?.["before_their_order"] ?? 0), 0) +
      (await orphans(by.get(FOLDERS[0] ?? "") as never)),
  )
  expect(items).toBeGreaterThan(0)
  expect(await orphans(by.get("date=20251210") as never)).toBe(0)
})
