import { describe, expect, test } from "vitest"
import { type HandMade, numbers, profileOf, tableOf } from "./profile.fixture.ts"

const day = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString().slice(0, 10)

describe("keys and duplicates", () => {
  test("a key tells the rows apart, and whole rows that repeat take nothing from it", async () => {
    const table = await tableOf({ id: [1, 2, 3, 3, 3], name: ["a", "b", "c", "c", "c"] })
    expect(table).toMatchObject({ rows: 5, duplicates: { surplusRows: 2, distinctRows: 3 }, keys: [["id"]] })
  })

  test("two or three columns together, where none does alone", async () => {
    const lines = { order_id: [1, 1, 2, 2, 2], line_no: [1, 2, 1, 2, 3], quantity: [1, 1, 1, 1, 1] }
    expect((await tableOf(lines)).keys).toEqual([["order_id", "line_no"]])
    const cube = numbers(8, (n) => n - 1) as number[]
    const bits = {
      a_id: cube.map((n) => n & 1),
      b_id: cube.map((n) => (n >> 1) & 1),
      c_id: cube.map((n) => n >> 2),
    }
    expect((await tableOf(bits)).keys).toEqual([["a_id", "b_id", "c_id"]])
  })

  test("a column that is nearly the key is told with what keeps it from being one", async () => {
    const id = [...numbers(100), null, 100]
    const table = await tableOf({
      id,
      name: id.map((_, i) => `thing ${i}`),
      note: id.map((_, i) => `${i % 7}`),
    })
    expect(table.nearlyKeys).toEqual([{ column: "id", missing: 1, repeated: 1 }])
  })

  test("amounts and times that happen to differ are no keys", async () => {
    const table = await tableOf({
      at: numbers(9, day),
      amount: numbers(9, (n) => n + 0.5),
      kind: numbers(9, (n) => n % 2),
    })
    expect(table.keys).toEqual([])
  })
})

describe("time", () => {
  test("days covered, gaps between them, and what stands outside", async () => {
    // 1–10 January without the 4th, 5th and 8th; twice as much on the 2nd; a placeholder, a slip of the pen, a blank.
    const days = [1, 2, 2, 3, 6, 7, 9, 10].map(day)
    const { time } = await tableOf({ created_at: [...days, "1900-01-01", "2126-01-01", null] })
    expect(time).toEqual({
      column: "created_at",
      from: "2026-01-01",
      to: "2026-01-10",
      days: 10,
      daysWithRows: 7,
      quietWeekdays: [],
      gaps: [
        { from: "2026-01-04", to: "2026-01-05", days: 2 },
        { from: "2026-01-08", to: "2026-01-08", days: 1 },
      ],
      gapCount: 2,
      median: 1,
      busiest: { day: "2026-01-02", rows: 2 },
      outside: 3,
      perDay: [1, 2, 3, 6, 7, 9, 10].map((n) => [day(n), n === 2 ? 2 : 1]),
    })
  })

  test("a weekday without any rows is a habit and no gap", async () => {
    // 2026-01-03 is a Saturday. Eight weeks without Saturdays, and one Monday missing.
    const days = numbers(56, (n) => ((n - 3) % 7 === 0 || n === 12 ? null : day(n)))
    const { time } = await tableOf({ sold_on: days })
    expect(time).toMatchObject({ quietWeekdays: [6], gapCount: 1, gaps: [{ from: "2026-01-12", days: 1 }] })
  })

  test("goes by when things came about, not by when a row was touched", async () => {
    const table = await tableOf({ updated_at: numbers(3, day), created_at: numbers(3, (n) => day(n + 1)) })
    expect(table.time?.column).toBe("created_at")
  })
})

const customers: HandMade = {
  id: numbers(50),
  email: numbers(50, (n) => `c${n}@x.org`),
  gender: numbers(50, (n) => "FM"[n % 2] ?? ""),
}
const products: HandMade = {
  id: numbers(30),
  title: numbers(30, (n) => `Thing ${n}`),
  brand: numbers(30, (n) => `Brand ${n % 7}`),
  price: numbers(30, (n) => n + 0.99),
  category_id: numbers(30, (n) => (n % 5) + 1),
  depot_id: numbers(30, (n) => (n % 6) + 1),
}
const orders: HandMade = {
  id: numbers(200),
  customer_id: numbers(200, (n) => (n % 50) + 1),
  product_id: numbers(200, (n) => (n % 30) + 1),
  quantity: numbers(200, (n) => (n % 4) + 1),
  created_at: numbers(200, (n) => day((n % 90) + 1)),
}
const depots: HandMade = {
  id: numbers(6),
  name: ["North", "South", "East", "West", "Port", "Rail"],
  latitude: [52.51, 48.13, 50.93, 53.55, 51.05, 49.45],
  longitude: [13.4, 11.57, 6.95, 9.99, 13.73, 11.07],
}

describe("references", () => {
  const links = async (tables: Record<string, HandMade>) =>
    (await profileOf(tables)).references.map(
      ({ table, column, to, by, orphans }) =>
        `${table}.${column} → ${to.table}.${to.column} ${by} ${orphans}`,
    )

  test("are found by inclusion, and small numbers that are contained anywhere are not taken for them", async () => {
    expect(await links({ customers, products, orders })).toEqual([
      "orders.customer_id → customers.id inclusion 0",
      "orders.product_id → products.id inclusion 0",
    ])
  })

  test("are found where the tables' names say nothing", async () => {
    expect(await links({ t1: customers, t2: products, t3: orders })).toEqual([
      "t3.customer_id → t1.id inclusion 0",
      "t3.product_id → t2.id inclusion 0",
    ])
  })

  test("orphans are counted and shown, and names are believed where many are missing", async () => {
    const strays = { ...orders, customer_id: numbers(200, (n) => (n <= 2 ? 999 : (n % 50) + 1)) }
    const few = await profileOf({ customers, strays })
    expect(few.references).toMatchObject([
      { by: "inclusion", rows: 200, orphans: 2, orphanExample: "999", coverage: 1 },
    ])
    const cut = { ...orders, customer_id: numbers(200, (n) => (n % 100) + 46) }
    // Of 46…145, twice each, 46…50 are there.
    expect((await profileOf({ customers, cut })).references).toMatchObject([
      { by: "name", orphans: 190, coverage: 0.1 },
    ])
  })

  test("columns that repeat what they refer to are found, whatever they are called", async () => {
    const copied = {
      ...orders,
      what: numbers(200, (n) => `Thing ${(n % 30) + 1}`),
      list_price: numbers(200, (n) => `${(n % 30) + 1}.990`),
    }
    const { references } = await profileOf({ products, copied })
    expect(references[0]?.copies).toEqual([
      { column: "what", of: "title", share: 1 },
      { column: "list_price", of: "price", share: 1 },
    ])
  })

  test("texts refer where they could not be there by chance", async () => {
    const long = (n: number) => `customer-${n}@example.org`
    expect(
      await links({
        customers: { id: numbers(50), email: numbers(50, long) },
        letters: { address: numbers(40, long) },
      }),
    ).toEqual(["letters.address → customers.email inclusion 0"])
  })
})

describe("the verdict", () => {
  const verdicts = async (tables: Record<string, HandMade>) =>
    Object.fromEntries((await profileOf(tables)).tables.map(({ name, verdict }) => [name, verdict.role]))
  const kept = { customers: "description", products: "description", orders: "facts" }
  const product = (n: number) => (n % 30) + 1
  const stock: HandMade = {
    id: numbers(90),
    product_id: numbers(90, product),
    product_title: numbers(90, (n) => `Thing ${product(n)}`),
    product_brand: numbers(90, (n) => `Brand ${product(n) % 7}`),
    product_price: numbers(90, (n) => product(n) + 0.99),
    came_on: numbers(90, (n) => day((n % 60) + 1)),
  }

  test("leaves out a table that repeats another and has but times of its own, whatever the tables are called", async () => {
    expect(await verdicts({ customers, products, orders, stock })).toEqual({ ...kept, stock: "repetition" })
    expect(await verdicts({ t1: customers, t2: products, t3: orders, t4: stock })).toMatchObject({
      t4: "repetition",
    })
  })

  test.each([
    ["an amount", { on_hand: numbers(90, (n) => (n * 7) % 23) }],
    ["a text", { condition: numbers(90, (n) => ["new", "used", "broken"][n % 3] ?? "") }],
    ["a further reference", { customer_id: numbers(90, (n) => ((n * 11) % 50) + 1) }],
  ])("keeps it where it has %s of its own", async (_, own) => {
    expect(await verdicts({ customers, products, orders, stock: { ...stock, ...own } })).toMatchObject({
      stock: "facts",
    })
  })

  test("keeps it where it is the only way to what it repeats", async () => {
    const { product_id: _, ...others } = orders
    const sales = { ...others, stock_id: numbers(200, (n) => (n % 90) + 1) }
    expect(await verdicts({ customers, products, sales, stock })).toMatchObject({ stock: "facts" })
  })

  test("keeps it where the table that it repeats is not there", async () => {
    expect(await verdicts({ customers, orders, stock })).toMatchObject({ stock: "facts" })
  })

  test("keeps a fact that repeats what it refers to", async () => {
    const lines = {
      ...orders,
      title: numbers(200, (n) => `Thing ${product(n)}`),
      unit_price: numbers(200, (n) => product(n) + 0.99),
    }
    expect(await verdicts({ customers, products, lines })).toMatchObject({ lines: "facts" })
  })

  test("leaves out places that only things refer to", async () => {
    expect(await verdicts({ customers, products, orders, depots })).toEqual({ ...kept, depots: "place" })
    expect(await verdicts({ t1: customers, t2: products, t3: orders, t4: depots })).toMatchObject({
      t4: "place",
    })
  })

  test("keeps places where something happens, and where people are", async () => {
    const sold = { ...orders, store_id: numbers(200, (n) => (n % 6) + 1) }
    expect(await verdicts({ customers, products, orders: sold, stores: depots })).toMatchObject({
      stores: "description",
    })
    const at = { ...customers, city_id: numbers(50, (n) => (n % 6) + 1) }
    expect(await verdicts({ customers: at, orders, cities: depots })).toMatchObject({ cities: "description" })
  })

  test("keeps lists that name codes, and tables that stand alone", async () => {
    const categories = { id: numbers(5), name: ["Hats", "Coats", "Shoes", "Socks", "Belts"] }
    expect(await verdicts({ customers, products, orders, categories })).toEqual({
      ...kept,
      categories: "description",
    })
    expect(await verdicts({ depots })).toEqual({ depots: "description" })
    expect(await verdicts({ orders })).toEqual({ orders: "facts" })
    expect(await verdicts({ stock, depots })).toEqual({ stock: "facts", depots: "description" })
  })

  test("leaves out all but one of several tables with the same rows", async () => {
    const backup = Object.fromEntries(
      Object.entries(customers).map(([name, values]) => [name, values.slice(0, 30)]),
    )
    expect(await verdicts({ customers, backup, again: customers })).toEqual({
      customers: "duplicate",
      backup: "duplicate",
      again: "description",
    })
  })

  test("says nothing against a table without rows", async () => {
    expect(await verdicts({ customers, fresh: { id: [], at: [] } })).toMatchObject({ fresh: "empty" })
  })
})
