{{ config(enabled=has_data_set('thelook', 'events'), materialized='view') }}

with current_events as (

    {{ with_landing(ref('stg_thelook__events'), ref('superseded_thelook__events')) | indent(4) }}

)

select
    'thelook' as source_name,
    event_id,
    session_id,
    user_id as customer_id,
    sequence_number,
    event_type,
    created_at as occurred_at,
    uri,
    traffic_source,
    browser,
    state,
    city,
    postal_code,
    landing_id
from current_events
