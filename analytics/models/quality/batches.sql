{{ config(materialized='view') }}

-- A batch is a landing: what was delivered of one data set at one time. What is usual is the mean of the batches before it,
-- in the order of extraction.
with landings as (

    select
        landings.landing_id,
        landings.source as source_name,
        landings.dataset as data_set,
        landings.kind,
        landings.as_of,
        landings.extracted_at,
        landings.rows_read,
        landings.rows_rejected as rejected_lines,
        {{ file_of('landings.files') }} as only_file,
        landings.loaded_at as _loaded_at,
        {{ unix_micros('landings.extracted_at') }} / 3600000000.0 as extracted_hour
    from {{ source('bronze_ledger', 'landings') }} as landings

),

spaced as (

    select
        landings.*,
        lag(extracted_at) over (partition by source_name, data_set order by extracted_at, landing_id) as previous_at,
        extracted_hour - lag(extracted_hour) over (partition by source_name, data_set order by extracted_at, landing_id) as hours_since_previous,
        lead(extracted_at) over (partition by source_name, data_set order by extracted_at, landing_id) as next_at
    from landings

)

select
    {{ audit_key('landing_id') }} as audit_key,
    landing_id,
    source_name,
    data_set,
    kind,
    as_of,
    extracted_at,
    rows_read,
    rejected_lines,
    only_file,
    count(*) over earlier as earlier_batches,
    avg(rows_read) over earlier as usual_rows,
    hours_since_previous,
    avg(hours_since_previous) over earlier as usual_hours,
    next_at,
    min(case when kind = 'full' then extracted_at end) over (
        partition by source_name, data_set order by extracted_at, landing_id rows between 1 following and unbounded following
    ) as next_full_at,
    _loaded_at
from spaced
window earlier as (partition by source_name, data_set, kind order by extracted_at, landing_id rows between 8 preceding and 1 preceding)
