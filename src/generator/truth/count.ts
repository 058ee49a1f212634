import type { Session } from "../../warehouse/warehouse.ts"
import { itemsOf, ordersAt } from "../shop/orders.ts"
import { customersAt } from "../shop/customers.ts"
import { movesBefore } from "../shop/people.ts"
import type { Shop } from "../shop/shop.ts"

/** Rows of counts: every number, whatever its type, as a JavaScript number. */
export async function counted(
  session: Session,
  sql: string,
): Promise<Record<string, string | number | boolean | null>[]> {
  const rows = await session.rows(sql)
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === "bigint" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value))
          ? Number(value)
          : (value as string | number | boolean | null),
      ]),
    ),
  )
}

/**
 * The slope of log y on log x by weighted least squares; points without a y are left out.
 * @param points x is a logarithm already, y is not
 * @param sign the slope is multiplied by it
 */
export function slopeOf(
  points: readonly { x: number; y: number; weight: number }[],
  sign: 1 | -1,
): number | null {
  const usable = points.filter((point) => point.y > 0 && point.weight > 0)
  const total = usable.reduce((sum, point) => sum + point.weight, 0)
  const mean = (value: (point: (typeof usable)[number]) => number) =>
    usable.reduce((sum, point) => sum + point.weight * value(point), 0) / total
  const [x, y] = [mean((point) => point.x), mean((point) => Math.log(point.y))]
  const covariance = mean((point) => (point.x - x) * (Math.log(point.y) - y))
  const variance = mean((point) => (point.x - x) ** 2)
  return variance > 0 ? (sign * covariance) / variance : null
}

/** Creates what the effects at the end are counted from: orders, items, buyers and people as the last delivery shows them. */
export async function sumUp({ session, span, random }: Shop): Promise<void> {
  const orders = ordersAt(span.end, false)
  const statements = [
    `create or replace view final_orders as ${orders}`,
    `create or replace table customer_sums as select customer as buyer, count(*) as orders from orders group by customer`,
    `create or replace table sold_sums as
      select sale, step, item_category, count(*) as items, count(delivered_at) as delivered, count(returned_at) as returned,
        sum(sale_price::decimal(18, 6)) as revenue
      from (${itemsOf(orders, random)})
      group by sale, step, item_category`,
    `create or replace view final_people as
      select new_email, moves - ${movesBefore("customer", "created", span, random)} as moves_since
      from (${customersAt(span.end, span, random, "true")})`,
  ]
  for (const statement of statements) await session.run(statement)
}
