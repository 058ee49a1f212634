{{ config(materialized='table') }}

-- The audit dimension: what became of the rows of each batch.
with failed as (

    select
        landing_id,
        count(distinct case when is_rejected and screen_name <> '{{ line_screen().name }}' then row_number end) as rejected_rows,
        count(distinct case when not is_rejected and action <> 'pass' then row_number end) as flagged_rows
    from {{ ref('error_event_details') }}
    group by landing_id

)

select
    batches.audit_key,
    batches.landing_id,
    batches.source_name,
    batches.data_set,
    batches.kind,
    batches.as_of,
    batches.extracted_at,
    batches.rows_read,
    batches.rejected_lines,
    coalesce(failed.rejected_rows, 0) as rejected_rows,
    coalesce(failed.flagged_rows, 0) as flagged_rows,
    {{ rate('batches.rows_read - batches.rejected_lines - coalesce(failed.rejected_rows, 0) - coalesce(failed.flagged_rows, 0)', 'batches.rows_read') }} as quality_score,
    batches._loaded_at
from {{ ref('batches') }} as batches
left join failed on failed.landing_id = batches.landing_id
