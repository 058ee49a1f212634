import type { Session } from "../../warehouse/warehouse.ts"
import { dailyDeliveries, type Delivery, planDeliveries } from "../deliveries.ts"
import { DIRT_TABLE } from "../dirt/plant.ts"
import { type Style, styleOf } from "../files/style.ts"
import { type Settings, sizes } from "../options.ts"
import { DISCOUNTS } from "../planted.ts"
import { type Randomness, randomness } from "../random.ts"
import { countVisits, SUMS_TABLES } from "../truth/sums.ts"
import { calendar, type Day, midnight } from "./calendar.ts"
import { catalogStatements } from "./catalog.ts"
import { customersTable, type Deliveries } from "./customers.ts"
import { sentStatements, visitsTable } from "./events.ts"
import { journeyStatements } from "./journeys.ts"
import { appendOrders, ORDERS_TABLE } from "./orders.ts"
import { peopleStatements, type Span } from "./people.ts"
import { stockTextsTable } from "./stock.ts"
import { momentsTable, type Stretch, visitsQuery } from "./visits.ts"

/** A shop while it is generated: its tables live in the session's database. */
export interface Shop {
  session: Session
  settings: Settings
  random: Randomness
  style: Style
  span: Span
  days: readonly Day[]
  productCount: number
  customerCount: number
  deliveries: readonly Delivery[]
  /** Undefined: one undated delivery. */
  daily: Deliveries | undefined
  /** How many there are of each so far. */
  known: { orders: number; items: number; events: number }
}

/** Creates everything that does not depend on a visit: goods, customers, calendar. */
export async function foundShop(session: Session, settings: Settings): Promise<Shop> {
  // The written order of joins is the order they run in: the left side streams in order, the right is looked up.
  await session.run("set disabled_optimizers = 'join_order,build_side_probe_side'")
  await session.run("set preserve_insertion_order = true")
  const random = randomness(settings.seed)
  const style = styleOf(settings.style)
  const { visits, customers, products } = sizes(settings.scale)
  const span = { start: midnight(settings.from), end: midnight(settings.to) + 86_400 }
  const days = calendar(settings, { visits, customers }, random, isSale)
  const daily = dailyDeliveries(settings, days)
  const window = daily
    ? { start: (days[daily.first]?.start ?? 0) + 86_400, days: daily.last - daily.first }
    : { start: span.end, days: 0 }
  const statements = [
    ...catalogStatements(products, random, window, style.money),
    stockTextsTable(),
    ...peopleStatements(days, random),
    ...journeyStatements(),
    ...customersTable(span, daily, random),
    ORDERS_TABLE,
    DIRT_TABLE,
    ...SUMS_TABLES,
  ]
  for (const statement of statements) await session.run(statement)
  const deliveries = planDeliveries(settings, days)
  return {
    session,
    settings,
    random,
    style,
    span,
    days,
    productCount: products,
    customerCount: customers,
    deliveries,
    daily,
    known: { orders: 0, items: 0, events: 0 },
  }
}

/**
 * Works out the visits of some days and the orders that come of them. Afterwards `sent` holds the visits whose events
 * the delivery brings, those held back by earlier ones included.
 */
export async function openDoors(shop: Shop, delivery: Delivery, stretch: Stretch): Promise<void> {
  const { session, random, daily, known } = shop
  await session.run(momentsTable(stretch))
  await session.run(`create or replace table drawn_visits as ${visitsQuery(shop.span, random, daily)}`)
  await session.run(visitsTable(known.events))
  await session.run(appendOrders(known, daily, random))
  const further = [...sentStatements(known.events, daily && delivery.lastDay), ...countVisits()]
  for (const statement of further) await session.run(statement)
  const [sum] = await session.rows(
    `select (select count(*) from orders)::double as orders, (select coalesce(sum(items), 0) from orders)::double as items,
      (select coalesce(sum(bit_count(mask)), 0) from visits)::double as events`,
  )
  known.orders = Number(sum?.["orders"])
  known.items = Number(sum?.["items"])
  known.events += Number(sum?.["events"])
}

function isSale(monthDay: string): boolean {
  return DISCOUNTS.seasons.some(([from, to]) => from <= monthDay && monthDay <= to)
}
