{{ config(
    materialized='incremental', unique_key='session_key',
    post_hook="{{ cartwright.purge_sessions('sessions') }}",
    partition_by=on_bigquery(by_month('started_at')), cluster_by=on_bigquery(['traffic_source_key', 'browser_key'])
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed_sessions(moment, 'sessions') %}

with steps as (

    select
        events.session_key,
        events.source_name,
        events.session_id,
        events.occurred_at,
        events.customer_durable_key,
        events.event_type_key,
        events.traffic_source_key,
        events.browser_key,
        events.location_key,
        events.page_key,
        events.audit_key,
        event_types.funnel_step,
        coalesce(pages.page_type, 'unknown') as page_type,
        -- Order within a session: by time, then by the number that the source gave the event; equal ones by key.
        {{ rank_with_key(
            unix_micros('events.occurred_at') ~ ' * 1000 + least(greatest(coalesce(events.sequence_number, 0), 0), 999)', 'events.event_key'
        ) }} as position
    from ({{ rows_of(ref('fact_events'), ['session_key'], looked_at, moment) | indent(4) }}) as events
    inner join {{ ref('dim_event_types') }} as event_types on event_types.event_type_key = events.event_type_key
    inner join {{ ref('dim_pages') }} as pages on pages.page_key = events.page_key
    where events.session_key > 0

),

sessions as (

    select
        session_key,
        source_name,
        min(session_id) as session_id,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        max(customer_durable_key) as customer_durable_key,
        {{ value_at_least('traffic_source_key', 'position') }} as traffic_source_key,
        {{ value_at_least('browser_key', 'position') }} as browser_key,
        {{ value_at_least('location_key', 'position') }} as location_key,
        {{ value_at_least('page_key', 'position') }} as entry_page_key,
        {{ value_at_least('page_key', '-position') }} as exit_page_key,
        {{ value_at_least('event_type_key', 'position') }} as first_event_type_key,
        {{ value_at_least('event_type_key', '-position') }} as last_event_type_key,
        -- Channel, browser, place and landing are those of the first event.
        {{ value_at_least('audit_key', 'position') }} as audit_key,
        string_agg(page_type, ' > ' order by position) as page_types,
        count(*) as event_count,
        count(case when funnel_step = 'view_product' then 1 end) as product_view_count,
        count(case when funnel_step = 'cart' then 1 end) as cart_count,
        count(case when funnel_step = 'purchase' then 1 end) as purchase_count
    from steps
    group by session_key, source_name

),

categories as (

    select
        session_key,
        count(*) as category_count,
        string_agg(category, ', ' order by category) as categories_viewed
    from ({{ rows_of(ref('bridge_session_categories'), ['session_key'], looked_at, moment) | indent(4) }}) as viewed
    group by session_key

)

select
    sessions.session_key,
    sessions.source_name,
    sessions.session_id,
    sessions.started_at,
    sessions.ended_at,
    {{ date_key('sessions.started_at') }} as date_key,
    ({{ unix_micros('sessions.ended_at') }} - {{ unix_micros('sessions.started_at') }}) / 1000000.0 as duration_seconds,
    coalesce(customers.customer_key, -1) as customer_key,
    sessions.customer_durable_key,
    sessions.traffic_source_key,
    sessions.browser_key,
    sessions.location_key,
    sessions.entry_page_key,
    sessions.exit_page_key,
    sessions.first_event_type_key,
    sessions.last_event_type_key,
    -- As far as paths are looked at: beyond that, hardly two sessions are alike.
    trim({{ extract_match('sessions.page_types', '^((?:[^>]+>){0,11}[^>]+)') }}, ' ') as page_path,
    sessions.event_count,
    sessions.product_view_count,
    sessions.cart_count,
    sessions.purchase_count,
    sessions.product_view_count > 0 as viewed_product,
    sessions.cart_count > 0 as carted,
    sessions.purchase_count > 0 as purchased,
    coalesce(categories.category_count, 0) as category_count,
    categories.categories_viewed,
    sessions.audit_key,
    {{ moment.cut }} as _cut
from sessions
left join categories on categories.session_key = sessions.session_key
left join {{ ref('dim_customers') }} as customers
    on customers.customer_durable_key = sessions.customer_durable_key
    and customers.customer_durable_key > 0
    and {{ valid_at('customers', 'sessions.started_at') }}
{{ in_time_order('sessions.started_at') }}
