{{ config(enabled=has_data_set('thelook', 'events'), materialized='view') }}

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
    postal_code
from {{ ref('stg_thelook__events') }}
