import { beforeAll, expect, test } from "vitest"
import { bronzeFromFile } from "./lib/bronze-tables.ts"
import { type DbtShop, makeDbtShop } from "./lib/dbt-shop.ts"
import { dbtBin, describeWith, pythonBin, sharedData } from "./lib/engines.ts"
import { cents, type OnlineRetailFacts, onlineRetailFacts } from "./lib/raw-facts.ts"

/**
 * The dbt package, built by real dbt over the real files, against what Python's csv and decimal say of the same files.
 * dbt's own tests run with the build, so keys, foreign keys and sums within the star hold already.
 */

describeWith(
  { dbt: dbtBin(), python: pythonBin(), file: sharedData("online_retail", "data.csv.gz") },
  "Online Retail, the whole file",
  ({ dbt, python, file }) => {
    let shop: DbtShop
    let facts: OnlineRetailFacts
    beforeAll(async () => {
      shop = makeDbtShop(dbt, { online_retail: ["invoices"] })
      await shop.write((session) =>
        bronzeFromFile(session, "online_retail__invoices", file, shop.folder, "latin1"),
      )
      await shop.dbt("deps")
      await shop.dbt("build")
      facts = onlineRetailFacts(python, file)
      return shop.remove
    })

    test("has every line, whose amounts sum to the file's", async () => {
      const sales =
        await shop.row(`select count(*) as lines, sum(quantity * unit_price) as amount, sum(amount) as amounts, sum(gross_amount) as gross,
          sum(return_amount) as returns, sum(net_amount) as net, count(case when is_duplicate then 1 end) as duplicates,
          count(distinct sale_key) as keys
        from gold.fact_sales`)
      expect(sales["lines"]).toBe(String(facts.lines))
      expect(sales["lines"]).toBe("541909")
      expect(sales["keys"]).toBe("541909")
      expect(Number(sales["amount"])).toBe(Number(facts.amount))
      expect(Number(sales["amounts"])).toBe(Number(facts.amount))
      expect(Number(sales["gross"])).toBe(Number(facts.gross))
      expect(Number(sales["returns"])).toBe(Number(facts.returns))
      expect(cents(sales["net"])).toBe(cents(facts.gross) - cents(facts.returns))
      expect(sales["duplicates"]).toBe(String(facts.duplicates))
    })

    test("tells sales, cancellations, adjustments and non-products apart as the raw lines do", async () => {
      const kinds = await shop.rows(
        "select line_kind, count(*)::varchar as lines, sum(amount)::varchar as amount from gold.fact_sales group by line_kind",
      )
      const found = Object.fromEntries(
        kinds.map((row) => [row["line_kind"], [Number(row["lines"]), Number(row["amount"])]]),
      )
      const expected = Object.entries(facts.kinds).map(([kind, [lines, amount]]) => [
        kind,
        [lines, Number(amount)],
      ])
      expect(found).toEqual(Object.fromEntries(expected))
    })

    test("has the customers, products and orders that the file names, under computed keys", async () => {
      const counted =
        await shop.row(`select (select count(*) from gold.dim_customers where customer_key > 0) as customers,
          (select count(*) from gold.dim_products where product_key > 0) as products,
          (select count(*) from gold.fact_orders) as orders,
          (select count(*) from gold.dim_customers where is_placeholder) as placeholders,
          (select customer_durable_key from gold.dim_customers where customer_id = '17850') as key_of_17850`)
      expect(counted).toEqual({
        customers: String(facts.customers),
        products: String(facts.products),
        orders: String(facts.orders),
        placeholders: "0",
        key_of_17850: facts.key_of_17850,
      })
    })

    test("names each product as most of its priced lines do", async () => {
      const rows = await shop.rows(
        "select product_id, product_name from gold.dim_products where product_key > 0",
      )
      const names = new Map(rows.map((row) => [row["product_id"], row["product_name"]]))
      const wrong = Object.entries(facts.names).filter(([code, name]) => names.get(code) !== name)
      expect(Object.keys(facts.names).length).toBeGreaterThan(3_500)
      expect(wrong).toEqual([])
    })

    test("sums each day to the file's sum of that day", async () => {
      const rows = await shop.rows(
        "select date_day::varchar as day, delivered_amount::varchar as amount from gold.agg_daily_sales",
      )
      const days = Object.fromEntries(rows.map((row) => [row["day"], Number(row["amount"])]))
      expect(days).toEqual(
        Object.fromEntries(Object.entries(facts.daily).map(([day, amount]) => [day, Number(amount)])),
      )
    })

    test("puts every buyer into the segment that recency, frequency and money give", async () => {
      const rows = await shop.rows(
        `select customer_id, recency_days, frequency, monetary::varchar as monetary, recency_score, frequency_score,
          monetary_score, segment from gold.agg_customer_segments`,
      )
      expect(rows.length).toBe(facts.buyers)
      const found = rows.map((row) => [
        row["customer_id"],
        ...[
          "recency_days",
          "frequency",
          "monetary",
          "recency_score",
          "frequency_score",
          "monetary_score",
        ].map((name) => Number(row[name])),
        row["segment"],
      ])
      const expected = Object.entries(facts.rfm).map(([customer, [days, times, money, ...rest]]) => [
        customer,
        days,
        times,
        Number(money),
        ...rest,
      ])
      const byCustomer = (a: unknown[], b: unknown[]) => String(a[0]).localeCompare(String(b[0]))
      expect(found.toSorted(byCustomer)).toEqual(expected.toSorted(byCustomer))
    })

    test("lists the ten products of each month that sold most", async () => {
      const rows = await shop.rows(
        "select month_start::varchar as month, product_id, net_sales::varchar as net from gold.top_n_products_monthly",
      )
      const found: Record<string, Record<string, number>> = {}
      for (const row of rows) (found[row["month"] ?? ""] ??= {})[row["product_id"] ?? ""] = Number(row["net"])
      const expected = Object.entries(facts.top).map(([month, products]) => [
        month,
        Object.fromEntries(Object.entries(products).map(([code, net]) => [code, Number(net)])),
      ])
      expect(found).toEqual(Object.fromEntries(expected))
    })

    test("screens find what Python finds", async () => {
      const events = await shop.rows(
        "select screen_name, record_count, open_count from quality.error_events order by screen_name",
      )
      expect(
        Object.fromEntries(events.map((row) => [row["screen_name"], Number(row["record_count"])])),
      ).toEqual(facts.failing)
      expect(events.filter((row) => row["record_count"] !== row["open_count"])).toEqual([])
    })

    test("lost nothing and has no failed cast", async () => {
      const left =
        await shop.row(`select (select count(*) from quality.error_event_details where screen_name like '%_readable') as failed,
          (select count(*) from quality.duplicate_rows) as duplicates,
          (select sum(unexplained_rows) from quality.row_reconciliation) as unexplained`)
      expect(left).toEqual({ failed: "0", duplicates: String(facts.duplicates), unexplained: "0" })
    })
  },
)
