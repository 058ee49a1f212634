{{ config(enabled=has_data_set('thelook', 'users'), materialized='view') }}

with newest as (

    {{ newest_versions(ref('log_thelook__users'), ref('superseded_thelook__users')) | indent(4) }}

)

select
    user_id,
    first_name,
    last_name,
    email,
    age,
    gender,
    street_address,
    postal_code,
    city,
    state,
    country,
    latitude,
    longitude,
    traffic_source,
    created_at,
    _landing_id,
    _row_number,
    _row_hash,
    _change_seq,
    _as_of,
    _extracted_at,
    _cut
from newest
where _op <> 'D'
