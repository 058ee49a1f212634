{{ config(enabled=has_data_set('thelook', 'products'), materialized='view') }}

-- Every state that a product was ever delivered in, deletions included.
select
    {{ thelook_product() }},
    _effective_at as effective_at,
    _extracted_at as extracted_at,
    _landing_id as landing_id,
    _row_number as row_number
from {{ ref('log_thelook__products') }}
where not _is_rejected
