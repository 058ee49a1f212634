import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Random } from "./random.ts"
import { csv, dayName, dayStart, evolve, type Files, type ShopKind } from "./shop.ts"

/**
 * A shop with a dbt project of its own that takes no time: every way to deliver (full by key and by line, incremental,
 * dated and not) and every materialization whose half would show (append, merge, delete+insert, table, view, seed), each
 * incremental one with a state that its post-hook writes.
 */
export const tinyShop: ShopKind = {
  name: "tiny",
  days: 4,
  dated: false,
  async make(home, random) {
    const files = {
      "cartwright.yaml": CONFIG.replace("THREADS", String(random.int(1, 2))),
      ...Object.fromEntries(Object.entries(PROJECT).map(([name, text]) => [join("dbt", name), text])),
    }
    for (const [name, text] of Object.entries(files)) {
      const path = join(home, "shop", name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
  },
  stories,
}

type Customer = [name: string, city: string]
type Order = [customer: number, amount: string, status: string]

function stories(random: Random): Files[] {
  const customers = new Map<number, Customer>()
  const orders = new Map<number, Order>()
  const lines: string[] = []
  const days: Files[] = []
  let files: Record<string, Files[string]> = {}
  const customer = (): Customer => [random.pick(NAMES), random.pick(CITIES)]
  const order = (): Order => [random.int(1, 20), `${random.int(1, 999)}.${random.int(10, 99)}`, "placed"]
  for (let day = 0; day < 4; day++) {
    const repeated = day > 0 && random.chance(0.15)
    if (!repeated) {
      const more = { most: 14, deletes: true }
      evolve(customers, random, customer, ([name]): Customer => [name, random.pick(CITIES)], more)
      evolve(orders, random, order, ([id, amount]): Order => [id, amount, random.pick(STATUSES)], more)
      for (let i = random.int(1, 8); i > 0; i--) lines.push(`${random.pick(NAMES)},${random.int(1, 3)}`)
    }
    files = { ...files }
    const modified = new Date(dayStart(day).getTime() + 6 * 3_600_000)
    // Now and then a day's customers come two days late.
    const late =
      day === 1 ? `customers/${dayName(-2)}/customers.csv` : `customers/${dayName(day)}/customers.csv`
    files[random.chance(0.5) ? late : `customers/${dayName(day)}/customers.csv`] = {
      content: csv(
        ["id", "name", "city"],
        [...customers].map(([id, rest]) => [id, ...rest]),
      ),
      modified,
    }
    if (!repeated) {
      files["orders.csv"] = {
        content: csv(
          ["order_id", "customer_id", "amount", "status"],
          [...orders].map(([id, rest]) => [id, ...rest]),
        ),
        modified,
      }
      // Equal lines are records of their own; the pound sign is one byte here; one line is broken.
      const broken = random.chance(0.5) ? "half a line\n" : ""
      files["lines.csv"] = {
        content: Buffer.from(
          `item,n,price\n${lines.map((line) => `${line},\u00a31\n${broken}`).join("")}`,
          "latin1",
        ),
        modified,
      }
    }
    for (let part = 0; part < random.int(1, 2); part++) {
      const rows = Array.from({ length: random.int(1, 12) }, (_, i) => [
        day * 100 + part * 40 + i,
        random.int(1, 20),
        random.pick(["home", "product", "cart"]),
      ])
      files[`events/${dayName(day)}/${part}.csv`] = {
        content: csv(["id", "customer_id", "page"], rows),
        modified,
      }
    }
    days.push(files)
  }
  return days
}

const NAMES = ["Ada", "Bo", "Cem", "Dora", "Emre", "Faye"]
const CITIES = ["Delft", "Ghent", "Izmir", "Oslo"]
const STATUSES = ["placed", "shipped", "returned"]

const CONFIG = `shop:
  name: Tiny
sources:
  till:
    files:
      path: ../files
      datasets:
        customers: {files: "customers/**", key: [id]}
        orders: {files: orders.csv, key: [order_id]}
        events: {files: "events/**", key: [id], kind: incremental}
        lines: {files: lines.csv}
transform:
  threads: THREADS
publish:
  keep: 3
run:
  delete_guard: {rows: 3, percent: 30}
`

const state = (model: string, from: string) => `post_hook=[
    "insert into meta.state select '${model}', coalesce(max(_seq), 0) from {{ source('till', '${from}') }}",
]`
const news = (model: string) => `{% if is_incremental() %}
  _seq > (select coalesce(max(load_to), 0) from meta.state where model = '${model}')
{% else %} true {% endif %}`

/** The newest version of each key that has news. */
const newest = (model: string, dataset: string, key: string, columns: string) => `
select ${key}, ${columns}, _op = 'D' as is_deleted, _seq
from {{ source('till', '${dataset}') }}
where ${key} in (select ${key} from {{ source('till', '${dataset}') }} where ${news(model)})
qualify row_number() over (partition by ${key} order by _extracted_at desc, _landing_id desc, _row_number desc, _seq desc) = 1
`

const PROJECT: Record<string, string> = {
  "dbt_project.yml": `name: tiny
version: "1.0.0"
config-version: 2
profile: cartwright
vars:
  # cartwright:begin: from cartwright.yaml
  # cartwright:end
on-run-start:
  - create schema if not exists meta
  - create table if not exists meta.state (model varchar, load_to bigint)
seeds:
  tiny:
    +schema: silver
`,
  "macros/generate_schema_name.sql": `{% macro generate_schema_name(custom, node) -%}
{{ var(custom ~ '_schema', custom) if custom else target.schema }}
{%- endmacro %}
`,
  "seeds/statuses.csv": "status,is_open\nplaced,true\nshipped,true\nreturned,false\n",
  "models/sources.yml": `version: 2
sources:
  - name: till
    schema: "{{ var('bronze_schema') }}"
    tables:
      - {name: customers, identifier: till__customers}
      - {name: orders, identifier: till__orders}
      - {name: events, identifier: till__events}
      - {name: lines, identifier: till__lines}
models:
  - name: fact_orders
    columns:
      - {name: order_id, data_tests: [unique, not_null]}
  - name: fact_events
    columns:
      - {name: id, data_tests: [unique]}
`,
  "models/log_events.sql": `{{ config(materialized='incremental', incremental_strategy='append', schema='silver', ${state("log_events", "events")}) }}
select id, customer_id::int as customer_id, page, _seq from {{ source('till', 'events') }} where ${news("log_events")}
`,
  "models/customers.sql": `{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', schema='silver', ${state("customers", "customers")}) }}
${newest("customers", "customers", "id", "name, city")}`,
  "models/orders.sql": `{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='order_id', schema='silver', ${state("orders", "orders")}) }}
${newest("orders", "orders", "order_id", "customer_id, amount::decimal(18, 2) as amount, status")}`,
  "models/items.sql": `{{ config(materialized='table', schema='silver') }}
select item, n::int as n, price, sum(case _op when 'D' then -1 else 1 end) as times
from {{ source('till', 'lines') }} group by all
`,
  "models/fact_events.sql": `{{ config(materialized='table', schema='star') }}
select e.id, e.page, c.city from {{ ref('log_events') }} e
left join {{ ref('customers') }} c on c.id = e.customer_id::varchar
`,
  "models/fact_orders.sql": `{{ config(materialized='table', schema='star') }}
select o.order_id, o.amount, o.is_deleted, s.is_open, c.name, c.city
from {{ ref('orders') }} o
left join {{ ref('statuses') }} s on s.status = o.status
left join {{ ref('customers') }} c on c.id = o.customer_id
`,
  "models/revenue.sql": `{{ config(materialized='view', schema='marts') }}
select city, sum(amount) as amount, count(*) as orders from {{ ref('fact_orders') }} group by city
`,
  "models/totals.sql": `{{ config(materialized='table', schema='marts') }}
select (select sum(amount) from {{ ref('revenue') }}) as amount, (select sum(n * times) from {{ ref('items') }}) as pieces,
  (select count(*) from {{ ref('fact_events') }}) as events
`,
  "models/broken_lines.sql": `{{ config(materialized='table', schema='quality') }}
select dataset, file, line, raw_text, reason from "{{ var('bronze_schema') }}".rejected_lines
`,
  "tests/events_are_counted_once.sql": `select 1 from {{ ref('log_events') }}
having count(*) <> (select count(*) from {{ source('till', 'events') }})
`,
}
