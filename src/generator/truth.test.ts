import { beforeAll, describe, expect, test } from "vitest"
import type { Row } from "../warehouse/warehouse.ts"
import { type Generated, generated, number, reader, truthOf } from "./generator.fixture.ts"

type Named = Record<string, number> & { name: string }

let shop: Generated
let effects: ReturnType<typeof truthOf>["effects"]
let query: (sql: string) => Promise<Row[]>

beforeAll(async () => {
  shop = await generated({ scale: 0.15, seed: 31 })
  effects = truthOf(shop).effects
  query = await reader(shop)
  await query(`create table visits as select session_id, any_value(traffic_source) as source, any_value(browser) as browser,
      min(created_at) as begun, count_if(event_type = 'product') > 0 as viewed, count_if(event_type = 'cart') > 0 as carted,
      count_if(event_type = 'purchase') > 0 as purchased, count_if(event_type = 'department') > 0 as departments,
      arg_min(event_type, sequence_number::int) as entry, any_value(city) as city
    from events group by session_id`)
})

/** What of `truth.json` is looked at here. */
interface Realised {
  trafficSources: Named[]
  browsers: Named[]
  funnel: { visits: Named; entries: Named[]; events: { name: string; events: number }[] }
  calendar: Record<
    "years" | "months" | "weekdays" | "yearMonths" | "specialDays",
    { unit: unknown; visits: number }[]
  >
  priceElasticity: { elasticity: number }
  brands: Named[]
  discounts: { percent: number; items: number }[]
  fulfilment: { statuses: object[]; centers: { center: number; hours_to_ship: number }[] }
  returns: { items: Named[]; orders: (Named & { department: string })[] }
  repeat: { buyers: number; repeated: number; distribution: object[] }
  userSources: Named[]
}
interface Planted {
  trafficSources: Named[]
  calendar: { months: number[]; weekdays: number[]; growth: number }
  returns: (Named & { department: string })[]
}
const realised = <K extends keyof Realised>(name: K) => effects[name]?.realised as Realised[K]
const planted = <K extends keyof Planted>(name: K) => effects[name]?.planted as Planted[K]
const plain = async (sql: string) =>
  (await query(sql)).map((row) =>
    Object.fromEntries(Object.entries(row).map(([k, v]) => [k, typeof v === "bigint" ? Number(v) : v])),
  )
const pick = (rows: readonly object[], ...names: string[]) =>
  rows.map((row) => Object.fromEntries(names.map((name) => [name, (row as Record<string, unknown>)[name]])))

describe("what truth.json says was realised is what the files hold", () => {
  const steps = `count(*) as visits, count_if(departments) as departments, count_if(viewed) as viewed, count_if(carted) as carted,
    count_if(purchased) as purchased`

  test("visits by source and browser", async () => {
    for (const [effect, column] of [
      ["trafficSources", "source"],
      ["browsers", "browser"],
    ] as const) {
      const rows = pick(realised(effect), "name", "visits", "departments", "viewed", "carted", "purchased")
      const counted = await plain(`select ${column} as name, ${steps} from visits group by 1`)
      const byName = (list: readonly object[]) =>
        [...list].sort((a, b) => (a as Named).name.localeCompare((b as Named).name))
      expect(byName(rows)).toEqual(byName(counted))
    }
  })

  test("the funnel", async () => {
    const funnel = realised("funnel")
    expect(pick([funnel.visits], "visits", "viewed", "carted", "purchased")).toEqual(
      await plain(
        "select count(*) as visits, count_if(viewed) as viewed, count_if(carted) as carted, count_if(purchased) as purchased from visits",
      ),
    )
    expect(funnel.entries).toEqual(
      await plain("select entry as name, count(*) as visits from visits group by 1 order by 1"),
    )
    expect(funnel.events).toEqual(
      await plain("select event_type as name, count(*) as events from events group by 1 order by 1"),
    )
  })

  test("calendar and hours", async () => {
    const by = realised("calendar")
    const counted = (unit: string) =>
      plain(
        `select ${unit} as unit, count(*) as visits from (select begun[:10]::date as date from visits) group by 1 order by 1`,
      )
    expect(by["years"]).toEqual(await counted("year(date)"))
    expect(by["months"]).toEqual(await counted("month(date)"))
    expect(by["weekdays"]).toEqual(await counted("isodow(date)"))
    expect(by["yearMonths"]).toEqual(await counted("strftime(date, '%Y-%m')"))
    expect(by.specialDays.map((day) => day.unit)).toEqual([
      "2022-11-25",
      "2022-11-28",
      "2023-11-24",
      "2023-11-27",
      "2024-11-29",
      "2024-12-02",
      "2025-11-28",
      "2025-12-01",
    ]) // prettier-ignore
  })

  test("brands", async () => {
    for (const { name, ...told } of realised("brands").slice(0, -1)) {
      const [counted] = await plain(`select count(*) as views, count_if(next = 'cart') as carts from (
          select uri, lead(event_type) over (partition by session_id order by sequence_number::int) as next from events) e
        join products p on '/product/' || p.id = uri and brand = '${name}'`)
      expect(told).toMatchObject(counted ?? {})
    }
  })

  test("discounts, fulfilment, returns", async () => {
    const discounts = realised("discounts")
    const items =
      await plain(`select round(10 - 10 * sale_price::double / retail_price::double)::int * 10 as percent, count(*) as items
      from order_items i join products p on p.id = i.product_id group by 1 order by 1`)
    for (const { percent, items: n } of items as unknown as typeof discounts) {
      const sum = discounts.filter((row) => row.percent === percent).reduce((a, row) => a + row.items, 0)
      expect(sum).toBe(n)
    }
    expect(realised("fulfilment").statuses).toEqual(
      await plain("select status, count(*) as orders from orders group by 1 order by 1"),
    )
    const returns = realised("returns")
    const sort = (rows: object[]) => rows.map((row) => JSON.stringify(row)).sort()
    expect(sort(pick(returns.items, "department", "name", "delivered", "returned"))).toEqual(
      sort(
        await plain(`select department, category as name, count(delivered_at) as delivered, count(returned_at) as returned
          from order_items i join products p on p.id = i.product_id group by 1, 2`),
      ),
    )
    expect(sort(pick(returns.orders, "department", "name", "delivered", "returned"))).toEqual(
      sort(
        await plain(`select department, category as name, count(delivered_at) as delivered, count(returned_at) as returned
          from (select order_id, arg_min(product_id, id::int) as product_id from order_items group by order_id)
          join orders using (order_id) join products p on p.id = product_id group by 1, 2`),
      ),
    )
  })

  test("repeat buyers and customers' sources", async () => {
    const repeat = realised("repeat")
    const counts = "(select user_id, count(*) as orders from orders group by user_id)"
    expect(repeat.distribution).toEqual(
      await plain(`select orders, count(*) as customers from ${counts} group by 1 order by 1`),
    )
    expect(repeat.buyers).toBe(await number(query, `select count(*) from ${counts}`))
    expect(repeat.repeated).toBe(await number(query, `select count(*) from ${counts} where orders > 1`))
    const sources = realised("userSources")
    for (const { name, customers, orders } of sources) {
      expect(customers).toBe(
        await number(query, `select count(*) from users where traffic_source = '${name}'`),
      )
      expect(orders).toBe(
        await number(
          query,
          `select count(*) from orders o join users u on u.id = o.user_id where traffic_source = '${name}'`,
        ),
      )
    }
  })
})

/** Standard deviations that a count of successes lies from what a chance would give. */
const deviation = (successes: number, trials: number, chance: number) =>
  Math.abs(successes - trials * chance) / Math.sqrt(trials * chance * (1 - chance))

describe("what was planted is what was realised, within chance", () => {
  test("each step by traffic source", () => {
    const rows = realised("trafficSources")
    for (const source of planted("trafficSources")) {
      const row = rows.find((row) => row.name === source.name) as Named
      expect(deviation(row["carted"] ?? 0, row["viewed"] ?? 0, source["cart"] ?? 0)).toBeLessThan(4)
      expect(deviation(row["purchased"] ?? 0, row["carted"] ?? 0, source["purchase"] ?? 0)).toBeLessThan(4)
      expect(deviation(row["purchased"] ?? 0, row["visits"] ?? 0, source["conversion"] ?? 0)).toBeLessThan(4)
    }
    const rates = rows.map((row) => (row["purchased"] ?? 0) / (row["visits"] ?? 1))
    expect(Math.max(...rates) / Math.min(...rates)).toBeGreaterThan(2)
  })

  test("price elasticity and brands, by a reader of events and products alone", async () => {
    const [row] = await query(`
      with views as (select uri, lead(event_type) over (partition by session_id order by sequence_number::int) = 'cart' as carted, event_type
          from events),
        products_seen as (select p.*, retail_price::double / median(retail_price::double) over (partition by department, category) as relative,
            coalesce(carted, false) as carted
          from views join products p on '/product/' || p.id = uri where event_type = 'product'),
        bands as (select round(4 * ln(relative)) / 4 as x, avg(carted::int) as y, count(*) as n from products_seen group by 1 having count(*) > 500)
      select regr_slope(ln(y), x) as slope, (select avg(carted::int) filter (where brand = 'Northvale') /
        avg(carted::int) filter (where brand <> 'Northvale') from products_seen) as northvale from bands`)
    expect(Number(row?.["slope"])).toBeGreaterThan(-0.58)
    expect(Number(row?.["slope"])).toBeLessThan(-0.42)
    expect(Math.abs(realised("priceElasticity").elasticity - 0.5)).toBeLessThan(0.06)
    expect(Number(row?.["northvale"])).toBeGreaterThan(1.2)
  })

  test("months and weekdays", () => {
    const { months, weekdays, growth } = planted("calendar")
    const by = realised("calendar")
    const ratio = (rows: { visits: number }[], a: number, b: number) =>
      (rows[a]?.visits ?? 0) / (rows[b]?.visits ?? 1)
    expect(ratio(by.years, 1, 0)).toBeCloseTo(growth, 1)
    expect(ratio(by.months, 11, 1) / ((months[11] ?? 0) / (months[1] ?? 1))).toBeGreaterThan(1)
    expect(ratio(by.weekdays, 5, 1)).toBeGreaterThan(((weekdays[5] ?? 0) / (weekdays[1] ?? 1)) * 0.93)
  })

  test("returns by category and the slow center", () => {
    const orders = realised("returns").orders
    for (const { department, name, returned } of planted("returns")) {
      const row = orders.find(
        (row) => row.name === name && (row as unknown as { department: string }).department === department,
      )
      if ((row?.["delivered"] ?? 0) < 50) continue
      expect(deviation(row?.["returned"] ?? 0, row?.["delivered"] ?? 0, returned ?? 0)).toBeLessThan(4)
    }
    const centers = realised("fulfilment").centers
    const hours = (center: number) => centers.find((row) => row.center === center)?.hours_to_ship ?? 0
    expect(hours(7) - hours(6)).toBeGreaterThan(40)
  })

  test("what was not planted is not there: conversion by country and weekday, returns by traffic source", async () => {
    const spread = async (sql: string) => {
      const rows = (await plain(sql)) as { n: number; k: number }[]
      const all = rows.reduce((sum, row) => sum + row.k, 0) / rows.reduce((sum, row) => sum + row.n, 0)
      return (
        rows.reduce((sum, row) => sum + (row.k - row.n * all) ** 2 / (row.n * all * (1 - all)), 0) -
        rows.length
      )
    }
    const tolerance = 20
    expect(
      await spread("select count(*) as n, count_if(purchased) as k from visits group by begun[12:13]"),
    ).toBeLessThan(tolerance)
    expect(
      await spread(
        "select count(*) as n, count_if(purchased) as k from visits group by isodow(begun[:10]::date)",
      ),
    ).toBeLessThan(tolerance)
    expect(
      await spread(`select count(*) as n, count_if(purchased) as k from visits join (select distinct city, country from users) using (city)
        where city <> 'null' group by country`),
    ).toBeLessThan(tolerance)
    expect(
      await spread(`select count(delivered_at) as n, count(returned_at) as k from orders o join users u on u.id = o.user_id
        group by traffic_source`),
    ).toBeLessThan(tolerance)
  })
})
