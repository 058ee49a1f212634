{{ config(materialized='view') }}

-- What is wrong with which value of which record, and where it stands in the files.
with failures as (

    select
        failed.error_event_detail_key,
        failed.source_name,
        failed.data_set,
        failed.screen_name,
        failed.column_name,
        failed.landing_id,
        failed.row_number,
        coalesce(places.file, batches.only_file) as source_file,
        places.line as source_line,
        failed.record_key,
        failed.offending_value,
        failed.is_rejected,
        failed.first_seen_at,
        failed.resolved_at
    from {{ ref('failed_values') }} as failed
    left join {{ ref('batches') }} as batches on batches.landing_id = failed.landing_id
    left join {{ source('quality_ledger', 'record_places') }} as places
        on places.landing_id = failed.landing_id and places.row_number = failed.row_number
{% for source_name, data_set, key in logged_data_sets() %}
    union all
    -- Lines that are no records; a whole delivery takes the place of the one before it.
    select
        {{ hash_of("concat('" ~ source_name ~ "." ~ data_set ~ "|readable_line|', lines.landing_id, '|', cast(lines.row_number as " ~ type_of('text') ~ "))") }},
        '{{ source_name }}',
        '{{ data_set }}',
        '{{ line_screen().name }}',
        {{ null_of('text') }},
        lines.landing_id,
        lines.row_number,
        lines.file,
        lines.line,
        {{ null_of('text') }},
        {{ hashed_text('lines.raw_text') if personal_columns(source_name, data_set) else 'lines.raw_text' }},
        true,
        batches.extracted_at,
        batches.next_full_at
    from {{ source('bronze_ledger', 'rejected_lines') }} as lines
    inner join {{ ref('batches') }} as batches on batches.landing_id = lines.landing_id
    where lines.source = '{{ source_name }}' and lines.dataset = '{{ data_set }}'
{%- for screen in (screens_of(node_named('batches')) if execute else []) %}
    union all
    -- Batches that are unlike those before them; the next batch takes its place.
    select
        {{ hash_of("concat('" ~ source_name ~ "." ~ data_set ~ "|" ~ screen.name ~ "|', landing_id)") }},
        source_name,
        data_set,
        '{{ screen.name }}',
        {{ null_of('text') }},
        landing_id,
        {{ null_of('integer') }},
        only_file,
        {{ null_of('integer') }},
        {{ null_of('text') }},
        {{ cast_batch_value(screen) }},
        false,
        extracted_at,
        next_at
    from {{ ref('batches') }}
    where source_name = '{{ source_name }}' and data_set = '{{ data_set }}' and {{ failure_of_batch(screen) }}
{%- endfor %}
{% endfor %}
)

select
    failures.error_event_detail_key,
    {{ key_of(['failures.source_name', 'failures.data_set', 'failures.screen_name', 'failures.landing_id']) }} as error_event_key,
    failures.source_name,
    failures.data_set,
    failures.screen_name,
    screens.action,
    screens.severity,
    failures.column_name,
    failures.landing_id,
    failures.row_number,
    failures.source_file,
    failures.source_line,
    failures.record_key,
    failures.offending_value,
    failures.is_rejected,
    failures.first_seen_at,
    failures.resolved_at,
    failures.resolved_at is null as is_open
from failures
left join {{ ref('screens') }} as screens
    on screens.source_name = failures.source_name
    and screens.data_set = failures.data_set
    and screens.screen_name = failures.screen_name
