import type { LandedDelivery } from "../landings.ts"
import type { TextRecord } from "../records.ts"
import { CUSTOMERS, dimensionRows, type ExpectedRow, membersOf, namedIn, PRODUCTS } from "./dimensions.ts"
import { eventRows, invoiceRows, orderRows, salesRows, sessionRows } from "./facts.ts"
import { type Change, changesOf, current, currentLines } from "./history.ts"

/** Rows that a query over the warehouse must give; times are microseconds since 1970, everything is text. */
export interface Expectation {
  /** For messages. */
  name: string
  from: string
  rows: ExpectedRow[]
}

/** Columns that are times; the warehouse gives them in microseconds. */
const TIMES = new Set([
  "valid_from",
  "valid_to",
  "registered_at",
  "sold_at",
  "ordered_at",
  "occurred_at",
  "started_at",
  "ended_at",
])

/** The query that gives an expectation's columns as text. */
export function queryOf({ from, rows }: Expectation): string {
  const columns = Object.keys(rows[0] ?? { nothing: null })
  const texts = columns.map((column) =>
    rows.length === 0
      ? "'something' as nothing"
      : `${TIMES.has(column) ? `epoch_us(${column})` : column}::varchar as ${column}`,
  )
  return `select ${texts.join(", ")} from ${from}`
}

/**
 * What the star must hold, worked out from the deliveries alone.
 * @param history whether customers and products have versions
 * @param rules what the shop says otherwise than the package
 */
export function expectedStar(
  landed: readonly LandedDelivery[],
  history: boolean,
  rules: readonly string[],
): Expectation[] {
  const of = (dataset: LandedDelivery["delivered"]["dataset"]) => changesOf(landed, dataset, rules)
  const [users, products, orders, items, events] = [
    of("users"),
    of("products"),
    of("orders"),
    of("order_items"),
    of("events"),
  ]
  // A member lives as long as any accepted record ever named it; without history, as one does now.
  const naming = (changes: readonly Change[]): Iterable<TextRecord> =>
    history
      ? changes.filter(({ deleted }) => !deleted).map(({ record }) => record)
      : current(changes).values()
  const pages = [...naming(events)].flatMap(({ uri }) => /^\/product\/(\d+)$/.exec(uri ?? "")?.[1] ?? [])
  const members = {
    customers: membersOf(
      users,
      CUSTOMERS,
      [orders, items, events].flatMap((changes) => namedIn(naming(changes), "user_id")),
      history,
    ),
    products: membersOf(products, PRODUCTS, [...namedIn(naming(items), "product_id"), ...pages], history),
  }
  const own = "where source_name = 'thelook'"
  return [
    {
      name: "customers",
      from: `star.dim_customers ${own}`,
      rows: dimensionRows(members.customers, "customer"),
    },
    { name: "products", from: `star.dim_products ${own}`, rows: dimensionRows(members.products, "product") },
    { name: "sales", from: `star.fact_sales ${own}`, rows: salesRows(items, members) },
    { name: "orders", from: `star.fact_orders ${own}`, rows: orderRows(orders, items, members) },
    { name: "events", from: `star.fact_events ${own}`, rows: eventRows(events, members) },
    { name: "sessions", from: `star.fact_sessions ${own}`, rows: sessionRows(events, members) },
    {
      name: "invoice lines",
      from: "star.fact_sales where source_name = 'online_retail'",
      rows: invoiceRows(currentLines(landed, "invoices", rules)),
    },
  ]
}
