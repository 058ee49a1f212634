import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { changingShop } from "./lib/changing-columns.ts"
import { cartwright, resultOf, temporaryFolder } from "./lib/cli.ts"
import { askPublished, askWarehouse } from "./lib/published.ts"

interface Change {
  dataset: string
  change: string
  column: string | null
  related: string | null
  touched?: { readBy: string[]; marts: string[] }
}

test("theLook with columns missing, renamed, added, retyped and reordered: the run goes on and says what it touches", async () => {
  const home = temporaryFolder()
  const files = join(home, "files")
  const shop = join(home, "shop")
  mkdirSync(files)
  const { raw, deliverSecond, deliverThird } = await changingShop(files)
  const made = await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
  expect(made.code, made.stderr).toBe(0)
  const config = join(shop, "cartwright.yaml")
  writeFileSync(config, readFileSync(config, "utf8").replaceAll("date=20260701/", "date=*/"))
  const first = await cartwright(["run", "--dir", shop])
  expect(first.code, first.stderr).toBe(0)

  deliverSecond()
  deliverThird()
  const changed = await cartwright(["run", "--dir", shop, "--json"])
  expect(changed.code, changed.stderr).toBe(0)
  const steps = resultOf(changed)["steps"] as {
    extract: { result: { deliveries: { dataset: string; columns?: unknown }[] } }
    load: { result: { changes: Change[] } }
  }
  expect(steps.extract.result.deliveries.filter(({ columns }) => columns !== undefined)).toMatchObject([
    { dataset: "users", columns: { added: ["channel", "loyalty"], dropped: ["age", "traffic_source"] } },
    { dataset: "users", columns: { added: [], dropped: [], reordered: true } },
  ])
  const told = (dataset: string, change: string) =>
    steps.load.result.changes.filter((each) => each.dataset === dataset && each.change === change)
  expect(told("users", "dropped")).toMatchObject([
    { column: "age", related: null, touched: { readBy: ["log_thelook__users"] } },
    { column: "traffic_source", related: "channel", touched: { readBy: ["log_thelook__users"] } },
  ])
  expect(told("users", "dropped")[0]?.touched?.marts).toContain("agg_customer_segments")
  expect(told("users", "added")).toMatchObject([
    { column: "channel", related: "traffic_source", touched: { readBy: [], marts: [] } },
    { column: "loyalty", related: null, touched: { readBy: [], marts: [] } },
  ])
  expect(
    await askWarehouse(
      shop,
      `select as_of::date::varchar as day, dataset, change, column_name as c from bronze.schema_changes
       where change in ('retyped', 'reordered') order by all`,
    ),
  ).toEqual([
    { day: "2026-07-03", dataset: "order_items", change: "retyped", c: "sale_price" },
    { day: "2026-07-03", dataset: "users", change: "reordered", c: null },
    { day: "2026-07-03", dataset: "users", change: "retyped", c: "latitude" },
  ])

  // What cannot be read is null or, where the row is of no use without it, keeps the last good version.
  const [users] = await askWarehouse(
    shop,
    `select count(*)::int as n, count(age)::int as ages, count(traffic_source)::int as sources,
       count(latitude)::int as latitudes, count(longitude)::int > 0 as others from silver.stg_thelook__users`,
  )
  expect(users).toEqual({ n: raw.users, ages: 0, sources: 0, latitudes: 0, others: true })
  const [items] = await askWarehouse(
    shop,
    `select count(*)::int as n, (sum(sale_price) * 1000000)::bigint::varchar as total
     from silver.stg_thelook__order_items`,
  )
  expect(items).toEqual({ n: raw.orderItems, total: String(raw.salePrices) })
  const [sales] = await askPublished(shop, "select count(*)::int as n from $fact_sales")
  expect(sales).toEqual({ n: raw.orderItems })
  const failed = await askPublished(
    shop,
    `select column_name as c, count(*)::int as n, bool_and(is_rejected) as rejected from $error_event_details
     where column_name in ('latitude', 'sale_price') group by all order by 1`,
  )
  expect(failed).toEqual([
    { c: "latitude", n: raw.users, rejected: false },
    { c: "sale_price", n: raw.orderItems, rejected: true },
  ])

  const status = (await cartwright(["status", "--dir", shop])).stdout
  expect(status).toContain("column age is missing (null from here on) · read by log_thelook__users")
  expect(status).toContain("column latitude has values of another type (numbers → text)")
}, 180_000)
