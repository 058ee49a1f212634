{{ config(enabled=has_data_set('thelook', 'orders'), materialized='view') }}

with newest as (

    {{ newest_versions(ref('log_thelook__orders'), ref('superseded_thelook__orders')) | indent(4) }}

)

select
    order_id,
    user_id,
    status,
    gender,
    created_at,
    shipped_at,
    delivered_at,
    returned_at,
    num_of_item,
    _landing_id,
    _row_number,
    _row_hash,
    _change_seq,
    _as_of,
    _extracted_at,
    _cut
from newest
where _op <> 'D'
