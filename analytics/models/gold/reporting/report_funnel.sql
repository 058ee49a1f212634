{{ config(enabled=(target.type == 'bigquery' or var('reporting', false))) }}

-- How far sessions came, day by day, over all and by what tells sessions apart.
select
    dates.date_day as day,
    funnel.dimension as split_by,
    funnel.value as split_value,
    funnel.sessions,
    funnel.viewed_product as sessions_with_product_view,
    funnel.carted as sessions_with_cart,
    funnel.purchased as sessions_with_purchase,
    funnel.viewed_product - funnel.carted as lost_before_cart,
    funnel.carted - funnel.purchased as lost_before_purchase
from {{ ref('agg_daily_funnel') }} as funnel
inner join {{ ref('dim_dates') }} as dates on dates.date_key = funnel.date_key
where dates.date_day is not null
