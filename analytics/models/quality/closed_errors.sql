{{ config(materialized='view') }}

-- Errors that ended without a later row in the wrong one's place: a rule was mended, or the other side of a comparison came.
select
    source_name,
    data_set,
    screen_name,
    column_name,
    landing_id,
    row_number,
    record_key,
    offending_value,
    is_rejected,
    first_seen_at,
    closed_at as _closed_at,
    cut as _cut
from {{ source('quality_ledger', 'closed_errors') }}
