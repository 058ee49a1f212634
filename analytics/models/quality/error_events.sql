{{ config(materialized='table') }}

-- One screen failing in one batch.
select
    error_event_key,
    source_name,
    data_set,
    screen_name,
    action,
    severity,
    landing_id,
    count(distinct coalesce(row_number, 0)) as record_count,
    count(distinct case when is_open then coalesce(row_number, 0) end) as open_count,
    min(first_seen_at) as first_seen_at,
    case when max(case when is_open then 1 else 0 end) = 0 then max(resolved_at) end as resolved_at,
    max(case when is_open then 1 else 0 end) = 1 as is_open
from {{ ref('error_event_details') }}
group by error_event_key, source_name, data_set, screen_name, action, severity, landing_id
