import { DAILY, DISCOUNTS, FULFILMENT } from "../planted.ts"
import { bits, of16, pick16, type Randomness } from "../random.ts"
import type { Deliveries } from "./customers.ts"
import { MAX_VIEWS, productStep, STEP } from "./journeys.ts"
import { kindAndGenderOf } from "./people.ts"
import { stepTime } from "./visits.ts"

const DAY = 86_400

/** `orders`, in order of time: a row each, with the products bought and what becomes of it (epoch seconds). */
export const ORDERS_TABLE = `create or replace table orders (order_id bigint, first_item bigint, customer integer, gender tinyint,
  created bigint, items tinyint, bought integer[], category tinyint, center tinyint, sale boolean,
  cancelled bigint, shipped bigint, delivered bigint, returned bigint, late bigint)`

/**
 * SQL that appends the orders of the visits in `visits`, in order of time: who, when, which of the viewed products, and
 * what becomes of it. The first item decides on the return rate (its category) and the shipping time (its center).
 */
export function appendOrders(
  known: { orders: number; items: number },
  daily: Deliveries | undefined,
  random: Randomness,
): string {
  const carts = Array.from({ length: MAX_VIEWS }, (_, i) => i + 1)
  const inCart = (view: number) => `case when (mask >> ${productStep(view, 2)}) & 1 = 1 then p${view} end`
  const slow = FULFILMENT.slowCenters.map(({ center, days }) => `when ${center} then ${days * DAY}`).join(" ")
  const within = (shift: number, least: number, most: number) =>
    `${least} + ((${bits("f", shift, 16)}::bigint * ${most - least}) >> 16)`
  return `insert into orders
    with bought as (
      select visit, day, customer, ${stepTime("bit_count(mask)", random)} as created,
        list_filter([${carts.map(inCart).join(", ")}], lambda p: p is not null) as bought,
        ${random.hash("order", "visit")} as h, ${random.hash("fulfilment", "visit")} as f,
        ${kindAndGenderOf("customer", random)} % 2 as gender
      from visits where (mask >> ${STEP.purchase}) & 1 = 1
    ), fated as (
      select bought.*, products.category, products.center, calendar.sale,
        ${bits("h", 0, 16)} < ${of16(FULFILMENT.cancelled)} as is_cancelled,
        ${bits("h", 16, 16)} >= ${of16(FULFILMENT.neverShipped)} as is_shipped,
        ${bits("h", 32, 16)} >= ${of16(FULFILMENT.neverConfirmed)} as is_delivered,
        ${bits("h", 48, 16)} < products.returned as is_returned,
        created + ${within(0, 3600, FULFILMENT.shipDays * DAY)} + case products.center ${slow} else 0 end as ships,
        ${within(16, 6 * 3600, FULFILMENT.deliverDays * DAY)} as way,
        ${within(32, DAY, FULFILMENT.returnDays * DAY)} as kept
      from bought join products on products.product = bought[1] join calendar on calendar.day = bought.day
      order by visit
    )
    select ${known.orders} + row_number() over () as order_id,
      ${known.items} + (sum(len(bought)) over (rows unbounded preceding))::bigint - len(bought) as first_item,
      customer, gender, created, len(bought), bought, category, center, sale,
      case when is_cancelled then created + ${within(48, 600, FULFILMENT.cancelDays * DAY)} end,
      case when not is_cancelled and is_shipped then ships end,
      case when not is_cancelled and is_shipped and is_delivered then ships + way end,
      case when not is_cancelled and is_shipped and is_delivered and is_returned then ships + way + kept end,
      ${lateHeader(daily)}
    from fated`
}

/**
 * SQL: `orders` as they stand at an epoch second, in order: `status` and the times reached by then.
 * @param withLate leave out those whose header comes later; @param where picks orders
 */
export function ordersAt(time: number, withLate: boolean, where = "true"): string {
  const reached = (column: string) => `case when ${column} < ${time} then ${column} end as ${column}_at`
  return `select *, case when cancelled < ${time} then 'Cancelled' when returned < ${time} then 'Returned'
        when delivered < ${time} then 'Complete' when shipped < ${time} then 'Shipped' else 'Processing' end as status,
      ${["shipped", "delivered", "returned"].map(reached).join(", ")}
    from orders where created < ${time}${withLate ? ` and (late is null or late < ${time})` : ""} and ${where}`
}

/** SQL: a row per item of the orders that a query gives, in order and without a join: `item` (from 0) and its `product`. */
export function soldItems(orders: string): string {
  return `select *, first_item + nth - 1 as item from (
      select *, unnest(bought) as product, generate_subscripts(bought, 1) as nth from (${orders}))`
}

/** SQL: a row per item as {@link soldItems}, with its category, its price and with which discount (`step`, tenths). */
export function itemsOf(orders: string, random: Randomness): string {
  const draw = bits(random.hash("discount", "item"), 0, 16)
  return `select s.*, prices.sale_price from (
      select i.*, products.category as item_category,
        case when sale then ${pick16(draw, DISCOUNTS.sale)} else ${pick16(draw, DISCOUNTS.usual)} end as step,
        coalesce(price_changed_at <= created, false)::integer as version
      from (${soldItems(orders)}) i
        join products on products.product = i.product) s
      join prices on price_key = product * 8 + version * 4 + step`
}

function lateHeader(daily: Deliveries | undefined): string {
  if (daily === undefined || daily.last === daily.first) return "null::bigint"
  return `case when day >= ${daily.first} and day < ${daily.last}
    and ${bits("f", 44, 16)} < ${of16(DAILY.lateOrders)} then created - created % ${DAY} + ${DAY} end`
}
