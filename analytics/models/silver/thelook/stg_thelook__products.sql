{{ config(enabled=has_data_set('thelook', 'products'), materialized='view') }}

with newest as (

    {{ newest_versions(ref('log_thelook__products'), ref('superseded_thelook__products')) | indent(4) }}

)

select
    product_id,
    name,
    brand,
    category,
    department,
    sku,
    cost,
    retail_price,
    distribution_center_id,
    _landing_id,
    _row_number,
    _row_hash,
    _change_seq,
    _as_of,
    _extracted_at,
    _cut
from newest
where _op <> 'D'
