import type { Relation } from "./tables.ts"

/**
 * Invariant 5 above bronze, as queries that must give no row: what a stage is given, it passes on or accounts for. That
 * bronze accounts for every delivered record is looked at in check.ts.
 */
export function flowRules(relations: readonly Relation[]): Record<string, string> {
  const logs = relations.flatMap(({ name }) => /^silver[.]log_(\w+)$/.exec(name)?.[1] ?? [])
  return Object.assign({}, ...logs.map(throughSilver), INTO_GOLD) as Record<string, string>
}

/** @param dataset with its source, as `thelook__orders` */
function throughSilver(dataset: string): Record<string, string> {
  const log = `silver.log_${dataset}`
  const rules = {
    [`every row of bronze is one row of ${log}`]: sameRows(
      `select _seq from bronze.${dataset}`,
      `select _change_seq from ${log}`,
    ),
  }
  // Lines without a key are told apart by their number alone: those are counted.
  if (dataset.startsWith("online_retail")) return rules
  const superseded = `select _change_seq from silver.superseded_${dataset}`
  return {
    ...rules,
    [`every row of ${log} is rejected, replaced, deleted or current`]: sameRows(
      `select _change_seq from ${log}`,
      `select _change_seq from ${log} where _is_rejected union all ${superseded}
        union all select _change_seq from silver.stg_${dataset}
        union all select _change_seq from ${log} where _op = 'D' and not _is_rejected and _change_seq not in (${superseded})`,
    ),
  }
}

const INTO_GOLD: Record<string, string> = {
  "every row of bronze is counted as current or explained":
    "select * from quality.row_reconciliation where unexplained_rows <> 0",
  "every accepted line is one sale of its amount": sameRows(
    "select source_name, line_id, quantity, (quantity * unit_price)::decimal(18, 6) from silver.sales_lines",
    "select source_name, line_id, quantity, amount from star.fact_sales",
  ),
  "every accepted event is one event": sameRows(
    "select source_name, event_id from silver.events",
    "select source_name, event_id from star.fact_events",
  ),
  "every event of a session is counted in it": sameRows(
    "select source_name, session_id, count(*) from star.fact_events where session_id is not null group by all",
    "select source_name, session_id, event_count from star.fact_sessions",
  ),
  "every order with a header or a line is one order": sameRows(
    `select source_name, order_id from silver.orders
      union select source_name, order_id from silver.sales_lines where order_id is not null and line_kind <> 'non_product'`,
    "select source_name, order_id from star.fact_orders",
  ),
  "every order is one row of fct_orders": sameRows(
    "select order_key, item_count, amount, net_amount from star.fact_orders",
    "select order_key, item_count, amount, net_amount from marts.fct_orders",
  ),
  "daily sales add up to the lines sold": sameRows(
    "select source_name, currency, count(*), sum(amount), sum(net_amount) from star.fact_sales group by all",
    `select source_name, currency, sum(delivered_lines), sum(delivered_amount), sum(net_sales)
      from marts.agg_daily_sales group by all`,
  ),
  "monthly sales add up to the lines sold in the calendar's months": sameRows(
    `select source_name, currency, sum(net_amount) from star.fact_sales
      where line_kind in ('sale', 'cancellation') and date_key > 0 group by all`,
    "select source_name, currency, sum(net_sales) from marts.agg_monthly_product_sales group by all",
  ),
  "purchases add up to the lines sold to somebody in the calendar": sameRows(
    `select source_name, currency, sum(net_amount) from star.fact_sales
      where customer_durable_key > 0 and date_key > 0 group by all`,
    "select source_name, currency, sum(monetary) from marts.agg_customer_purchases group by all",
  ),
  "the funnel starts with all sessions": sameRows(
    "select date_key, count(*) from star.fact_sessions group by all",
    "select date_key, sessions from marts.agg_daily_funnel where dimension = 'overall'",
  ),
}

/** Rows that only one of two queries gives, or gives more often. */
function sameRows(left: string, right: string): string {
  return `select 'missing' as what, * from ((${left}) except all (${right})) as missing
    union all select 'too many', * from ((${right}) except all (${left})) as surplus`
}
