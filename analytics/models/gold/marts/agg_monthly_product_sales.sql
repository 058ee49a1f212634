{{ config(
    materialized='incremental', unique_key=['month_start', 'source_name', 'currency', 'product_durable_key'],
    post_hook="{{ cartwright.purge_mart('sale months', 'month_start') }}"
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed_sale_months(moment) %}

with dates as (

    select found.date_key, found.month_start
    from {{ ref('dim_dates') }} as found
    {%- if not moment.all %}
    inner join ({{ looked_at | indent(4) }}) as looked_at on looked_at.month_start = found.month_start
    {%- endif %}
    where found.month_start is not null

)

select
    dates.month_start,
    sales.source_name,
    sales.currency,
    sales.product_durable_key,
    {{ total("case when sales.line_kind = 'sale' then sales.quantity else 0 end") }} as units_sold,
    {{ money_total('sales.gross_amount') }} as gross_sales,
    {{ money_total('sales.return_amount') }} as returns,
    {{ money_total('sales.net_amount') }} as net_sales,
    {{ moment.cut }} as _cut
from {{ ref('fact_sales') }} as sales
inner join dates on dates.date_key = sales.date_key
where sales.line_kind in ('sale', 'cancellation')
group by dates.month_start, sales.source_name, sales.currency, sales.product_durable_key
