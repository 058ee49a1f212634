{{ config(enabled=(target.type == 'bigquery' or var('reporting', false))) }}

-- What was delivered of each data set and what became of it, and which screens found something. A row is of either.
select
    {{ date_of('as_of') }} as day,
    source_name as source,
    data_set,
    cast(null as {{ type_of('text') }}) as screen,
    cast(null as {{ type_of('text') }}) as severity,
    count(*) as deliveries,
    {{ total('rows_read') }} as rows_read,
    {{ total('rejected_lines') }} as rejected_lines,
    {{ total('rejected_rows') }} as rejected_rows,
    {{ total('flagged_rows') }} as flagged_rows,
    0 as records_found,
    0 as records_still_open
from {{ ref('audits') }}
group by {{ date_of('as_of') }}, source_name, data_set

union all

select
    {{ date_of('first_seen_at') }},
    source_name,
    data_set,
    screen_name,
    severity,
    0,
    0,
    0,
    0,
    0,
    {{ total('record_count') }},
    {{ total('open_count') }}
from {{ ref('error_events') }}
group by {{ date_of('first_seen_at') }}, source_name, data_set, screen_name, severity
