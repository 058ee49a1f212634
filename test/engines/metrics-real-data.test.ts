import { copyFileSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, expect, test } from "vitest"
import type { AnswerRow } from "../../src/metrics/answer.ts"
import { openDuckDb } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import { cartwright, resultOf, temporaryFolder } from "../e2e/lib/cli.ts"
import { describeWith, sharedData } from "./lib/engines.ts"

async function plainSql(sql: string): Promise<unknown[][]> {
  const warehouse = await openDuckDb({ path: ":memory:" })
  try {
    const session = await warehouse.session()
    return (await session.result(sql)).rows
  } finally {
    await warehouse.close()
  }
}

/** A shop made of files, and how to ask it. */
async function shopOf(files: Record<string, string>) {
  const home = temporaryFolder()
  mkdirSync(join(home, "files"))
  for (const [name, path] of Object.entries(files)) copyFileSync(path, join(home, "files", name))
  await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
  const ran = await cartwright(["run"], { cwd: join(home, "shop") })
  expect(ran.code, ran.stderr).toBe(0)
  return async (metrics: string[], ...words: string[]) => {
    const asked = await cartwright(
      ["query", "--json", ...metrics.flatMap((name) => ["--metric", name]), ...words],
      {
        cwd: join(home, "shop"),
      },
    )
    expect(asked.code, asked.stdout + asked.stderr).toBe(0)
    const rows = resultOf(asked)["rows"] as AnswerRow[]
    return rows.map(({ time, by, values }) => [
      ...(time === undefined ? [] : [time]),
      ...Object.values(by),
      ...metrics.map((name) => values[name]),
    ])
  }
}

describeWith(
  { file: sharedData("online_retail", "data.csv.gz") },
  "Online Retail, the real file",
  ({ file }) => {
    let ask: Awaited<ReturnType<typeof shopOf>>
    const codes = join(import.meta.dirname, "..", "..", "analytics", "seeds", "non_product_codes.csv")
    /** Lines of products that were sold, by the rules of docs/online-retail.md, in plain SQL over the file. */
    const sold = `(select *, cast(Quantity as bigint) * cast(UnitPrice as decimal(18, 6)) as amount, strptime(InvoiceDate, '%m/%d/%Y %H:%M') as sold_at
    from read_csv('${file}', all_varchar = true, encoding = 'latin-1')
    where regexp_matches(InvoiceNo, '^[0-9]+$') and cast(Quantity as bigint) > 0 and cast(UnitPrice as double) > 0
      and upper(StockCode) not in (select stock_code from read_csv('${codes}')))`
    beforeAll(async () => {
      ask = await shopOf({ "data.csv.gz": file })
    })

    test("sales, orders, units and customers by month are those of the file", async () => {
      const where = ["--grain", "month", "--period", "2011-01..2011-06"]
      const found = await ask(["gross_sales", "orders", "units", "customers"], ...where)
      const expected =
        await plainSql(`select cast(cast(date_trunc('month', sold_at) as date) as varchar), cast(round(sum(amount), 2) as double), count(distinct InvoiceNo)::int,
        sum(Quantity::bigint)::int, count(distinct CustomerID)::int
      from ${sold} where sold_at >= '2011-01-01' and sold_at < '2011-07-01' group by 1 order by 1`)
      expect(found).toEqual(expected)
    })

    test("the customers of a country are counted exactly, in any part of time", async () => {
      const found = await ask(
        ["customers", "orders"],
        "--by",
        "country",
        "--where",
        "country=Germany,France,Spain",
        "--period",
        "2011-Q1",
        "--order",
        "country:asc",
      )
      const expected =
        await plainSql(`select Country, count(distinct CustomerID)::int, count(distinct InvoiceNo)::int from ${sold}
      where Country in ('Germany', 'France', 'Spain') and sold_at >= '2011-01-01' and sold_at < '2011-04-01' group by 1 order by 1`)
      expect(found).toEqual(expected)
    })
  },
)

describeWith(
  {
    orders: sharedData("thelook", "full_tables", "orders.parquet"),
    products: sharedData("thelook", "full_tables", "products.parquet"),
  },
  "theLook's real orders",
  ({ orders, products }) => {
    test("placed and cancelled orders and hours to ship by quarter are those of the file", async () => {
      const ask = await shopOf({ "orders.parquet": orders, "products.parquet": products })
      const found = await ask(
        ["placed_orders", "cancelled_orders", "hours_to_ship"],
        "--grain",
        "quarter",
        "--period",
        "2024",
      )
      const expected =
        await plainSql(`select cast(cast(date_trunc('quarter', created_at) as date) as varchar), count(*)::int, count(*) filter (status = 'Cancelled')::int,
        avg(case when shipped_at >= created_at then (epoch_us(shipped_at::timestamp) - epoch_us(created_at::timestamp)) / 3.6e9 end)
      from read_parquet('${orders}') where created_at >= '2024-01-01' and created_at < '2025-01-01' group by 1 order by 1`)
      const rounded = (rows: unknown[][]) =>
        rows.map(([time, placed, cancelled, hours]) => [time, placed, cancelled, Number(hours).toFixed(6)])
      expect(rounded(found)).toEqual(rounded(expected))
    })
  },
)
