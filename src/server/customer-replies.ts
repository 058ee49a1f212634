import { CartwrightError } from "../core/errors.ts"
import { rowsBehind } from "../metrics/compile.ts"
import type { PublishedShop } from "../metrics/published-shop.ts"
import type { Query } from "../metrics/query.ts"
import type { CustomerReply, CustomersReply, Person } from "./api.ts"

/** The metric whose rows are customers. */
const ROWS = "segment_customers"
const PERSON = `cast(people.customer_durable_key as varchar) as "customerDurableKey", people.customer_id as "customerId",
  people.customer_name as "customerName", people.email`
/** Orders, and sessions, of one customer that are shown. */
const EACH = 200

export async function customersReply(
  shop: PublishedShop,
  { where, limit, offset }: Pick<Query, "where" | "limit"> & { offset: number },
  signal: AbortSignal,
): Promise<CustomersReply> {
  const metric = shop.catalog.metric(ROWS)
  const missing = shop.missing(metric)
  if (missing !== undefined) throw none(missing)
  const values: string[] = []
  const behind = rowsBehind(metric, where, shop.catalog, {
    table: (name) => `"${name}"`,
    text: (value) => `$${values.push(value)}`,
    day: (value) => `cast($${values.push(value)} as timestamp)`,
  })
  type Row = Person &
    Omit<CustomersReply["customers"][number], "person" | "scores"> &
    Record<"total" | "recency" | "frequency" | "monetary", number>
  const rows = await shop.ask<Row>(
    `select cast(count(*) over () as double) as total, ${PERSON}, members.country, segment,
      cast(recency_score as double) as recency, cast(frequency_score as double) as frequency, cast(monetary_score as double) as monetary,
      cast(members.frequency as double) as orders, cast(round(members.monetary, 2) as double) as "netSales", members.currency,
      cast(last_purchase_on as varchar) as "lastPurchase"
    from (select * from agg_customer_segments where ${behind}) as members
    inner join dim_customers as people on people.customer_durable_key = members.customer_durable_key and people.is_current
    order by members.monetary desc, members.customer_durable_key
    limit ${limit} offset ${offset}`,
    values,
    signal,
  )
  return {
    total: rows[0]?.total ?? 0,
    customers: rows.map(
      ({ customerDurableKey, customerId, customerName, email, recency, frequency, monetary, ...row }) => ({
        person: { customerDurableKey, customerId, customerName, email },
        country: row.country,
        segment: row.segment,
        scores: [recency, frequency, monetary],
        orders: row.orders,
        netSales: row.netSales,
        currency: row.currency,
        lastPurchase: row.lastPurchase,
      }),
    ),
  }
}

/** @throws CartwrightError `usage` where the shop has no such customer */
export async function customerReply(
  shop: PublishedShop,
  customer: string,
  signal: AbortSignal,
): Promise<CustomerReply> {
  if (shop.version.tables["dim_customers"] === undefined) throw none("dim_customers is not published")
  const ask = <T>(sql: string) => shop.ask<T>(sql, [customer], signal)
  const [person] = await ask<Person>(
    `select ${PERSON} from dim_customers as people where customer_durable_key = cast($1 as bigint) and is_current`,
  )
  if (person === undefined) throw none(`there is no customer with the key ${customer}`)
  const [rated] = await ask<{ segment: string }>(
    "select segment from agg_customer_segments where customer_durable_key = cast($1 as bigint)",
  )
  // All time is said as no time: a reader knows neither 1900 nor 9999.
  const versions = await ask<CustomerReply["versions"][number]>(
    `select cast(nullif(valid_from, timestamp '1900-01-01') as varchar) as "from", cast(nullif(valid_to, timestamp '9999-12-31') as varchar) as "to",
      country, city, traffic_source as channel, is_deleted as deleted
    from dim_customers where customer_durable_key = cast($1 as bigint) order by valid_from desc`,
  )
  const orders = await ask<CustomerReply["orders"][number]>(
    `select cast(ordered_at as varchar) as "at", order_id as "order", order_status as status, cast(round(net_amount, 2) as double) as "netSales",
      currency, cast(item_count as double) as items, traffic_source as channel, attribution as "knownBy"
    from fct_orders inner join dim_traffic_sources using (traffic_source_key)
    where customer_durable_key = cast($1 as bigint) order by ordered_at desc, order_id desc limit ${EACH}`,
  )
  const sessions = await ask<CustomerReply["sessions"][number]>(
    `select cast(started_at as varchar) as "at", traffic_source as channel, browser, page_path as path, purchased
    from fact_sessions inner join dim_traffic_sources using (traffic_source_key) inner join dim_browsers using (browser_key)
    where customer_durable_key = cast($1 as bigint) order by started_at desc, session_key desc limit ${EACH}`,
  )
  return { person, segment: rated?.segment ?? null, versions, orders, sessions }
}

function none(offence: string): CartwrightError {
  return new CartwrightError("usage", offence, {
    next: "The customers page lists those that there are.",
    state: "Nothing was asked.",
  })
}
