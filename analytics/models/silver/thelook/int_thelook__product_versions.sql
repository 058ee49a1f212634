{{ config(enabled=has_data_set('thelook', 'products'), materialized='view') }}

-- Every state that a product was ever delivered in, deletions included.
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
    _op = 'D' as is_deleted,
    _effective_at as effective_at,
    _extracted_at as extracted_at,
    _landing_id as landing_id,
    _row_number as row_number
from {{ ref('log_thelook__products') }}
where not _is_rejected
