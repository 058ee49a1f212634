{{ config(
    materialized='incremental', unique_key=['date_key', 'source_name', 'currency'],
    post_hook="{{ cartwright.purge_mart('sale days', 'date_key') }}"
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed_sale_days(moment) %}

select
    sales.date_key,
    dates.date_day,
    sales.source_name,
    sales.currency,
    count(distinct case when sales.line_kind = 'sale' then sales.invoice_no end) as invoices,
    count(distinct case when sales.line_kind = 'sale' then sales.customer_id end) as customers,
    {{ total("case when sales.line_kind = 'sale' then sales.quantity else 0 end") }} as units_sold,
    {{ money_total('sales.gross_amount') }} as gross_sales,
    {{ money_total('sales.return_amount') }} as returns,
    {{ money_total('sales.net_amount') }} as net_sales,
    {{ money_total("case when sales.line_kind = 'non_product' then sales.amount else 0 end") }} as non_product_amount,
    {{ money_total("case when sales.line_kind = 'adjustment' then sales.amount else 0 end") }} as adjustment_amount,
    {{ money_total('sales.amount') }} as delivered_amount,
    count(*) as delivered_lines,
    {{ total("case when sales.is_duplicate then 1 else 0 end") }} as duplicate_lines,
    {{ moment.cut }} as _cut
from ({{ rows_of(ref('fact_sales'), ['date_key'], looked_at, moment) }}) as sales
inner join {{ ref('dim_dates') }} as dates on dates.date_key = sales.date_key
group by sales.date_key, dates.date_day, sales.source_name, sales.currency
