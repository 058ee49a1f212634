{{ config(enabled=has_data_set('thelook', 'users'), materialized='view') }}

-- Every state that a user was ever delivered in, deletions included.
select
    {{ thelook_customer('log') }},
    log._effective_at as effective_at,
    log._extracted_at as extracted_at,
    log._landing_id as landing_id,
    log._row_number as row_number
from {{ ref('log_thelook__users') }} as log
left join {{ ref('country_names') }} as countries on countries.delivered = log.country
where not log._is_rejected
