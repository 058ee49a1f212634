{{ config(enabled=has_data_set('thelook', 'order_items'), materialized='view') }}

with newest as (

    {{ newest_versions(ref('log_thelook__order_items'), ref('superseded_thelook__order_items')) | indent(4) }}

)

select
    order_item_id,
    order_id,
    user_id,
    product_id,
    inventory_item_id,
    status,
    created_at,
    shipped_at,
    delivered_at,
    returned_at,
    sale_price,
    _landing_id,
    _row_number,
    _row_hash,
    _change_seq,
    _as_of,
    _extracted_at,
    _cut
from newest
where _op <> 'D'
