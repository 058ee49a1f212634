import { beforeAll, expect, test } from "vitest"
import { bronzeFromRecords, type HandMadeRecord } from "./lib/bronze-tables.ts"
import { type DbtShop, makeDbtShop } from "./lib/dbt-shop.ts"
import { dbtBin, describeWith } from "./lib/engines.ts"

/** Kinds of screens that generated dirt does not trip, by real dbt over rows written by hand. */
describeWith({ dbt: dbtBin() }, "kinds of screens", ({ dbt }) => {
  let shop: DbtShop
  const product = (id: string, more: HandMadeRecord): HandMadeRecord => ({
    id,
    name: "Hat",
    brand: "Acme",
    category: "Jeans",
    department: "Men",
    sku: "0123456789",
    cost: "10",
    retail_price: "20",
    ...more,
  })
  const item = (id: string, product_id: string, sale_price: string): HandMadeRecord => ({
    id,
    product_id,
    order_id: "1",
    user_id: "1",
    status: "Processing",
    created_at: "2026-10-01 10:00:00 UTC",
    sale_price,
  })
  beforeAll(async () => {
    shop = makeDbtShop(
      dbt,
      { thelook: ["products", "order_items"] },
      {
        vars: {
          screens: {
            "thelook.products.sku_form": { max: 12 },
            "thelook.products.department_known": { action: "reject" },
          },
        },
      },
    )
    await shop.write(async (session) => {
      await bronzeFromRecords(session, "thelook__products", Object.keys(product("0", {})), [
        {
          id: "p",
          at: "2026-11-01 06:00:00",
          records: [
            product("1", {}),
            product("2", { category: "Dresses" }),
            product("3", { category: "Dresses", department: "Women" }),
            product("4", { sku: "short" }),
            product("5", { sku: "0123456789012" }),
            product("6", { department: "Pets" }),
            product("7", { cost: "21" }),
          ],
        },
      ])
      const days = ["01", "02", "03", "04", "14"]
      await bronzeFromRecords(
        session,
        "thelook__order_items",
        Object.keys(item("0", "1", "1")),
        days.map((day, n) => ({
          id: `day-${day}`,
          at: `2026-11-${day} 06:00:00`,
          records:
            n === 4
              ? [item("90", "1", "51")]
              : Array.from({ length: 10 }, (_, i) => item(`${n}${i}`, "1", "20")),
        })),
      )
    })
    await shop.dbt("deps")
    await shop.dbt("build")
    return shop.remove
  })

  test("hierarchy, length, an order of amounts; a shop's own bounds and actions", async () => {
    expect(
      await shop.rows(
        `select distinct screen_name, record_key, action, is_rejected from quality.error_event_details
         where data_set = 'products' order by screen_name, record_key`,
      ),
    ).toEqual([
      { screen_name: "category_of_department", record_key: "2", action: "flag", is_rejected: "false" },
      { screen_name: "cost_below_price", record_key: "7", action: "flag", is_rejected: "false" },
      { screen_name: "department_known", record_key: "6", action: "reject", is_rejected: "true" },
      { screen_name: "sku_form", record_key: "4", action: "flag", is_rejected: "false" },
      { screen_name: "sku_form", record_key: "5", action: "flag", is_rejected: "false" },
    ])
    expect(
      await shop.rows("select product_id from silver.stg_thelook__products where product_id = '6'"),
    ).toEqual([])
  })

  test("a share of another's value; a delivery that is small, and late", async () => {
    expect(
      await shop.rows(
        `select screen_name, landing_id, offending_value, is_open from quality.error_event_details
         where data_set = 'order_items' and screen_name <> 'shipped_after_created' order by screen_name, column_name`,
      ),
    ).toEqual([
      {
        screen_name: "arrived_in_time",
        landing_id: "thelook__order_items day-14",
        offending_value: "240",
        is_open: "true",
      },
      {
        screen_name: "price_near_list_price",
        landing_id: "thelook__order_items day-14",
        offending_value: "51",
        is_open: "true",
      },
      {
        screen_name: "volume_as_usual",
        landing_id: "thelook__order_items day-14",
        offending_value: "1",
        is_open: "true",
      },
    ])
  })

  test("audits count rows once, and score", async () => {
    expect(
      await shop.row(
        "select rows_read, rejected_rows, flagged_rows, quality_score from quality.audits where data_set = 'products'",
      ),
    ).toEqual({ rows_read: "7", rejected_rows: "1", flagged_rows: "4", quality_score: "0.2857" })
  })
})
