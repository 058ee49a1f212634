{{ config(
    materialized='incremental', unique_key=['date_key', 'dimension', 'value'],
    post_hook="{{ cartwright.purge_mart('session days', 'date_key') }}"
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed_session_days(moment) %}

with sessions as (

    select
        sessions.session_key,
        sessions.date_key,
        traffic_sources.traffic_source,
        browsers.browser,
        case when sessions.viewed_product then 1 else 0 end as viewed,
        case when sessions.viewed_product and sessions.carted then 1 else 0 end as carted,
        case when sessions.viewed_product and sessions.carted and sessions.purchased then 1 else 0 end as purchased
    from ({{ rows_of(ref('fact_sessions'), ['date_key'], looked_at, moment) | indent(4) }}) as sessions
    inner join {{ ref('dim_traffic_sources') }} as traffic_sources
        on traffic_sources.traffic_source_key = sessions.traffic_source_key
    inner join {{ ref('dim_browsers') }} as browsers on browsers.browser_key = sessions.browser_key

),

grouped as (

    select date_key, 'overall' as dimension, 'All sessions' as value, count(*) as sessions,
        {{ total('viewed') }} as viewed_product, {{ total('carted') }} as carted, {{ total('purchased') }} as purchased
    from sessions
    group by date_key

    union all

    select date_key, 'traffic_source', traffic_source, count(*), {{ total('viewed') }}, {{ total('carted') }}, {{ total('purchased') }}
    from sessions
    group by date_key, traffic_source

    union all

    select date_key, 'browser', browser, count(*), {{ total('viewed') }}, {{ total('carted') }}, {{ total('purchased') }}
    from sessions
    group by date_key, browser

    union all

    -- A session counts in each category that it looked at, so categories together may exceed the whole.
    select sessions.date_key, 'category', categories.category, count(*), {{ total('viewed') }}, {{ total('carted') }}, {{ total('purchased') }}
    from sessions
    inner join {{ ref('bridge_session_categories') }} as categories on categories.session_key = sessions.session_key
    group by sessions.date_key, categories.category

)

select *, {{ moment.cut }} as _cut
from grouped
