import type { Randomness } from "../random.ts"
import { customerIsKnown, customersAt } from "../shop/customers.ts"
import { EVENT, eventLine, eventsQuery, sharedTexts } from "../shop/events.ts"
import { itemsOf, ordersAt } from "../shop/orders.ts"
import type { Span } from "../shop/people.ts"
import { STOCK_COLUMNS, STOCK_PER_TEN, stockOf } from "../shop/stock.ts"
import { type Column, column, csvText, nullable } from "./columns.ts"

export const TABLE_NAMES = [
  "distribution_centers",
  "products",
  "users",
  "orders",
  "order_items",
  "inventory_items",
  "events",
] as const
export type TableName = (typeof TABLE_NAMES)[number]

/** A table as a query of its rows in the file's order, and its columns in the header's order. */
export interface TableShape {
  name: TableName
  columns: readonly Column[]
  /** SQL of (key, entity, file_row) in the file's order, cheap. The entity is what a row is worked out from: a visit, an order. */
  keys: string
  /** SQL of the rows, each with its `key`. @param only SQL of the entities wanted; absent: all */
  rows: (only?: string) => string
  /** Whether the rows come in the file's order by themselves, as they do without a join; else they are sorted by key. */
  ordered: boolean
  /** SQL of the number of keys, where there is a cheaper one than to count them. */
  size?: string
  /**
   * A faster way to the lines of a CSV file: rows, ordered or not as `rows` are, and SQL of the line over them.
   * Of the columns those that defects spoil in place are heeded.
   */
  fast?: { rows: (zone: string) => string; line: (columns: readonly Column[], zone: string) => string }
}

/** The moment a delivery shows, and whatever its rows depend on. */
export interface Moment {
  /** Epoch second; what is later is not known yet. */
  time: number
  span: Span
  random: Randomness
  /** Whether there are daily deliveries, between which headers come late and prices change. */
  daily: boolean
  /** How many products there are. */
  productCount: number
  /** Whether the *_geom columns are there. */
  geometry: boolean
  /** The customers (from 0) or orders (from 1) that a file holds, [from, upto); absent: all. */
  part?: { from: number; upto: number }
}

/** theLook's tables at a moment: column for column in its header's order. */
export function tableShape(name: TableName, moment: Moment): TableShape {
  const shape = SHAPES[name](moment)
  const columns = shape.columns.filter((c) => moment.geometry || !c.name.endsWith("_geom"))
  return { ...shape, name, columns }
}

/** SQL: rows in order with their number in the file. */
const inOrder = (key: string, entity: string, from: string) =>
  `select ${key} as key, ${entity} as entity, row_number() over () as file_row from ${from}`
/** SQL: whether an entity is in the file and among those wanted. */
const among = (entity: string, { part }: Moment, only?: string) =>
  [
    part === undefined ? "true" : `${entity} >= ${part.from} and ${entity} < ${part.upto}`,
    only === undefined ? "true" : `${entity} in (${only})`,
  ].join(" and ")

const SHAPES: Record<TableName, (moment: Moment) => Omit<TableShape, "name">> = {
  distribution_centers: () => ({
    keys: inOrder("id", "id", "centers"),
    rows: () => "select *, id as key from centers",
    ordered: true,
    columns: [
      column("id", "integer"),
      column("name", "quoted"),
      column("latitude", "coordinate"),
      column("longitude", "coordinate"),
      column("distribution_center_geom", "text", "'POINT(' || longitude || ' ' || latitude || ')'"),
    ],
  }),
  products: (moment) => ({
    keys: inOrder("product", "product", "products"),
    rows: (only) => `select products.*, product as key, prices.retail_price, prices.cost from products
      join prices on price_key = product * 8 + coalesce(price_changed_at < ${moment.time}, false)::integer * 4
      where ${among("product", moment, only)}`,
    ordered: false,
    columns: [
      column("id", "integer", "product"),
      column("cost", "money"),
      column("category", "text", "category_name"),
      nullable("name", "quoted"),
      nullable("brand", "quoted", "brand_name"),
      column("retail_price", "money"),
      column("department", "text"),
      column("sku", "text"),
      column("distribution_center_id", "integer", "center"),
    ],
  }),
  users: (moment) => ({
    keys: inOrder(
      "customer",
      "customer",
      `customers where ${customerIsKnown(moment.time)} and ${among("customer", moment)}`,
    ),
    rows: (only) =>
      `select *, customer as key from (${customersAt(moment.time, moment.span, moment.random, among("customer", moment, only))})`,
    ordered: false,
    columns: [
      column("id", "integer"),
      column("first_name", "text"),
      column("last_name", "text"),
      column("email", "text"),
      column("age", "integer"),
      column("gender", "text"),
      column("state", "text"),
      column("street_address", "text"),
      column("postal_code", "text"),
      column("city", "text"),
      column("country", "text"),
      column("latitude", "coordinate"),
      column("longitude", "coordinate"),
      column("traffic_source", "text"),
      column("created_at", "time", "created"),
      column("user_geom", "text"),
    ],
  }),
  orders: (moment) => ({
    keys: inOrder(
      "order_id",
      "order_id",
      `(${ordersAt(moment.time, moment.daily, among("order_id", moment))})`,
    ),
    rows: (only) =>
      `select *, order_id as key from (${ordersAt(moment.time, moment.daily, among("order_id", moment, only))})`,
    ordered: true,
    columns: [
      column("order_id", "integer"),
      column("user_id", "integer", "customer + 1"),
      column("status", "text"),
      column("gender", "text", "case gender when 0 then 'F' else 'M' end"),
      column("created_at", "time", "created"),
      nullable("returned_at", "time"),
      nullable("shipped_at", "time"),
      nullable("delivered_at", "time"),
      column("num_of_item", "integer", "items"),
    ],
  }),
  order_items: (moment) => ({
    keys: inOrder(
      "item",
      "order_id",
      `(select order_id, unnest(range(first_item, first_item + items)) as item from orders
        where created < ${moment.time} and ${among("order_id", moment)})`,
    ),
    rows: (only) =>
      `select *, item as key from (${itemsOf(ordersAt(moment.time, false, among("order_id", moment, only)), moment.random)})`,
    ordered: false,
    columns: [
      column("id", "integer", "item + 1"),
      column("order_id", "integer"),
      column("user_id", "integer", "customer + 1"),
      column("product_id", "integer", "product"),
      column("inventory_item_id", "integer", `item * ${STOCK_PER_TEN} // 10 + 1`),
      column("status", "text"),
      column("created_at", "time", "created"),
      nullable("shipped_at", "time"),
      nullable("delivered_at", "time"),
      nullable("returned_at", "time"),
      column("sale_price", "money"),
    ],
  }),
  inventory_items: inventory,
  events: (moment) => ({
    keys: `select event + n as key, visit as entity, event_row + n as file_row
      from (select visit, event, event_row, unnest(range(1, bit_count(mask) + 1)) as n from sent)`,
    rows: (only) => eventsQuery(moment.random, among("visit", moment, only)),
    size: "(select coalesce(sum(bit_count(mask)), 0)::bigint from sent)",
    fast: {
      rows: (zone) => eventsQuery(moment.random, "true", sharedTexts(zone)),
      line: ([id, user, , , created], zone) => eventLine(moment.random, zone, { id, user, created }),
    },
    ordered: true,
    columns: [
      column("id", "integer", EVENT.id),
      nullable("user_id", "integer", EVENT.user),
      column("sequence_number", "integer", "sequence"),
      column("session_id", "text"),
      column("created_at", "time", EVENT.created(moment.random)),
      column("ip_address", "text"),
      column("city", "text"),
      column("state", "text"),
      column("postal_code", "text"),
      column("browser", "text", "browser_name"),
      column("traffic_source", "text", "source_name"),
      column("uri", "text", EVENT.uri),
      column("event_type", "text", EVENT.type),
    ],
  }),
}

function inventory(moment: Moment): Omit<TableShape, "name"> {
  const { time, random, productCount } = moment
  const stock = (only?: string) =>
    stockOf(ordersAt(time, false, among("order_id", moment, only)), productCount, moment.span.start, random)
  const own = [
    column("id", "integer", "stock_item + 1"),
    column("product_id", "integer", "product"),
    column("created_at", "time", "stocked"),
    nullable("sold_at", "time"),
  ]
  return {
    keys: inOrder(
      "stock_item + 1",
      "order_id",
      `(select order_id, unnest(range(first_item * ${STOCK_PER_TEN} // 10, (first_item + items) * ${STOCK_PER_TEN} // 10)) as stock_item
        from orders where created < ${time} and ${among("order_id", moment)})`,
    ),
    rows: (only) => `select s.*, stock_item + 1 as key, products.* exclude (product), retail_price, cost
      from (${stock(only)}) s join products on products.product = s.product
        join prices on price_key = s.product * 8 + version * 4`,
    ordered: false,
    columns: [...own, ...STOCK_COLUMNS],
    fast: {
      rows: () => `select s.*, stock_item + 1 as key, stock_text from (${stock()}) s
        join stock_texts on stock_key = s.product * 2 + version`,
      line: (_, zone) => [...own.map((column) => csvText(column, zone)), "stock_text"].join(" || ',' || "),
    },
  }
}
