{{ config(enabled=has_data_set('thelook', 'events'), materialized='view') }}

with newest as (

    {{ newest_versions(ref('log_thelook__events'), ref('superseded_thelook__events')) | indent(4) }}

)

select
    event_id,
    user_id,
    session_id,
    sequence_number,
    created_at,
    ip_address,
    city,
    state,
    postal_code,
    browser,
    traffic_source,
    uri,
    event_type,
    _landing_id,
    _row_number,
    _row_hash,
    _change_seq,
    _as_of,
    _extracted_at,
    _cut
from newest
where _op <> 'D'
