import { join } from "node:path"
import * as fc from "fast-check"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { answer, type AnswerRow } from "../../src/metrics/answer.ts"
import { openPublished, type PublishedShop } from "../../src/metrics/published-shop.ts"
import { parseQuery } from "../../src/metrics/query.ts"
import { scriptOf } from "../../src/metrics/script.ts"
import { openDuckDb } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import { cartwright, resultOf, temporaryFolder } from "./lib/cli.ts"
import { LINES, writeOnlineRetail } from "./lib/online-retail.ts"

/** Runs SQL by hand: in an engine of its own, with names for the raw files of a shop. */
async function byHand(statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const warehouse = await openDuckDb({ path: ":memory:" })
  try {
    const session = await warehouse.session()
    for (const statement of statements.slice(0, -1)) await session.run(statement)
    return await session.rows(statements.at(-1) ?? "")
  } finally {
    await warehouse.close()
  }
}

describe("metrics of the generated shop", () => {
  const home = temporaryFolder()
  const dir = join(home, "demo-shop")
  const places = { published: join(dir, "published"), dbtProject: join(dir, "dbt") }
  const signal = new AbortController().signal
  let shop: PublishedShop
  const ask = async (query: object) => (await answer(shop, parseQuery(query), signal)).rows
  const raw = (sql: string) =>
    byHand([
      ...["events", "order_items", "orders", "users", "products"].map(
        (name) =>
          `create view ${name} as from read_csv('${join(dir, "files", `${name}.csv`)}', all_varchar = true)`,
      ),
      sql,
    ])

  beforeAll(async () => {
    const made = await cartwright(["demo", "--scale", "0.01"], { cwd: home })
    expect(made.code, made.stderr).toBe(0)
    shop = await openPublished(places)
  })
  afterAll(() => shop.close())

  test("sessions, funnel and conversion by source are those of the raw events", async () => {
    const metrics = ["sessions", "product_sessions", "cart_sessions", "purchase_sessions", "visitors"]
    const expected = await raw(`with sessions as (
        select session_id, arg_min(traffic_source, sequence_number::int) as channel, any_value(user_id) as user_id,
          bool_or(event_type = 'product') as viewed, bool_or(event_type = 'cart') as carted, bool_or(event_type = 'purchase') as bought
        from events group by 1)
      select channel, count(*)::int, count(*) filter (viewed)::int, count(*) filter (viewed and carted)::int,
        count(*) filter (viewed and carted and bought)::int, (count(distinct user_id) + count(*) filter (user_id is null))::int
      from sessions group by 1 order by 2 desc, 1`)
    const rows = await ask({ metrics, by: ["channel"] })
    expect(rows.map(({ by, values }) => [by["channel"], ...metrics.map((name) => values[name])])).toEqual(
      expected.map((row) => Object.values(row)),
    )
    const [all] = await ask({ metrics: ["conversion_rate"] })
    const [bought] = await raw(
      "select count(distinct case when event_type = 'purchase' then session_id end) / count(distinct session_id) as rate from events",
    )
    expect(all?.values["conversion_rate"]).toBeCloseTo(bought?.["rate"] as number, 12)
  })

  test("sales by month and category are those of the raw items", async () => {
    const metrics = ["net_sales", "gross_sales", "returns", "orders", "units", "customers"]
    const expected =
      await raw(`select cast(date_trunc('month', items.created_at[:19]::timestamp) as date)::varchar as month, category,
        round(sum(sale_price::decimal(18, 6)) filter (status <> 'Returned'), 2)::double, round(sum(sale_price::decimal(18, 6)), 2)::double,
        round(coalesce(sum(sale_price::decimal(18, 6)) filter (status = 'Returned'), 0), 2)::double,
        count(distinct order_id)::int, count(*)::int, count(distinct user_id)::int
      from order_items as items join products on products.id = product_id
      where status <> 'Cancelled' and items.created_at >= '2025-01-01' and items.created_at < '2026-01-01'
      group by 1, 2 order by 1, 2`)
    const rows = await ask({
      metrics,
      by: ["category"],
      grain: "month",
      period: { from: "2025-01-01", to: "2025-12-31" },
      order: { by: "category", descending: false },
    })
    const sold = rows.filter(({ values }) => values["units"] !== 0)
    const shown = sold.map(({ time, by, values }) => [
      time,
      by["category"],
      ...metrics.map((name) => values[name]),
    ])
    expect(inOrder(shown)).toEqual(
      inOrder(expected.map((row) => Object.values(row).map((value) => value ?? 0))),
    )
  })

  test("distinct customers under two conditions, new and returning ones, are those of the raw files", async () => {
    const [row] = await ask({
      metrics: ["customers", "orders"],
      where: [
        { dimension: "first_channel", is: ["Search", "Email"] },
        { dimension: "category", is: ["Jeans"], not: true },
      ],
      period: { from: "2025-01-01", to: "2025-06-30" },
    })
    const [expected] =
      await raw(`select count(distinct user_id)::int as customers, count(distinct order_id)::int as orders
      from order_items as items join products on products.id = product_id join users on users.id = user_id
      where status <> 'Cancelled' and traffic_source in ('Search', 'Email') and category <> 'Jeans'
        and items.created_at >= '2025-01-01' and items.created_at < '2025-07-01'`)
    expect(row?.values).toEqual(expected)
    const months = await ask({
      metrics: ["new_customers", "returning_customers"],
      grain: "quarter",
      period: { from: "2024-01-01", to: "2025-12-31" },
    })
    const fresh = await raw(`with bought as (
        select user_id, date_trunc('quarter', created_at[:10]::date)::date as quarter, date_trunc('quarter', min(created_at[:10]::date) over (partition by user_id))::date as first
        from order_items where status <> 'Cancelled')
      select quarter::varchar as time, count(distinct user_id) filter (quarter = first)::int as new_customers,
        count(distinct user_id) filter (quarter > first)::int as returning_customers
      from bought where quarter >= '2024-01-01' group by 1 order by 1`)
    expect(months.map(({ time, values }) => ({ time, ...values }))).toEqual(fresh)
  })

  test("a session counts in every category that it looked at, and once in all", async () => {
    const categories = ["Jeans", "Shorts", "Sweaters"]
    const where = [{ dimension: "category", is: categories }]
    const split = await ask({ metrics: ["sessions"], by: ["category"], where })
    const [whole] = await ask({ metrics: ["sessions"], where })
    const list = categories.map((each) => `'${each}'`).join(", ")
    const looked = `select distinct session_id, category from events join products on uri = '/product/' || products.id where category in (${list})`
    expect(
      await raw(`select category, count(*)::int as n from (${looked}) group by 1 order by 2 desc, 1`),
    ).toEqual(split.map(({ by, values }) => ({ category: by["category"], n: values["sessions"] })))
    const [once] = await raw(`select count(distinct session_id)::int as n from (${looked})`)
    expect(whole?.values["sessions"]).toBe(once?.["n"])
  })

  test("a comparison puts each part of time beside the one in its place", async () => {
    const query = {
      metrics: ["orders"],
      by: ["first_channel"],
      grain: "month",
      period: { from: "2025-04-01", to: "2025-06-30" },
    }
    const compared = await ask({ ...query, compare: "previous_period" })
    const before = await ask({ ...query, period: { from: "2025-01-01", to: "2025-03-31" } })
    const [now, then] = [compared, before].map((rows) => rows.filter(({ values }) => values["orders"] !== 0))
    const earlier = compared.filter(({ previous }) => previous?.["orders"] !== 0)
    const place = {
      "2025-04-01": "2025-01-01",
      "2025-05-01": "2025-02-01",
      "2025-06-01": "2025-03-01",
    } as Record<string, string>
    const told = (rows: readonly AnswerRow[]) =>
      rows.map(({ time, by, values }) => `${time} ${by["first_channel"]} ${values["orders"]}`).sort()
    expect(
      earlier
        .map(({ time = "", by, previous }) => `${place[time]} ${by["first_channel"]} ${previous?.["orders"]}`)
        .sort(),
    ).toEqual(told(then ?? []))
    expect(told(now ?? [])).toEqual(told(await ask(query)))
  })

  test("what a query shows is what the SQL that explain prints gives, run by hand", async () => {
    const metrics = [...shop.catalog.metrics.values()].filter((metric) => shop.missing(metric) === undefined)
    const question = fc.subarray(metrics, { minLength: 1, maxLength: 4 }).chain((chosen) => {
      const names = shop.catalog.sharedDimensions(chosen).map(({ name }) => name)
      const value = fc.constantFrom(
        "Search",
        "Email",
        "Jeans",
        "Chrome",
        "Germany",
        "United States",
        "M",
        "25–34",
        "USD",
        null,
        "it's",
        "\\",
      )
      const condition = fc.record({
        dimension: fc.constantFrom(...names, ...(names.length === 0 ? [""] : [])),
        is: fc.array(value, { minLength: 1, maxLength: 3 }),
        not: fc.boolean(),
      })
      return fc.record(
        {
          metrics: fc.constant(chosen.map(({ name }) => name)),
          by: fc.subarray(names, { maxLength: Math.min(names.length, 2) }),
          where: names.length === 0 ? fc.constant([]) : fc.array(condition, { maxLength: 2 }),
          period: fc.constantFrom(
            { from: "2025-01-01", to: "2025-03-31" },
            { from: "2024-11-15", to: "2025-02-03" },
          ),
          grain: fc.constantFrom("day", "week", "month", "year"),
          limit: fc.constantFrom(5, 1000),
        },
        { requiredKeys: ["metrics"] },
      )
    })
    await fc.assert(
      fc.asyncProperty(question, async (asked) => {
        const query = parseQuery(asked)
        const { rows } = await answer(shop, query, signal)
        const { views, queries } = scriptOf(query, shop, places)
        const found = await byHand([...views, queries[0] ?? ""])
        const shown = found.slice(0, query.limit).map((row) => ({
          ...(query.grain === undefined ? {} : { time: (row["time"] ?? "") as string }),
          by: Object.fromEntries(query.by.map((name) => [name, row[name] as string | null])),
          values: Object.fromEntries(
            query.metrics.map((name) => [name, row[name] === null ? null : Number(row[name])]),
          ),
        }))
        // Sums of doubles depend on the order in which two threads add them.
        expect(rounded(rows)).toEqual(rounded(shown))
      }),
      { numRuns: 40 },
    )
  })

  test("an aborted question ends, and the next one is answered", async () => {
    const stopping = new AbortController()
    const long = shop.ask(
      "select sum(hash(a.range + b.range)) from range(100000) a, range(1000000) b",
      [],
      stopping.signal,
    )
    setTimeout(() => stopping.abort(), 50)
    await expect(long).rejects.toMatchObject({ name: "AbortError" })
    expect(await ask({ metrics: ["sessions"] })).toHaveLength(1)
  })

  test("query answers as table, CSV and JSON, and explain leads to the files", async () => {
    const about = ["--dir", dir, "--by", "first_channel", "--period", "2025", "--compare", "previous_year"]
    const asked = ["query", "--metric", "net_sales", "--metric", "return_rate", ...about]
    const [table, csv, json] = await Promise.all([
      cartwright(asked),
      cartwright([...asked, "--csv"]),
      cartwright([...asked, "--json"]),
    ])
    expect(table.stdout).toMatch(/^first_channel +net_sales +before +change +return_rate +before +change\n/)
    expect(table.stderr).toContain(
      "2025-01-01 to 2025-12-31 · against 2024-01-01 to 2024-12-31 · amounts in USD · version 0001-",
    )
    const rows = resultOf(json)["rows"] as AnswerRow[]
    const smallest = resultOf(await cartwright([...asked, "--json", "--order", "net_sales:asc"]))[
      "rows"
    ] as AnswerRow[]
    expect(smallest.map(({ by }) => by)).toEqual(rows.map(({ by }) => by).reverse())
    expect(csv.stdout.trim().split("\n")).toEqual([
      "first_channel,net_sales,net_sales_before,return_rate,return_rate_before",
      ...rows.map(({ by, values, previous }) =>
        [
          by["first_channel"],
          values["net_sales"],
          previous?.["net_sales"],
          values["return_rate"],
          previous?.["return_rate"],
        ].join(","),
      ),
    ])
    const explained = await cartwright(["explain", "net_sales", "--dir", dir])
    for (const text of [
      "sum of net_amount in fact_sales",
      "quality      A: ",
      "fact_sales ← ",
      "raw-data/dataset_name=order_items/",
      'create view "fact_sales" as from read_parquet(',
    ])
      expect(explained.stdout).toContain(text)
  })

  test("what cannot be asked says what can", async () => {
    const asks = (...words: string[]) => cartwright(["query", "--dir", dir, ...words])
    expect(await asks("--metric", "session")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("did you mean sessions?"),
    })
    expect(await asks("--metric", "sessions", "--by", "brand")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("sessions cannot be split by brand"),
    })
    expect(await asks("--metric", "sessions", "--compare", "previous_year")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("a comparison needs a period"),
    })
    expect(await asks("--metric", "sessions", "--where", "channel")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("write dimension=value"),
    })
  })
})

test("Online Retail has its sales, and says why it has no sessions", async () => {
  const home = temporaryFolder()
  writeOnlineRetail(join(home, "files"))
  await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
  const ran = await cartwright(["run"], { cwd: join(home, "shop") })
  expect(ran.code, ran.stderr).toBe(0)
  const asks = async (...words: string[]) => cartwright(["query", "--dir", join(home, "shop"), ...words])
  const sold = LINES.filter(
    ({ invoice, code, quantity, pence }) =>
      /^\d/.test(invoice) && /^\d/.test(code) && quantity > 0 && pence > 0,
  )
  const answered = resultOf(
    await asks("--metric", "gross_sales", "--metric", "orders", "--metric", "units", "--json"),
  )
  expect(answered).toMatchObject({
    currency: "GBP",
    rows: [
      {
        values: {
          gross_sales: sold.reduce((sum, { quantity, pence }) => sum + quantity * pence, 0) / 100,
          orders: new Set(sold.map(({ invoice }) => invoice)).size,
          units: sold.reduce((sum, { quantity }) => sum + quantity, 0),
        },
      },
    ],
  })
  expect(await asks("--metric", "sessions")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("no source of this shop delivers sessions"),
  })
  expect((await asks("--list")).stdout).toMatch(/Without numbers in this shop:\n {2}sessions: no source/)
})

function inOrder(rows: readonly unknown[][]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort()
}

function rounded(rows: readonly AnswerRow[]): AnswerRow[] {
  const round = (value: number | null) => (value === null ? null : Number(value.toPrecision(12)))
  return rows.map((row) => ({
    ...row,
    values: Object.fromEntries(Object.entries(row.values).map(([name, value]) => [name, round(value)])),
  }))
}
