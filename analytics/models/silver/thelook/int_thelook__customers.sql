{{ config(enabled=has_data_set('thelook', 'users'), materialized='view') }}

with newest as (

    {{ newest_versions(ref('log_thelook__users'), ref('superseded_thelook__users')) | indent(4) }}

)

-- Deleted users are here too: their sales remain, and so does what is known of them.
select
    {{ thelook_customer('newest') }}
from newest
left join {{ ref('country_names') }} as countries on countries.delivered = newest.country
