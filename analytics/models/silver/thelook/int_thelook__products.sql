{{ config(enabled=has_data_set('thelook', 'products'), materialized='view') }}

with newest as (

    {{ newest_versions(ref('log_thelook__products'), ref('superseded_thelook__products')) | indent(4) }}

)

-- Deleted products are here too: their sales remain, and so does what is known of them.
select
    'thelook' as source_name,
    product_id,
    name as product_name,
    brand,
    category,
    department,
    sku,
    retail_price,
    cost,
    'USD' as currency,
    'product' as product_kind,
    1 as name_count,
    _op = 'D' as is_deleted
from newest
