{{ config(enabled=has_data_set('thelook', 'products'), materialized='view') }}

with newest as (

    {{ newest_versions(ref('log_thelook__products'), ref('superseded_thelook__products')) | indent(4) }}

)

-- Deleted products are here too: their sales remain, and so does what is known of them.
select
    {{ thelook_product() }}
from newest
