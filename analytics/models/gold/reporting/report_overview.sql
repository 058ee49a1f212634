{{ config(enabled=(target.type == 'bigquery' or var('reporting', false))) }}

-- Sales and visits day by day. A row is of either: visits have no currency, so that both can be summed over whatever is chosen.
select
    date_day as day,
    source_name as source,
    currency,
    net_sales,
    gross_sales,
    returns,
    invoices as orders,
    units_sold,
    0 as sessions,
    0 as sessions_with_purchase
from {{ ref('agg_daily_sales') }}
where date_day is not null

union all

select
    dates.date_day,
    null,
    null,
    cast(0 as {{ type_of('money') }}),
    cast(0 as {{ type_of('money') }}),
    cast(0 as {{ type_of('money') }}),
    0,
    0,
    funnel.sessions,
    funnel.purchased
from {{ ref('agg_daily_funnel') }} as funnel
inner join {{ ref('dim_dates') }} as dates on dates.date_key = funnel.date_key
where funnel.dimension = 'overall' and dates.date_day is not null
