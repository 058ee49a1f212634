import { MAX_VIEWS, partMask, productStep, STEP } from "../shop/journeys.ts"

/** What is counted while visits come and go: per day, source, browser and entry; per product. */
export const SUMS_TABLES: readonly string[] = [
  `create or replace table visit_sums (day integer, source integer, browser integer, entry varchar, visits bigint,
    departments bigint, viewed bigint, carted bigint, purchased bigint, cancelled bigint, signed_in bigint)`,
  `create or replace table event_sums (event_type varchar, events bigint)`,
  `create or replace table hour_sums (hour integer, visits bigint)`,
  `create or replace table view_sums (product bigint, views bigint, carts bigint)`,
]

/** SQL statements that add the visits in `visits` to the sums. */
export function countVisits(): string[] {
  const has = (mask: number) => `(mask & ${mask}) > 0`
  const [departments, products, carts] = [partMask(0), partMask(1), partMask(2)]
  const [home, purchase, cancel] = [2 ** STEP.home, 2 ** STEP.purchase, 2 ** STEP.cancel]
  const views = Array.from({ length: MAX_VIEWS }, (_, i) => i + 1)
  const ofView = (view: number, part: 1 | 2) => `(mask >> ${productStep(view, part)}) & 1`
  return [
    `insert into visit_sums
      select day, source, browser,
        case when ${has(home)} then 'home' when mask & 2 > 0 then 'department' else 'product' end as entry,
        count(*), count_if(${has(departments)}), count_if(${has(products)}), count_if(${has(carts)}), count_if(${has(purchase)}),
        count_if(${has(cancel)}), count_if(customer is not null)
      from visits group by all`,
    `insert into event_sums
      select kind, sum(events) from (
        select unnest(['home', 'department', 'product', 'cart', 'purchase', 'cancel']) as kind, unnest([
          count_if(${has(home)}), sum(bit_count(mask & ${departments})), sum(bit_count(mask & ${products})),
          sum(bit_count(mask & ${carts})), count_if(${has(purchase)}), count_if(${has(cancel)})]) as events
        from visits) group by kind`,
    "insert into hour_sums select begun % 86400 // 3600, count(*) from visits group by 1",
    `insert into view_sums
      select product, count(*), sum(is_cart) from (
        select unnest([${views.map((view) => `case when ${ofView(view, 1)} = 1 then p${view} end`).join(", ")}]) as product,
          unnest([${views.map((view) => ofView(view, 2)).join(", ")}]) as is_cart
        from visits)
      where product is not null group by product`,
  ]
}
