import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { bronzeFromFile } from "./lib/bronze-tables.ts"
import { type DbtShop, makeDbtShop } from "./lib/dbt-shop.ts"
import { dbtBin, describeWith, pythonBin, sharedData } from "./lib/engines.ts"
import { cents, type TheLookFacts, theLookFacts } from "./lib/raw-facts.ts"

/**
 * The dbt package, built by real dbt over the real files, against what Python's csv and decimal say of the same files.
 * dbt's own tests run with the build, so keys, foreign keys and sums within the star hold already.
 */

const DUMPS: Record<string, string[]> = {
  subset_orders_2025: ["users", "products", "orders", "order_items"],
  first_rows_2025: ["users", "products", "order_items", "events"],
}

describe.each(Object.entries(DUMPS))("theLook's %s", (dump, dataSets) => {
  describeWith(
    { dbt: dbtBin(), python: pythonBin(), folder: sharedData("thelook", dump) },
    "against its files",
    ({ dbt, python, folder }) => {
      let shop: DbtShop
      let facts: TheLookFacts
      beforeAll(async () => {
        shop = makeDbtShop(dbt, { thelook: dataSets })
        await shop.write(async (session) => {
          for (const dataSet of dataSets) {
            await bronzeFromFile(
              session,
              `thelook__${dataSet}`,
              join(folder, `${dataSet}.csv.gz`),
              shop.folder,
            )
          }
        })
        await shop.dbt("deps")
        await shop.dbt("build")
        facts = theLookFacts(python, folder)
        return shop.remove
      })

      test("keeps one row per key and counts the exact duplicates", async () => {
        const rows = await shop.rows(
          "select data_set, bronze_rows as delivered, repeated_rows as repeated, current_rows as kept from quality.row_reconciliation",
        )
        const found = Object.fromEntries(
          rows.map((row) => [
            row["data_set"],
            [Number(row["delivered"]), Number(row["kept"]), Number(row["repeated"])],
          ]),
        )
        const expected = dataSets.map((name) => {
          const [delivered, keys] = [facts.rows[name] ?? 0, facts.keys[name] ?? 0]
          return [name, [delivered, keys, delivered - keys]]
        })
        expect(found).toEqual(Object.fromEntries(expected))
      })

      test("agrees with the files on money, to the cent", async () => {
        const sales =
          await shop.row(`select count(*) as lines, sum(amount) as amount, sum(gross_amount) as gross, sum(return_amount) as returns
          from gold.fact_sales`)
        expect(sales["lines"]).toBe(String(facts.keys["order_items"]))
        expect(cents(sales["amount"])).toBe(cents(facts.amount))
        expect(cents(sales["gross"])).toBe(cents(facts.amount) - cents(facts.cancelled))
        expect(cents(sales["returns"])).toBe(cents(facts.returned))
        const items = await shop.row(
          "select count(*) as items, sum(amount) as amount from gold.fact_order_items",
        )
        expect(items).toEqual({ items: sales["lines"], amount: sales["amount"] })
      })

      test("has an order for every header and every item, and a placeholder for whatever is only named", async () => {
        const found = await shop.row(`select (select count(*) from gold.fact_orders) as orders,
            (select count(*) from gold.fact_orders where item_count = 0) as without_items,
            (select count(*) from gold.fact_orders where item_count <> declared_item_count) as other_item_count,
            (select count(*) from gold.dim_customers where is_placeholder) as customers,
            (select count(*) from gold.dim_products where is_placeholder) as products,
            (select count(*) from gold.fact_order_items where has_time_conflict) as conflicts,
            (select count(*) from gold.fact_sessions) as sessions`)
        expect(found).toEqual({
          orders: String(facts.orders),
          without_items: String(facts.orders_without_items),
          other_item_count: String(facts.orders_with_other_item_count),
          customers: String(facts.users_not_delivered),
          products: String(facts.products_not_delivered),
          conflicts: String(facts.items_shipped_before_ordered),
          sessions: String(facts.sessions),
        })
      })

      test("takes the word null for no city and Brasil for Brazil", async () => {
        const found =
          await shop.row(`select count(case when city is null then 1 end) as no_city, count(case when city = 'null' then 1 end) as null_city,
            count(case when country = 'Brazil' then 1 end) as brazil, count(case when country = 'Brasil' then 1 end) as brasil
          from gold.dim_customers where customer_key > 0 and not is_placeholder`)
        expect(found).toEqual({
          no_city: String(facts.cities_null),
          null_city: "0",
          brazil: String(facts.brazilians),
          brasil: "0",
        })
      })

      test("screens find what Python finds", async () => {
        const open = async (dataset: string, screen: string) => {
          const found = await shop.row(
            `select coalesce(sum(open_count), 0) as n from quality.error_events where data_set = '${dataset}' and screen_name = '${screen}'`,
          )
          return Number(found["n"])
        }
        expect(await open("order_items", "shipped_after_created")).toBe(facts.items_shipped_before_ordered)
        if (dataSets.includes("orders"))
          expect(await open("orders", "item_count_agrees")).toBe(facts.orders_with_other_item_count)
      })

      test("lost nothing", async () => {
        const left =
          await shop.row(`select (select count(*) from quality.error_event_details where screen_name like '%_readable') as failed,
            (select sum(unexplained_rows) from quality.row_reconciliation) as unexplained`)
        expect(left).toEqual({ failed: "0", unexplained: "0" })
      })
    },
  )
})

describeWith(
  { dbt: dbtBin(), folder: sharedData("thelook", "full_tables") },
  "theLook's full_tables: Parquet with nanoseconds, orders and products alone",
  ({ dbt, folder }) => {
    let shop: DbtShop
    beforeAll(async () => {
      shop = makeDbtShop(dbt, { thelook: ["orders", "products"] })
      await shop.write(async (session) => {
        for (const dataSet of ["orders", "products"]) {
          await bronzeFromFile(
            session,
            `thelook__${dataSet}`,
            join(folder, `${dataSet}.parquet`),
            shop.folder,
          )
        }
      })
      await shop.dbt("deps")
      await shop.dbt("build")
      return shop.remove
    })

    test("has all orders by status and time, customers as placeholders, and no sale", async () => {
      const raw = `read_parquet('${join(folder, "orders.parquet")}')`
      const expected = await shop.rows(
        `select status, count(*) as orders, sum(num_of_item) as items, min(created_at)::timestamp::varchar as first,
          max(created_at)::timestamp::varchar as last, count(shipped_at) as shipped, count(returned_at) as returned
        from ${raw} group by status order by status`,
      )
      const found = await shop.rows(
        `select order_status as status, count(*) as orders, sum(declared_item_count) as items, min(ordered_at)::varchar as first,
          max(ordered_at)::varchar as last, count(hours_to_ship) as shipped,
          count(case when o.returned_date_key > 0 then 1 end) as returned
        from gold.fact_orders o join gold.dim_order_statuses s using (order_status_key) group by order_status order by order_status`,
      )
      expect(found).toEqual(expected)
      const counted =
        await shop.row(`select (select count(*) from gold.fact_orders) as orders, (select count(distinct user_id) from ${raw}) as users,
          (select count(*) from gold.dim_customers where is_placeholder) as placeholders,
          (select count(*) from gold.dim_products where product_key > 0) as products,
          (select count(*) from gold.fact_sales) + (select count(*) from gold.fact_events) as others`)
      expect(counted).toMatchObject({ orders: "125957", products: "29120", others: "0" })
      expect(counted["placeholders"]).toBe(counted["users"])
    })
  },
)
