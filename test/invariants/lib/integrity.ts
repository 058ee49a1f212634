import type { Session } from "../../../src/warehouse/warehouse.ts"
import { flowRules } from "./flow.ts"
import type { Relation } from "./tables.ts"

/**
 * Invariant 6, as queries over the star that must give no row, with what a row would mean: versions cover all time once,
 * and a fact finds the one of its time.
 */
const RULES: Record<string, string> = {
  ...perDimension(
    (dimension) => `the versions in ${dimension} cover all time once`,
    (dimension, key) => `select * from (
      select ${key}, valid_from, valid_to, lag(valid_to) over (partition by ${key} order by valid_from) as previous_end,
        lead(valid_from) over (partition by ${key} order by valid_from) as next_start from star.${dimension})
      where valid_from >= valid_to or coalesce(previous_end, timestamp '1900-01-01') <> valid_from
        or (next_start is null and valid_to <> timestamp '9999-12-31')`,
  ),
  ...perDimension(
    (dimension) =>
      `each member of ${dimension} has one current version, and its durable key is that of its natural key`,
    (dimension, key) => `select source_name, natural_key, count(*) from (
        select *, ${dimension === "dim_customers" ? "customer_id" : "product_id"} as natural_key from star.${dimension} where ${key} > 0)
      group by 1, 2 having count(distinct ${key}) <> 1 or sum(is_current::int) <> 1
        or min(${key}) <> ('0x' || substr(md5(source_name || '|' || natural_key || '|'), 1, 15))::bigint
        or sum((${key.replace("_durable", "")} = ${key})::int) <> 1`,
  ),
  ...Object.fromEntries(
    [
      ["fact_sales", "customer", "sold_at"],
      ["fact_sales", "product", "sold_at"],
      ["fact_order_items", "customer", "ordered_at"],
      ["fact_order_items", "product", "ordered_at"],
      ["fact_orders", "customer", "ordered_at"],
      ["fact_events", "customer", "occurred_at"],
      ["fact_sessions", "customer", "started_at"],
    ].map(([fact, who, at]) => [
      `the ${who} version that ${fact} carries is the one valid at ${at}`,
      `select f.*, d.${who}_key as valid_key from star.${fact} f
        left join star.dim_${who}s d on d.${who}_durable_key = f.${who}_durable_key and f.${at} >= d.valid_from and f.${at} < d.valid_to
        where f.${at} is not null and d.${who}_key is distinct from f.${who}_key`,
    ]),
  ),
  "facts with a time that name a customer or product find one": `
      select 'customer', line_id from star.fact_sales where sold_at is not null and customer_id is not null and customer_durable_key <= 0
      union all select 'product', line_id from star.fact_sales where sold_at is not null and stock_code is not null and product_durable_key <= 0
      union all select 'customer', event_id from star.fact_events as facts inner join silver.events using (source_name, event_id)
        where facts.occurred_at is not null and customer_id is not null and customer_durable_key <= 0
      union all select 'customer', order_id from star.fact_orders as facts inner join silver.orders using (source_name, order_id)
        where facts.ordered_at is not null and customer_id is not null and customer_durable_key <= 0`,
}

function perDimension(
  name: (dimension: string, key: string) => string,
  query: (dimension: string, key: string) => string,
): Record<string, string> {
  const dimensions = [
    ["dim_customers", "customer_durable_key"],
    ["dim_products", "product_durable_key"],
  ] as const
  return Object.fromEntries(
    dimensions.map(([dimension, key]) => [name(dimension, key), query(dimension, key)]),
  )
}

/** Key columns of facts → the dimension that must have them. */
const FOREIGN_KEYS: Record<string, string> = {
  customer_key: "dim_customers",
  product_key: "dim_products",
  location_key: "dim_locations",
  traffic_source_key: "dim_traffic_sources",
  browser_key: "dim_browsers",
  event_type_key: "dim_event_types",
  order_status_key: "dim_order_statuses",
  page_key: "dim_pages",
  date_key: "dim_dates",
}

/** What is wrong with a warehouse on its own: rules broken, with the first rows that break them. */
export async function brokenRules(session: Session, relations: readonly Relation[]): Promise<string[]> {
  const rules = Object.entries({ ...RULES, ...flowRules(relations), ...referenceQueries(relations) })
  const queries = rules.map(
    ([, sql], i) =>
      `select * from (select ${i} as i, to_json(broken)::varchar as row from (${sql}) as broken limit 3)`,
  )
  const found = await session.rows<{ i: number; row: string }>(queries.join(" union all "))
  return rules.flatMap(([rule], i) => {
    const rows = found.filter((each) => each.i === i)
    return rows.length === 0 ? [] : [[`not so: ${rule}`, ...rows.map(({ row }) => `  ${row}`)].join("\n")]
  })
}

function referenceQueries(relations: readonly Relation[]): Record<string, string> {
  const facts = relations.filter(({ name }) => name.startsWith("star.fact_"))
  const references = facts.flatMap(({ name: fact, columns }) =>
    columns.flatMap(({ name }) => {
      const key = Object.keys(FOREIGN_KEYS).find((each) => name === each || name.endsWith(`_${each}`))
      if (key === undefined || name.endsWith("durable_key")) return []
      const dimension = FOREIGN_KEYS[key] as string
      return [
        [
          `every ${name} of ${fact} is in ${dimension}`,
          `select ${name} from ${fact} except select ${key} from star.${dimension}`,
        ],
      ]
    }),
  )
  return Object.fromEntries(references) as Record<string, string>
}
