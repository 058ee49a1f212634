{{ config(
    materialized='incremental', unique_key=['session_key', 'product_durable_key'],
    post_hook="{{ cartwright.purge_sessions('products') }}",
    partition_by=on_bigquery(by_month('started_at')), cluster_by=on_bigquery(['product_durable_key'])
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed_sessions(moment, 'products') %}

-- What a session went on to is told by its flags, as in the funnel.
with viewed as (

    select events.session_key, pages.product_durable_key, count(*) as view_count
    from ({{ rows_of(ref('fact_events'), ['session_key'], looked_at, moment) | indent(4) }}) as events
    inner join {{ ref('dim_event_types') }} as event_types on event_types.event_type_key = events.event_type_key
    inner join {{ ref('dim_pages') }} as pages on pages.page_key = events.page_key
    where event_types.funnel_step = 'view_product' and pages.product_durable_key > 0 and events.session_key > 0
    group by events.session_key, pages.product_durable_key

)

select
    viewed.session_key,
    viewed.product_durable_key,
    sessions.source_name,
    sessions.started_at,
    sessions.date_key,
    sessions.traffic_source_key,
    sessions.browser_key,
    sessions.location_key,
    viewed.view_count,
    sessions.carted,
    sessions.carted and sessions.purchased as purchased,
    {{ moment.cut }} as _cut
from viewed
inner join {{ ref('fact_sessions') }} as sessions on sessions.session_key = viewed.session_key
{{ in_time_order('sessions.started_at') }}
