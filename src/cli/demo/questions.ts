/** A question to the published tables. Its SQL gives text that can be shown as it is. */
export interface Question {
  title: string
  tables: readonly string[]
  sql: string
  /** Result column → heading. */
  columns: Readonly<Record<string, string>>
  /** Columns that are aligned to the left. */
  texts: readonly string[]
  note?: string
}

const money = (amount: string) => `format('{:,.0f}', cast(${amount} as double))`
const whole = (n: string) => `format('{:,d}', cast(${n} as bigint))`
const percent = (share: string) => `format('{:.1f} %', 100.0 * coalesce(${share}, 0))`

export const QUESTIONS: readonly Question[] = [
  {
    title: "What did we sell? Net sales by month, the last twelve",
    tables: ["agg_daily_sales"],
    sql: `with months as (
        select date_trunc('month', date_day) as month, sum(net_sales) as net, sum(returns) as returned, sum(invoices) as orders
        from agg_daily_sales group by 1 order by 1 desc limit 12),
      changes as (select *, net / nullif(lag(net) over (order by month), 0) - 1 as change from months)
      select strftime(month, '%Y-%m') as month, ${money("net")} as net, ${money("returned")} as returned, ${whole("orders")} as orders,
        case when change is null then '' else format('{:+.1f} %', cast(100 * change as double)) end as change,
        repeat('█', cast(round(24 * greatest(net, 0) / nullif(max(net) over (), 0)) as int)) as trend
      from changes order by changes.month`,
    columns: {
      month: "month",
      net: "net sales",
      returned: "returns",
      orders: "orders",
      change: "change",
      trend: "",
    },
    texts: ["month", "trend"],
  },
  {
    title: "Where does the funnel leak? Sessions from a product to the cart to a purchase",
    tables: ["agg_funnel"],
    sql: `select case when dimension = 'overall' then 'all sessions' else value end as who, ${whole("sessions")} as sessions,
        ${whole("viewed_product")} as viewed, ${whole("carted")} as carted, ${whole("purchased")} as purchased,
        ${percent("cart_rate")} as cart_rate, ${percent("purchase_rate")} as purchase_rate, ${percent("overall_rate")} as overall_rate, biggest_loss
      from agg_funnel where dimension in ('overall', 'traffic_source')
      order by dimension, agg_funnel.overall_rate desc`,
    columns: {
      who: "traffic source",
      sessions: "sessions",
      viewed: "viewed",
      carted: "to cart",
      purchased: "bought",
      cart_rate: "view→cart",
      purchase_rate: "cart→buy",
      overall_rate: "view→buy",
      biggest_loss: "biggest loss",
    },
    texts: ["who", "biggest_loss"],
  },
  {
    title: "How do products perform? Best sellers of the last month",
    tables: ["top_n_products_monthly"],
    sql: `select cast(sales_rank as varchar) as rank, left(product_name, 48) as product, brand, category, ${whole("units_sold")} as units, ${money("net_sales")} as net
      from top_n_products_monthly
      where month_start = (select max(month_start) from top_n_products_monthly) and sales_rank <= 5
      order by sales_rank, product_name`,
    columns: {
      rank: "#",
      product: "product",
      brand: "brand",
      category: "category",
      units: "units",
      net: "net sales",
    },
    texts: ["product", "brand", "category"],
  },
  {
    title: "Who are the best customers? Segments by recency, frequency and value",
    tables: ["agg_customer_segments"],
    sql: `select segment, ${whole("count(*)")} as customers, ${percent("count(*) / sum(count(*)) over ()")} as share, ${money("sum(monetary)")} as net,
        ${percent("sum(monetary) / nullif(sum(sum(monetary)) over (), 0)")} as net_share, format('{:.1f}', avg(frequency)) as orders,
        ${whole("round(avg(recency_days))")} as recency
      from agg_customer_segments group by segment order by sum(monetary) desc`,
    columns: {
      segment: "segment",
      customers: "customers",
      share: "share",
      net: "net sales",
      net_share: "of sales",
      orders: "orders each",
      recency: "days since",
    },
    texts: ["segment"],
  },
  {
    title: "What did each channel bring?",
    tables: ["fact_sales", "dim_traffic_sources", "agg_funnel"],
    sql: `with sales as (
        select sources.traffic_source as channel, count(distinct customer_durable_key) as customers, count(distinct invoice_no) as orders, sum(net_amount) as net
        from fact_sales as sales join dim_traffic_sources as sources using (traffic_source_key)
        where line_kind = 'sale' group by 1)
      select channel, ${whole("customers")} as customers, ${whole("sales.orders")} as orders, ${money("net")} as net,
        ${percent("net / sum(net) over ()")} as share, ${money("net / nullif(customers, 0)")} as per_customer
      from sales order by sales.net desc`,
    columns: {
      channel: "traffic source of the customer",
      customers: "customers",
      orders: "orders",
      net: "net sales",
      share: "share",
      per_customer: "per customer",
    },
    texts: ["channel"],
  },
]
