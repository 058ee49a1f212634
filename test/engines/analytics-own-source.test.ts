import { beforeAll, expect, test } from "vitest"
import { bronzeFromRecords } from "./lib/bronze-tables.ts"
import { type DbtShop, makeDbtShop } from "./lib/dbt-shop.ts"
import { dbtBin, describeWith } from "./lib/engines.ts"

/** The recipe of analytics/README.md: a source of the shop's own, where bronze and silver share a dataset. */
const SOURCES = `version: 2
sources:
  - name: fair
    schema: "{{ var('bronze_schema') }}"
    tables: [{name: orders, identifier: fair__orders}]
`
const LOG = `{{ cartwright.silver_log(source('fair', 'orders'), columns=[
    {'name': 'receipt', 'from': 'Receipt', 'type': 'id', 'bit': 0, 'required': true, 'key': true},
    {'name': 'buyer', 'from': 'Buyer', 'type': 'id'},
    {'name': 'paid', 'from': 'Paid', 'type': 'money', 'bit': 1, 'required': true},
    {'name': 'sold_at', 'from': 'Sold', 'type': 'timestamp', 'bit': 2, 'required': true},
]) }}
`
const STAGING = `with newest as (
    {{ cartwright.newest_versions(ref('log_fair__orders'), ref('superseded_fair__orders')) }}
)
select * from newest where _op <> 'D'
`
const SALES_LINES = `select
    'fair' as source_name, receipt as line_id, receipt as invoice_no, receipt as order_id, 'stall' as stock_code,
    'stall' as product_id, buyer as customer_id, 'France' as country, 'sale' as line_kind, 'Complete' as order_status,
    sold_at, cast(null as timestamp) as shipped_at, cast(null as timestamp) as delivered_at, cast(null as timestamp) as returned_at,
    1 as quantity, paid as unit_price, 'EUR' as currency, false as is_returned, false as is_duplicate
from {{ ref('stg_fair__orders') }}
`

describeWith({ dbt: dbtBin() }, "a source of the shop's own", ({ dbt }) => {
  let shop: DbtShop
  beforeAll(async () => {
    const staging = "models/staging"
    shop = makeDbtShop(
      dbt,
      { thelook: ["users"], fair: ["orders"] },
      {
        vars: {
          silver_schema: "bronze",
          star_schema: "dwh",
          marts_schema: "analytics",
          entity_models: { sales_lines: ["int_fair__sales_lines"] },
        },
        files: {
          [`${staging}/_fair__sources.yml`]: SOURCES,
          [`${staging}/log_fair__orders.sql`]: LOG,
          [`${staging}/superseded_fair__orders.sql`]:
            "{{ cartwright.superseded_rows(ref('log_fair__orders'), key='receipt') }}",
          [`${staging}/stg_fair__orders.sql`]: STAGING,
          [`${staging}/int_fair__sales_lines.sql`]: SALES_LINES,
        },
      },
    )
    await shop.write(async (session) => {
      await bronzeFromRecords(
        session,
        "thelook__users",
        ["id", "first_name"],
        [{ id: "u", at: "2026-11-20 06:00:00", records: [{ id: "1", first_name: "Ann" }] }],
      )
      const sale = { Receipt: "r1", Buyer: "b1", Paid: "10.005", Sold: "2026-11-01 10:00:00" }
      await bronzeFromRecords(
        session,
        "fair__orders",
        ["Receipt", "Buyer", "Paid", "Sold"],
        [
          { id: "f1", at: "2026-11-20 06:00:00", records: [sale, { ...sale, Receipt: "r2", Paid: "n/a" }] },
          { id: "f2", at: "2026-11-21 06:00:00", records: [{ ...sale, Paid: "12.5", _op: "U" }] },
        ],
      )
    })
    await shop.dbt("deps")
    await shop.dbt("build")
    return shop.remove
  })

  test("stands in the star and the marts beside the built-in ones", async () => {
    expect(
      await shop.rows(
        `select d.customer_name, d.is_placeholder, o.amount::varchar as amount, o.currency, o.has_header, s.segment
        from analytics.fct_orders o join dwh.dim_customers d using (customer_durable_key)
        join analytics.agg_customer_segments s using (customer_durable_key)`,
      ),
    ).toEqual([
      {
        customer_name: "Not yet arrived",
        is_placeholder: "true",
        amount: "12.500000",
        currency: "EUR",
        has_header: "false",
        segment: "Lost",
      },
    ])
    expect(
      await shop.rows("select customer_name from dwh.dim_customers where source_name = 'thelook'"),
    ).toEqual([{ customer_name: "Ann" }])
  })

  test("silver lies beside bronze, where both have the dataset's name", async () => {
    const tables = await shop.rows(
      "select string_agg(table_name, ' ' order by table_name) as names from information_schema.tables where table_schema = 'bronze' and table_name like '%users'",
    )
    expect(tables).toEqual([
      { names: "log_thelook__users stg_thelook__users superseded_thelook__users thelook__users" },
    ])
  })
})
