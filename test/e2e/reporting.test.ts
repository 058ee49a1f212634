import { join } from "node:path"
import { beforeAll, expect, test } from "vitest"
import { openDuckDb } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import { ROWS_PER_EVENT } from "../lib/shop-shape.ts"
import { cartwright, temporaryFolder } from "./lib/cli.ts"

/** The tables of a report (docs/looker-studio.md), built on DuckDB and compared with plain SQL over the raw files. */
const home = temporaryFolder()
const shop = join(home, "shop")

beforeAll(async () => {
  for (const args of [
    ["generate", "--dir", "files", "--scale", "0.002"],
    ["init", "files", "--dir", "shop"],
    ["run", "--dir", "shop"],
  ]) {
    const { code, stderr } = await cartwright(args, { cwd: home })
    expect(code, stderr).toBe(0)
  }
  const vars = ["--vars", "{reporting: true}"]
  const built = await cartwright(["dbt", "run", "--select", "report_*", ...vars], { cwd: shop })
  expect(built.code, built.stderr).toBe(0)
}, 300_000)

async function asked(sql: string): Promise<Record<string, unknown>> {
  const warehouse = await openDuckDb({ path: join(shop, "warehouse.duckdb"), readOnly: true })
  try {
    const session = await warehouse.session()
    const files = (_: string, name: string) => `read_csv('${join(home, "files", name)}.csv')`
    const [row] = await session.rows(sql.replaceAll(/\$(\w+)/g, files))
    return row as Record<string, unknown>
  } finally {
    await warehouse.close()
  }
}

const SOLD = "status <> 'Cancelled'"

test.each([
  [
    "visits by day",
    `select sum(sessions) as sessions from gold.report_overview`,
    `select count(distinct session_id)::hugeint as sessions from $events`,
  ],
  [
    "visits over all, and what was looked at",
    `select (select sum(sessions) from gold.report_funnel where split_by = 'overall') as sessions,
       sum(events) as events, sum(product_views) as views from gold.report_behaviour`,
    `select count(distinct session_id)::hugeint as sessions, count(*)::hugeint as events,
       count(*) filter (event_type = 'product')::hugeint as views from $events`,
  ],
  [
    "sales by day, with returns",
    `select sum(units_sold) as units, sum(orders) as orders, round(sum(gross_sales), 2)::text as gross, round(sum(returns), 2)::text as returned from gold.report_overview`,
    `select count(*)::hugeint as units, count(distinct order_id)::hugeint as orders, round(sum(sale_price::decimal(18, 6)), 2)::text as gross,
       round(sum(sale_price::decimal(18, 6)) filter (status = 'Returned'), 2)::text as returned from $order_items where ${SOLD}`,
  ],
  [
    "sales by product",
    `select sum(units_sold) as units, round(sum(net_sales), 2)::text as net from gold.report_products`,
    `select count(*)::hugeint as units, round(sum(sale_price::decimal(18, 6)) filter (status <> 'Returned'), 2)::text as net from $order_items where ${SOLD}`,
  ],
  [
    "customers who bought",
    `select sum(customers) as customers, sum(orders) as orders from gold.report_customers`,
    `select count(distinct user_id)::hugeint as customers, count(distinct order_id)::hugeint as orders from $order_items where ${SOLD}`,
  ],
  [
    "deliveries and their rows",
    `select sum(deliveries) as deliveries, sum(rows_read) as read from gold.report_data`,
    `select 5::hugeint as deliveries, ((select count(*) from $events) + (select count(*) from $orders) + (select count(*) from $order_items)
       + (select count(*) from $users) + (select count(*) from $products))::hugeint as read`,
  ],
])("%s", async (_, report, raw) => {
  expect(await asked(report)).toEqual(await asked(raw))
})

test("a shop has about as many rows for each event as the page of BigQuery's costs reckons with, and not more", async () => {
  const events = Number((await asked("select count(*) as n from gold.fact_events"))["n"])
  for (const [table, ratio] of Object.entries(ROWS_PER_EVENT)) {
    const rows = Number((await asked(`select count(*) as n from gold.${table}`))["n"])
    expect(rows / events, table).toBeLessThanOrEqual(ratio)
    expect(rows / events, table).toBeGreaterThan(ratio / 2)
  }
})
