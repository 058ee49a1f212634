{{ config(enabled=has_data_set('thelook', 'users'), materialized='view') }}

with newest as (

    {{ newest_versions(ref('log_thelook__users'), ref('superseded_thelook__users')) | indent(4) }}

)

-- Deleted users are here too: their sales remain, and so does what is known of them.
select
    'thelook' as source_name,
    newest.user_id as customer_id,
    newest.first_name,
    newest.last_name,
    newest.email,
    newest.age,
    newest.gender,
    case when countries.delivered is null then newest.country else countries.country end as country,
    newest.state,
    newest.city,
    newest.postal_code,
    newest.latitude,
    newest.longitude,
    newest.traffic_source,
    newest.created_at as registered_at,
    1 as country_count,
    newest._op = 'D' as is_deleted
from newest
left join {{ ref('country_names') }} as countries on countries.delivered = newest.country
