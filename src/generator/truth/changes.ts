import { customerIsKnown, customersAt } from "../shop/customers.ts"
import { ordersAt } from "../shop/orders.ts"
import type { Shop } from "../shop/shop.ts"
import { counted } from "./count.ts"

/**
 * What a daily delivery changes against the one before.
 * @param before epoch second of the earlier delivery's moment; @param now of this one's
 */
export async function changesBetween(shop: Shop, before: number, now: number, lastDay: number) {
  const { session, span, random } = shop
  const one = async (sql: string) => (await counted(session, sql))[0] ?? {}
  const people = (time: number) => `(${customersAt(time, span, random, "true")})`
  const orders = (time: number) => `(${ordersAt(time, true)})`
  return {
    users: await one(
      `select count(*) filter (where o.id is null) as new, count(*) filter (where n.id is null) as erased,
          count(*) filter (where o.moves <> n.moves) as moved, count(*) filter (where o.new_email <> n.new_email) as changed_emails,
          count(*) filter (where o.age <> n.age) as aged,
          count(*) filter (where o.id is null and n.created < ${before}) as late,
          (select count(*) from customers where created < ${now} and created >= ${before} and not ${customerIsKnown(now)}) as held_back
        from ${people(before)} o full join ${people(now)} n on n.id = o.id`,
    ),
    orders: await one(
      `select count(*) filter (where o.order_id is null) as new, count(*) filter (where o.status <> n.status) as changed_status,
          count(*) filter (where o.order_id is null and n.created < ${before}) as late
        from ${orders(before)} o full join ${orders(now)} n on n.order_id = o.order_id`,
    ),
    order_items: await one(
      `select coalesce(sum(items) filter (where created >= ${before}), 0) as new,
          coalesce(sum(items) filter (where created >= ${before} and late >= ${now}), 0) as before_their_order
        from orders where created < ${now}`,
    ),
    products: await one(
      `select count(*) as changed_price from products where price_changed_at >= ${before} and price_changed_at < ${now}`,
    ),
    events: await one(
      `select coalesce(sum(bit_count(mask)), 0) as rows, coalesce(sum(bit_count(mask)) filter (where day < ${lastDay}), 0) as late,
          (select coalesce(sum(bit_count(mask)), 0) from visits where late > 0) as held_back
        from sent`,
    ),
  }
}
