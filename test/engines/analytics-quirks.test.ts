import { createHash } from "node:crypto"
import { beforeAll, expect, test } from "vitest"
import { type DbtShop, makeDbtShop } from "./lib/dbt-shop.ts"
import { dbtBin, describeWith } from "./lib/engines.ts"
import { loadOddDeliveries } from "./lib/odd-deliveries.ts"

/** Where somebody lives is personal: it is told by its hash. */
const NORTH = `hash ${BigInt(`0x${createHash("md5").update("north").digest("hex").slice(0, 15)}`)}`

interface Documented {
  resource_type: string
  package_name: string
  schema: string
  name: string
  description: string
  columns: Record<string, { description: string }>
}

describeWith({ dbt: dbtBin() }, "odd deliveries", ({ dbt }) => {
  let shop: DbtShop
  beforeAll(async () => {
    shop = makeDbtShop(dbt, {
      thelook: ["users", "products", "orders", "order_items", "events"],
      online_retail: ["invoices"],
    })
    await shop.write(loadOddDeliveries)
    await shop.dbt("deps")
    await shop.dbt("build")
    return shop.remove
  })

  test("the last good version wins; what could not be read is recorded with its text", async () => {
    expect(
      await shop.rows(
        `select column_name, offending_value as delivered_text, is_rejected from quality.failed_values
        where screen_name like '%_readable' order by data_set, _change_seq, 1`,
      ),
    ).toEqual([
      { column_name: "sequence_number", delivered_text: "first", is_rejected: "false" },
      { column_name: "quantity", delivered_text: "six", is_rejected: "true" },
      { column_name: "sale_price", delivered_text: "free", is_rejected: "true" },
      { column_name: "created_at", delivered_text: "null", is_rejected: "true" },
      { column_name: "created_at", delivered_text: "2026-13-01", is_rejected: "true" },
      { column_name: "retail_price", delivered_text: "19,99", is_rejected: "false" },
      { column_name: "latitude", delivered_text: NORTH, is_rejected: "false" },
      { column_name: "latitude", delivered_text: NORTH, is_rejected: "false" },
      { column_name: "user_id", delivered_text: "null", is_rejected: "true" },
      { column_name: "latitude", delivered_text: NORTH, is_rejected: "false" },
    ])
    expect(await shop.rows("select order_id, status from silver.stg_thelook__orders order by 1")).toEqual([
      { order_id: "100", status: "Processing" },
      { order_id: "101", status: "Lost" },
    ])
  })

  test("every bronze row is accounted for", async () => {
    const rows = await shop.rows(
      `select data_set, concat_ws(' ', bronze_rows, rejected_rows, repeated_rows, replaced_rows, deleted_rows, current_rows, unexplained_rows) as n
      from quality.row_reconciliation order by 1`,
    )
    // bronze, rejected, repeated, replaced, deleted, current, unexplained
    expect(Object.fromEntries(rows.map((row) => [row["data_set"], row["n"]]))).toEqual({
      events: "7 0 0 0 0 7 0",
      invoices: "10 1 0 1 1 7 0",
      order_items: "7 2 0 0 0 5 0",
      orders: "3 1 0 0 0 2 0",
      products: "2 0 0 1 1 0 0",
      users: "6 1 1 2 1 1 0",
    })
  })

  test("customers: versions, deletions, placeholders, columns that no file delivered", async () => {
    const rows = await shop.rows(
      `select customer_id, customer_name, country, coalesce(city, '-') as city, is_deleted, is_placeholder, coalesce(age, -1) as age
      from gold.dim_customers where customer_key > 0 and is_current order by source_name desc, customer_id`,
    )
    const row = (
      id: string,
      name: string,
      country: string,
      city: string,
      deleted: boolean,
      placeholder: boolean,
    ) => ({
      customer_id: id,
      customer_name: name,
      country,
      city,
      is_deleted: String(deleted),
      is_placeholder: String(placeholder),
      age: "-1",
    })
    expect(rows).toEqual([
      row("1", "Ann Null", "Spain", "Málaga", false, false),
      row("2", "Bob Bee", "United Kingdom", "York", true, false),
      row("7", "Not yet arrived", "null", "-", false, true),
      row("8", "Not yet arrived", "null", "-", false, true),
      row("17850", "Customer 17850", "Ireland", "-", false, false),
    ])
    expect(await shop.rows("select user_id from silver.stg_thelook__users")).toEqual([{ user_id: "1" }])
  })

  test("products: a deleted one keeps its attributes, ones that are only named get placeholders", async () => {
    const rows = await shop.rows(
      `select product_id, product_name, cost::varchar as cost, product_kind, is_deleted, is_placeholder
      from gold.dim_products where product_key > 0 and is_current order by source_name desc, product_id`,
    )
    const row = (
      id: string,
      name: string,
      cost: string,
      kind: string,
      deleted: boolean,
      placeholder: boolean,
    ) => ({
      product_id: id,
      product_name: name,
      cost,
      product_kind: kind,
      is_deleted: String(deleted),
      is_placeholder: String(placeholder),
    })
    expect(rows).toEqual([
      row("10", "Hat, red", "10.000000", "product", true, false),
      row("11", "Not yet arrived", "null", "product", false, true),
      row("12", "Not yet arrived", "null", "product", false, true),
      row("85123A", "WHITE HEART", "null", "product", false, false),
      row("B", "WHITE HEART", "null", "bad_debt", false, false),
      row("POST", "WHITE HEART", "null", "postage", false, false),
    ])
  })

  test("what is tracked has a version for every state, and the first has held since ever", async () => {
    const rows = await shop.rows(
      `select customer_id, coalesce(city, '-') as city, is_deleted, valid_from::date::varchar as since, valid_to::date::varchar as till,
        customer_key = customer_durable_key as first
      from gold.dim_customers where source_name = 'thelook' and not is_placeholder order by customer_id, valid_from`,
    )
    const told = rows.map((row) => [row["customer_id"], row["city"], row["is_deleted"], row["first"]])
    expect(told).toEqual([
      ["1", "-", "false", "true"],
      ["1", "Málaga", "false", "false"],
      ["2", "York", "false", "true"],
      ["2", "York", "true", "false"],
    ])
    const [second] = (
      await shop.rows("select max(_as_of)::date::varchar as day from bronze.thelook__users")
    ).map((row) => row["day"])
    expect(rows.map((row) => [row["since"], row["till"]])).toEqual([
      ["1900-01-01", second],
      [second, "9999-12-31"],
      ["1900-01-01", second],
      [second, "9999-12-31"],
    ])
  })

  test("times of every spelling are read, money is rounded half away from zero", async () => {
    const rows = await shop.rows(
      `select line_id, sold_at::varchar as at, amount::varchar as amount, line_kind, net_amount::varchar as net
      from gold.fact_sales where source_name = 'thelook' order by line_id`,
    )
    expect(
      rows.map((row) => [row["line_id"], row["at"], row["amount"], row["line_kind"], row["net"]]),
    ).toEqual([
      ["1", "2026-11-01 10:00:00", "2.768040", "sale", "2.768040"],
      ["2", "2026-11-01 10:00:00", "-0.000001", "adjustment", "0.000000"],
      ["3", "2026-11-01 10:00:00.123456", "1.000000", "sale", "1.000000"],
      ["4", "2026-11-01 00:00:00", "1.000000", "sale", "0.000000"],
      ["5", "2026-11-01 10:00:00", "1.000000", "cancellation", "0.000000"],
    ])
  })

  test("orders: items make the one whose header did not come; a date outside the calendar is a bad value", async () => {
    const rows = await shop.rows(
      `select order_id, has_header, date_key, item_count, order_status, is_known, is_placeholder, shipped_date_key
      from gold.fact_orders join gold.dim_order_statuses using (order_status_key) join gold.dim_customers using (customer_key)
      where fact_orders.source_name = 'thelook' order by 1`,
    )
    const named = [
      "order_id",
      "has_header",
      "date_key",
      "item_count",
      "order_status",
      "is_known",
      "is_placeholder",
      "shipped_date_key",
    ]
    expect(rows.map((row) => named.map((name) => row[name]))).toEqual([
      ["100", "true", "20261101", "4", "Processing", "true", "false", "-2"],
      ["101", "true", "-4", "0", "Lost", "false", "true", "-2"],
      ["102", "false", "20261101", "1", "Complete", "true", "false", "-2"],
    ])
  })

  test("sessions and funnel: a purchase without a product view is no step; unknown members stand for what is missing", async () => {
    const sessions = await shop.rows(
      `select session_id, event_count, viewed_product, carted, purchased, category_count, coalesce(categories_viewed, '-') as categories, traffic_source, browser,
        customer_durable_key > 0 as known from gold.fact_sessions join gold.dim_traffic_sources using (traffic_source_key)
      join gold.dim_browsers using (browser_key) order by 1`,
    )
    expect(sessions.map((row) => Object.values(row))).toEqual([
      ["s1", "4", "true", "true", "true", "1", "Hats", "Email", "Chrome", "true"],
      ["s2", "1", "false", "false", "true", "0", "-", "Unknown", "Unknown", "false"],
      ["s3", "1", "false", "false", "false", "0", "-", "Email", "Chrome", "false"],
    ])
    expect(
      await shop.rows(
        "select value, sessions, viewed_product, carted, purchased, biggest_loss from gold.agg_funnel where dimension in ('overall', 'category') order by 1",
      ),
    ).toEqual([
      {
        value: "All sessions",
        sessions: "3",
        viewed_product: "1",
        carted: "1",
        purchased: "1",
        biggest_loss: "none",
      },
      {
        value: "Hats",
        sessions: "1",
        viewed_product: "1",
        carted: "1",
        purchased: "1",
        biggest_loss: "none",
      },
    ])
    expect(await shop.rows("select count(*) as n from gold.fact_events where session_key = -1")).toEqual([
      { n: "1" },
    ])
    expect(
      await shop.row(
        "select page_type, department, category, brand from gold.dim_pages where department is not null",
      ),
    ).toEqual({
      page_type: "department",
      department: "women",
      category: "hats",
      brand: "b%26b",
    })
  })

  test("keyless lines: equal ones are numbered, one that is gone takes the last away", async () => {
    const rows = await shop.rows(
      `select invoice_no, stock_code, description, line_kind, occurrence, is_duplicate, product_code from silver.stg_online_retail__invoices
      order by invoice_no, stock_code, description, occurrence`,
    )
    expect(rows.map((row) => Object.values(row))).toEqual([
      ["536365", "85123A", "PINK HEART", "sale", "1", "false", "85123A"],
      ["536365", "85123A", "WHITE HEART", "sale", "1", "false", "85123A"],
      ["536365", "85123A", "WHITE HEART", "sale", "2", "true", "85123A"],
      ["536365", "post", "WHITE HEART", "non_product", "1", "false", "POST"],
      ["536367", "85123a", "damaged", "adjustment", "1", "false", "85123A"],
      ["A536368", "B", "WHITE HEART", "adjustment", "1", "false", "B"],
      ["C536366", "85123A", "WHITE HEART", "cancellation", "1", "false", "85123A"],
    ])
  })

  test("each source keeps its currency; the days of both stand beside each other", async () => {
    const rows = await shop.rows(
      `select date_day::varchar as day, currency, delivered_lines, gross_sales::varchar as gross, returns::varchar as returns, net_sales::varchar as net,
        non_product_amount::varchar as other, adjustment_amount::varchar as adjusted from gold.agg_daily_sales order by day, currency`,
    )
    expect(rows.map((row) => Object.values(row))).toEqual([
      ["2010-12-01", "GBP", "6", "30.600000", "5.100000", "25.500000", "4.000000", "-9.500000"],
      ["2010-12-02", "GBP", "1", "15.300000", "0.000000", "15.300000", "0.000000", "0.000000"],
      ["2026-11-01", "USD", "5", "4.768040", "1.000000", "3.768040", "0.000000", "-0.000001"],
    ])
  })

  test("describes every model, seed, source and column that is there, and none that is not", async () => {
    const manifest = shop.artifact("manifest.json") as {
      nodes: Record<string, Documented>
      sources: Record<string, Documented>
    }
    const described = [...Object.values(manifest.nodes), ...Object.values(manifest.sources)].filter(
      (node) =>
        ["model", "seed", "source"].includes(node.resource_type) && node.package_name === "cartwright",
    )
    const bare = described.filter((node) => node.description.trim() === "").map((node) => node.name)
    const bareColumns = described.flatMap((node) =>
      Object.entries(node.columns)
        .filter(([, column]) => column.description.trim() === "")
        .map(([column]) => `${node.name}.${column}`),
    )
    expect([...bare, ...bareColumns]).toEqual([])
    const built = await shop.rows(
      `select schema_name || '.' || table_name as name, string_agg(column_name, ',' order by column_index) as columns
      from duckdb_columns() where database_name = 'warehouse' and schema_name in ('silver', 'gold', 'quality') group by 1`,
    )
    const documented = new Map(
      described.map((node) => [`${node.schema}.${node.name}`, Object.keys(node.columns).join(",")]),
    )
    expect(built.length).toBeGreaterThan(35)
    for (const { name, columns } of built) expect(documented.get(name ?? ""), name).toBe(columns)
  })
})
