{{ config(enabled=has_data_set('thelook', 'users'), materialized='view') }}

-- Every state that a user was ever delivered in, deletions included.
select
    'thelook' as source_name,
    log.user_id as customer_id,
    log.first_name,
    log.last_name,
    log.email,
    log.age,
    log.gender,
    case when countries.delivered is null then log.country else countries.country end as country,
    log.state,
    log.city,
    log.postal_code,
    log.latitude,
    log.longitude,
    log.traffic_source,
    log.created_at as registered_at,
    1 as country_count,
    log._op = 'D' as is_deleted,
    log._effective_at as effective_at,
    log._extracted_at as extracted_at,
    log._landing_id as landing_id,
    log._row_number as row_number
from {{ ref('log_thelook__users') }} as log
left join {{ ref('country_names') }} as countries on countries.delivered = log.country
where not log._is_rejected
