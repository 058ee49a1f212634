import { beforeAll, describe, expect, test } from "vitest"
import type { Row } from "../warehouse/warehouse.ts"
import { type Generated, generated, lines, number, reader } from "./generator.fixture.ts"

/** Typed by hand from the real extracts. */
const HEADERS: Record<string, string> = {
  distribution_centers: "id,name,latitude,longitude,distribution_center_geom",
  products: "id,cost,category,name,brand,retail_price,department,sku,distribution_center_id",
  users:
    "id,first_name,last_name,email,age,gender,state,street_address,postal_code,city,country,latitude,longitude,traffic_source,created_at,user_geom",
  orders: "order_id,user_id,status,gender,created_at,returned_at,shipped_at,delivered_at,num_of_item",
  order_items:
    "id,order_id,user_id,product_id,inventory_item_id,status,created_at,shipped_at,delivered_at,returned_at,sale_price",
  inventory_items:
    "id,product_id,created_at,sold_at,cost,product_category,product_name,product_brand,product_retail_price,product_department,product_sku,product_distribution_center_id",
  events:
    "id,user_id,sequence_number,session_id,created_at,ip_address,city,state,postal_code,browser,traffic_source,uri,event_type",
}

let shop: Generated
let query: (sql: string) => Promise<Row[]>
const count = (sql: string) => number(query, `select count(*) from (${sql})`)

beforeAll(async () => {
  shop = await generated({ scale: 0.03, seed: 21 })
  query = await reader(shop)
})

describe("the files look like theLook's", () => {
  test("headers, in both styles", async () => {
    const kaggle = await generated({ style: "kaggle", scale: 0.001 })
    for (const [of, geometry] of [
      [shop, true],
      [kaggle, false],
    ] as const) {
      expect(of.tables.map((table) => table.name).sort()).toEqual(Object.keys(HEADERS).sort())
      for (const { name, files } of of.tables) {
        const header = HEADERS[name] ?? ""
        expect(lines(files[0] ?? "")[0]).toBe(geometry ? header : header.replace(/,\w+_geom$/, ""))
      }
    }
    const times = await reader(kaggle)
    expect(
      await number(
        times,
        String.raw`select count(*) from events where created_at !~ '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$'`,
      ),
    ).toBe(0)
  })

  test("rows are what the outcome says, and its proportions are theLook's", async () => {
    const rows = Object.fromEntries(shop.tables.map((table) => [table.name, table.rows]))
    for (const [name, n] of Object.entries(rows)) expect(await count(`select * from ${name}`)).toBe(n)
    expect(rows["distribution_centers"]).toBe(10)
    expect(rows["users"]).toBe(3000)
    const about = (name: string, perScale: number) =>
      expect(Math.abs((rows[name] ?? 0) / (perScale * 0.03) - 1)).toBeLessThan(0.08)
    about("orders", 125_000)
    about("order_items", 178_000)
    about("inventory_items", 480_000)
    about("events", 2_400_000)
  })

  test.each([
    ["times", "events", String.raw`created_at ~ '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.000000 UTC$'`, 1],
    ["money with all its digits", "products", String.raw`cost ~ '^\d+\.\d{10,}$'`, 0.9],
    ["whole prices with a zero", "products", String.raw`retail_price ~ '^\d+\.0$'`, 0.05],
    ["points", "users", "user_geom = 'POINT(' || longitude || ' ' || latitude || ')'", 1],
    ["the city called null", "users", "city = 'null'", 0.001],
    ["Brasil", "users", "country = 'Brasil'", 0.08],
    ["names beyond ASCII", "users", "first_name || last_name !~ '^[ -~]*$'", 0.05],
    ["names with commas", "products", "contains(name, ',')", 0.001],
    ["names with quotes", "products", `contains(name, '"')`, 0.001],
    ["products without a name", "products", "name is null", 0.0001],
    ["products without a brand", "products", "brand is null", 0.0001],
    ["visitors who are not signed in", "events", "user_id is null", 0.3],
    ["e-mail addresses", "users", String.raw`email ~ '^[a-z]+\d*@example\.(com|org|net)$'`, 1],
    ["session ids", "events", "session_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'", 1],
    ["ages", "users", "age::int between 10 and 75", 1],
  ])("%s", async (_, table, condition, least) => {
    const share = (await count(`select * from ${table} where ${condition}`)) / (await count(`from ${table}`))
    expect(share).toBeGreaterThanOrEqual(least)
  })

  test("sources and types are theLook's", async () => {
    const values = async (column: string, table: string) =>
      (await query(`select distinct ${column} as v from ${table} order by 1`)).map((row) => row["v"])
    expect(await values("traffic_source", "users")).toEqual([
      "Display",
      "Email",
      "Facebook",
      "Organic",
      "Search",
    ])
    expect(await values("traffic_source", "events")).toEqual([
      "Adwords",
      "Email",
      "Facebook",
      "Organic",
      "YouTube",
    ])
    expect(await values("event_type", "events")).toEqual([
      "cancel",
      "cart",
      "department",
      "home",
      "product",
      "purchase",
    ])
    expect(await values("status", "orders")).toEqual([
      "Cancelled",
      "Complete",
      "Processing",
      "Returned",
      "Shipped",
    ])
    expect(await values("browser", "events")).toEqual(["Chrome", "Firefox", "IE", "Other", "Safari"])
  })
})

describe("the tables agree", () => {
  test.each([
    ["orders have users", "orders anti join users on users.id = orders.user_id"],
    ["items have orders", "order_items anti join orders using (order_id)"],
    ["items have products", "order_items anti join products on products.id = product_id"],
    [
      "items have pieces of stock",
      "order_items anti join inventory_items on inventory_items.id = inventory_item_id",
    ],
    [
      "events have users",
      "(from events where user_id is not null) e anti join users on users.id = e.user_id",
    ],
    ["pieces of stock have products", "inventory_items i anti join products p on p.id = i.product_id"],
    [
      "products have centers",
      "products p anti join distribution_centers d on d.id = p.distribution_center_id",
    ],
    [
      "viewed products exist",
      "(from events where event_type = 'product') e anti join products p on '/product/' || p.id = e.uri",
    ],
    ...["products", "users", "order_items", "inventory_items", "events"].map((table) => [
      `${table} have one row per key`,
      `(select id from ${table} group by id having count(*) > 1)`,
    ]),
    ["orders have one row per key", "(select order_id from orders group by order_id having count(*) > 1)"],
    [
      "an order and its items say the same",
      `orders o join order_items i using (order_id) where (o.user_id, o.status, o.created_at) <> (i.user_id, i.status, i.created_at)
        or o.shipped_at is distinct from i.shipped_at or o.delivered_at is distinct from i.delivered_at
        or o.returned_at is distinct from i.returned_at`,
    ],
    [
      "num_of_item counts the items",
      `orders o left join (select order_id, count(*) as n from order_items group by order_id) i using (order_id)
        where num_of_item::int is distinct from n`,
    ],
    [
      "orders repeat the buyer's gender",
      "orders o join users u on u.id = o.user_id where o.gender <> u.gender",
    ],
    [
      "nobody buys before registering",
      "orders o join users u on u.id = o.user_id where o.created_at < u.created_at",
    ],
    [
      "nobody is seen before registering",
      "events e join users u on u.id = e.user_id where e.created_at < u.created_at",
    ],
    [
      "a status agrees with its times",
      `orders where status <> case when returned_at is not null then 'Returned' when delivered_at is not null then 'Complete'
        when shipped_at is not null then 'Shipped' when status = 'Cancelled' then 'Cancelled' else 'Processing' end`,
    ],
    [
      "orders go forward in time",
      "orders where shipped_at < created_at or delivered_at < shipped_at or returned_at < delivered_at",
    ],
    [
      "a sale takes 0, 10, 20 or 30 per cent off",
      `order_items i join products p on p.id = i.product_id
        where (100 * sale_price::double / retail_price::double) not between 69.8 and 70.2
          and (100 * sale_price::double / retail_price::double) not between 79.8 and 80.2
          and (100 * sale_price::double / retail_price::double) not between 89.8 and 90.2
          and sale_price <> retail_price`,
    ],
    [
      "a sold piece of stock is of the item's product, sold at its time",
      `order_items i join inventory_items s on s.id = i.inventory_item_id
        where s.product_id <> i.product_id or s.sold_at is distinct from i.created_at`,
    ],
    [
      "only sold pieces have a time of sale",
      "inventory_items s anti join order_items i on s.id = i.inventory_item_id where s.sold_at is not null",
    ],
    [
      "stock repeats its product",
      `inventory_items s join products p on p.id = s.product_id where (s.product_category, s.product_department, s.cost,
        s.product_retail_price, s.product_sku, s.product_distribution_center_id) <> (p.category, p.department, p.cost, p.retail_price,
        p.sku, p.distribution_center_id) or s.product_name is distinct from p.name or s.product_brand is distinct from p.brand`,
    ],
    ["products cost less than they bring", "products where cost::double >= retail_price::double"],
  ])("%s", async (_, offenders) => {
    expect(await count(`select 1 from ${offenders}`)).toBe(0)
  })
})

describe("visits", () => {
  beforeAll(async () => {
    await query(`create table steps as select *, sequence_number::int as n, created_at::timestamptz as at,
      lag(event_type) over visit as before, lag(uri) over visit as page_before, lag(created_at) over visit as time_before,
      count(*) over (partition by session_id) as length,
      first_value(user_id) over visit as visitor, first_value(traffic_source) over visit as source
      from events window visit as (partition by session_id order by sequence_number::int)`)
  })

  test.each([
    [
      "begin at home, a department or a product",
      "n = 1 and event_type not in ('home', 'department', 'product')",
    ],
    [
      "count their steps from 1",
      "n <> (select count(*) from events e where e.session_id = steps.session_id and e.sequence_number::int <= n)",
    ],
    ["go forward in time", "created_at < time_before"],
    ["belong to one visitor and source", "user_id is distinct from visitor or traffic_source <> source"],
    ["go on from home to a department", "before = 'home' and event_type <> 'department'"],
    ["go on from a department to a product", "before = 'department' and event_type <> 'product'"],
    ["put the viewed product into the cart", "event_type = 'cart' and before <> 'product'"],
    ["end with a purchase or a cancellation", "event_type in ('purchase', 'cancel') and n <> length"],
    ["are signed in when they buy", "event_type = 'purchase' and user_id is null"],
    ["stay within a day", "created_at[:10] <> time_before[:10]"],
    [
      "buy and cancel only what is in a cart",
      `event_type in ('purchase', 'cancel')
        and not exists (from events e where e.session_id = steps.session_id and e.event_type = 'cart')`,
    ],
  ])("%s", async (_, offence) => {
    expect(await count(`select 1 from steps where ${offence}`)).toBe(0)
  })

  test("a department's page is that of the product viewed next", async () => {
    expect(
      await count(`select 1 from steps join products p on '/product/' || p.id = uri where before = 'department' and page_before <>
        lower('/department/' || department || '/category/' || replace(category, ' ', '') || '/brand/' || replace(coalesce(brand, ''), ' ', ''))`),
    ).toBe(0)
  })

  test("every purchase is an order of the same user at the same time, with the products of the cart, and the other way round", async () => {
    const bought = `select user_id, created_at, (select string_agg(page_before, ' ' order by n) from steps c
        where c.session_id = steps.session_id and c.event_type = 'cart') as products from steps where event_type = 'purchase'`
    const ordered = `select o.user_id, o.created_at, string_agg('/product/' || product_id, ' ' order by i.id::int) as products
      from orders o join order_items i using (order_id) group by o.order_id, o.user_id, o.created_at`
    expect(await count(`(${bought}) except all (${ordered})`)).toBe(0)
    expect(await count(`(${ordered}) except all (${bought})`)).toBe(0)
  })

  test("events, orders and items are in order of their numbers and of time", async () => {
    const out = (table: string, key: string) =>
      count(`select 1 from (select ${key}::int as k, row_number() over () as r from ${table}) where k <> r`)
    expect(await out("events", "id")).toBe(0)
    expect(await out("orders", "order_id")).toBe(0)
    expect(await out("order_items", "id")).toBe(0)
    expect(
      await count(
        "select 1 from (select min(created_at) as b, lag(min(created_at)) over (order by min(id::int)) as p from events group by session_id) where b < p",
      ),
    ).toBe(0)
  })
})
