{%- set moment = moment() %}
-- How many sessions went from a product to the cart to a purchase, over all and by what tells sessions apart.
-- A step counts only where the steps before it were taken too.
with daily as (

    select funnel.*, dates.month_start
    from {{ ref('agg_daily_funnel') }} as funnel
    inner join {{ ref('dim_dates') }} as dates on dates.date_key = funnel.date_key

),

grouped as (

    select dimension, value, {{ total('sessions') }} as sessions,
        {{ total('viewed_product') }} as viewed_product, {{ total('carted') }} as carted, {{ total('purchased') }} as purchased
    from daily
    group by dimension, value

    union all

    select 'month', cast(month_start as {{ type_of('text') }}), {{ total('sessions') }},
        {{ total('viewed_product') }}, {{ total('carted') }}, {{ total('purchased') }}
    from daily
    where dimension = 'overall'
    group by month_start

)

select
    dimension,
    value,
    sessions,
    viewed_product,
    carted,
    purchased,
    {{ rate('viewed_product', 'sessions') }} as view_rate,
    {{ rate('carted', 'viewed_product') }} as cart_rate,
    {{ rate('purchased', 'carted') }} as purchase_rate,
    {{ rate('purchased', 'viewed_product') }} as overall_rate,
    viewed_product - carted as lost_before_cart,
    carted - purchased as lost_before_purchase,
    case
        when viewed_product = purchased then 'none'
        when viewed_product - carted >= carted - purchased then 'product to cart'
        else 'cart to purchase'
    end as biggest_loss,
    {{ moment.cut }} as _cut
from grouped
