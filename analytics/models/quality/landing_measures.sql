-- What was measured of each landing, one row per measure and what it is of. Everything is told by the landings, in the order of
-- extraction, and by the rules: the order in which they arrived changes nothing.
with news as (

    select landing_id, max(row_count) as row_count
    from {{ ref('landing_nulls') }}
    group by landing_id

),

landings as (

    select
        batches.landing_id,
        batches.source_name,
        batches.data_set,
        case when batches.kind = 'incremental' then 'incremental' else 'full' end as series,
        batches.as_of,
        batches.extracted_at,
        batches.rows_read,
        batches.hours_since_previous,
        coalesce(news.row_count, 0) as new_rows,
        audits.rejected_rows,
        audits.flagged_rows,
        coalesce(news.row_count, 0) + audits.rejected_rows as judged_rows
    from {{ ref('batches') }} as batches
    inner join {{ ref('audits') }} as audits on audits.landing_id = batches.landing_id
    left join news on news.landing_id = batches.landing_id

),

failures as (

    select landing_id, source_name, data_set, screen_name, sum(record_count) as row_count
    from {{ ref('error_events') }}
    group by landing_id, source_name, data_set, screen_name

),

measured as (

    select landing_id, 'rows_delivered' as measure, {{ null_of('text') }} as subject, {{ as_type('rows_read', 'number') }} as value, {{ null_of('integer') }} as of_rows
    from landings
    union all
    select landing_id, 'rows_new', {{ null_of('text') }}, {{ as_type('new_rows', 'number') }}, {{ null_of('integer') }}
    from landings
    -- The first landing is all news; and of what is added everything should be.
    where hours_since_previous is not null and series = 'full'
    union all
    select landing_id, 'hours_since_previous', {{ null_of('text') }}, {{ as_type('hours_since_previous', 'number') }}, {{ null_of('integer') }}
    from landings
    where hours_since_previous is not null
    union all
    select landing_id, 'rejected_rate', {{ null_of('text') }}, {{ as_type('rejected_rows', 'number') }} / judged_rows, judged_rows
    from landings
    where judged_rows > 0
    union all
    select landing_id, 'flagged_rate', {{ null_of('text') }}, {{ as_type('flagged_rows', 'number') }} / judged_rows, judged_rows
    from landings
    where judged_rows > 0
    union all
    select landing_id, 'null_rate', column_name, {{ as_type('null_count', 'number') }} / row_count, row_count
    from {{ ref('landing_nulls') }}
    union all
    -- Unreadable lines come again in every delivery; what other screens find, counts where it came first.
    select
        landings.landing_id,
        'screen_rate',
        screens.screen_name,
        {{ as_type('coalesce(failures.row_count, 0)', 'number') }} / case when screens.kind = 'line' then landings.rows_read else landings.judged_rows end,
        case when screens.kind = 'line' then landings.rows_read else landings.judged_rows end
    from landings
    inner join {{ ref('screens') }} as screens
        on screens.source_name = landings.source_name and screens.data_set = landings.data_set
    left join failures
        on failures.landing_id = landings.landing_id
        and failures.source_name = screens.source_name
        and failures.data_set = screens.data_set
        and failures.screen_name = screens.screen_name
    where screens.kind not in ('volume', 'freshness')
        and case when screens.kind = 'line' then landings.rows_read else landings.judged_rows end > 0

)

select
    {{ key_of(['measured.landing_id', 'measured.measure', 'measured.subject']) }} as landing_measure_key,
    landings.landing_id,
    landings.source_name,
    landings.data_set,
    landings.series,
    landings.as_of,
    landings.extracted_at,
    measured.measure,
    measured.subject,
    measured.value,
    measured.of_rows
from measured
inner join landings on landings.landing_id = measured.landing_id
