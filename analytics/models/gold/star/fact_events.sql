{{ config(
    materialized='incremental', unique_key='event_key',
    post_hook="{{ cartwright.purge_facts('events', 'event_key') }}",
    partition_by=on_bigquery(by_month('occurred_at')), cluster_by=on_bigquery(['event_type_key', 'session_key'])
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed('events', moment) %}
{%- if not moment.all %}
{%- set looked_at %}
{{ looked_at }}
union distinct
{{ rows_to_rekey(['source_name', 'event_id'], 'occurred_at', [['dim_customers', 'customer', []]], moment) }}
{%- endset %}
{%- endif %}

with events as (

{{ rows_of(ref('events'), ['source_name', 'event_id'], looked_at, moment) }}

)

-- The dimensions are looked up by their natural keys, which costs a tenth of hashing those keys for every event.
select
    {{ key_of(['events.source_name', 'events.event_id']) }} as event_key,
    events.source_name,
    events.event_id,
    events.session_id,
    events.occurred_at,
    {{ date_key('events.occurred_at') }} as date_key,
    case when events.session_id is null then -1 else {{ key_of(['events.source_name', 'events.session_id']) }} end as session_key,
    coalesce(customers.customer_key, -1) as customer_key,
    coalesce(customers.customer_durable_key, -1) as customer_durable_key,
    coalesce(event_types.event_type_key, -1) as event_type_key,
    coalesce(traffic_sources.traffic_source_key, -1) as traffic_source_key,
    coalesce(pages.page_key, -1) as page_key,
    coalesce(locations.location_key, -1) as location_key,
    coalesce(browsers.browser_key, -1) as browser_key,
    events.sequence_number,
    coalesce(audits.audit_key, -1) as audit_key,
    {{ moment.cut }} as _cut
from events
left join {{ audit_keys() }} as audits on audits.landing_id = events.landing_id
left join {{ ref('dim_customers') }} as customers
    on customers.source_name = events.source_name
    and customers.customer_id = events.customer_id
    and {{ valid_at('customers', 'events.occurred_at') }}
left join {{ ref('dim_event_types') }} as event_types
    on event_types.event_type = events.event_type and event_types.event_type_key > 0
left join {{ ref('dim_traffic_sources') }} as traffic_sources
    on traffic_sources.traffic_source = events.traffic_source and traffic_sources.traffic_source_key > 0
left join {{ ref('dim_pages') }} as pages
    on pages.source_name = events.source_name and pages.uri = events.uri
left join {{ ref('dim_locations') }} as locations
    on coalesce(locations.state, '') = coalesce(events.state, '')
    and coalesce(locations.city, '') = coalesce(events.city, '')
    and coalesce(locations.postal_code, '') = coalesce(events.postal_code, '')
    and locations.is_finer_than_country
left join {{ ref('dim_browsers') }} as browsers
    on browsers.browser = events.browser and browsers.browser_key > 0
{% if var('sort_events') %}{{ in_time_order('events.occurred_at') }}{% endif %}
