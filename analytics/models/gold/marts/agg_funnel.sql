-- How many sessions went from a product to the cart to a purchase, over all and by what tells sessions apart.
-- A step counts only where the steps before it were taken too.
with sessions as (

    select
        sessions.session_key,
        traffic_sources.traffic_source,
        browsers.browser,
        dates.month_start,
        case when sessions.viewed_product then 1 else 0 end as viewed,
        case when sessions.viewed_product and sessions.carted then 1 else 0 end as carted,
        case when sessions.viewed_product and sessions.carted and sessions.purchased then 1 else 0 end as purchased
    from {{ ref('fact_sessions') }} as sessions
    inner join {{ ref('dim_traffic_sources') }} as traffic_sources
        on traffic_sources.traffic_source_key = sessions.traffic_source_key
    inner join {{ ref('dim_browsers') }} as browsers on browsers.browser_key = sessions.browser_key
    inner join {{ ref('dim_dates') }} as dates on dates.date_key = sessions.date_key

),

grouped as (

    select 'overall' as dimension, 'All sessions' as value, count(*) as sessions,
        {{ total('viewed') }} as viewed_product, {{ total('carted') }} as carted, {{ total('purchased') }} as purchased
    from sessions
    having count(*) > 0

    union all

    select 'traffic_source', traffic_source, count(*), {{ total('viewed') }}, {{ total('carted') }}, {{ total('purchased') }}
    from sessions
    group by traffic_source

    union all

    select 'browser', browser, count(*), {{ total('viewed') }}, {{ total('carted') }}, {{ total('purchased') }}
    from sessions
    group by browser

    union all

    select 'month', cast(month_start as {{ type_of('text') }}), count(*),
        {{ total('viewed') }}, {{ total('carted') }}, {{ total('purchased') }}
    from sessions
    group by month_start

    union all

    -- A session counts in each category that it looked at, so categories together may exceed the whole.
    select 'category', categories.category, count(*), {{ total('viewed') }}, {{ total('carted') }}, {{ total('purchased') }}
    from sessions
    inner join {{ ref('bridge_session_categories') }} as categories on categories.session_key = sessions.session_key
    group by categories.category

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
    end as biggest_loss
from grouped
