{#-
  As failed_values_of_keyed, for a data set without a key: equal lines are told apart by how many of them there are. A landing brings as many as
  its inserts exceed its deletes, the last ones of its file; the lines that are taken away again are the last that came.
-#}
{% macro failed_values_of_keyless(source_name, data_set, moment) -%}
{%- set log = ref('log_' ~ source_name ~ '__' ~ data_set) -%}
{%- set failing = ref('failing_' ~ source_name ~ '__' ~ data_set) -%}
{%- set record = "cast(_row_hash as " ~ cartwright.type_of('text') ~ ")" -%}
with affected as (

    {{ cartwright.kept(cartwright.affected_records(source_name, data_set, cartwright.cross_screens_of(source_name, data_set), moment)) if not moment.all else "select 'all' as record" }}

),

history as (

    select {{ record }} as record, log.*
    from {{ log }} as log
    where (
            _failed_mask <> 0
            or {{ record }} in (select record from {{ failing }})
        )
        {%- if not moment.all %} and {{ record }} in (select record from affected) {%- endif %}

),

balances as (

    select
        record,
        _extracted_at,
        _landing_id,
        sum(case when _op = 'D' then -1 else 1 end) as net
    from history
    group by record, _extracted_at, _landing_id

),

heights as (

    select
        balances.*,
        sum(net) over (partition by record order by _extracted_at, _landing_id) as height
    from balances

),

brought as (

    select
        history.record,
        history._landing_id,
        history._row_number,
        history._change_seq,
        history._failed_mask,
        history._is_rejected,
        history._extracted_at,
        heights.net,
        heights.height,
        row_number() over (partition by history.record, history._extracted_at, history._landing_id order by history._row_number desc, history._change_seq desc) as from_last
    from (
        -- A line that was taken away and brought again is one line of its file.
        select *, row_number() over (partition by record, _landing_id, _row_number order by _change_seq desc) as telling
        from history
        where _op <> 'D' and _row_number > 0
    ) as history
    inner join heights on heights.record = history.record and heights._landing_id = history._landing_id
    where history.telling = 1

),

news as (

    select
        brought.record,
        brought._landing_id,
        brought._row_number,
        brought._change_seq,
        brought._failed_mask,
        brought._is_rejected,
        brought._extracted_at,
        brought.height - brought.from_last as depth,
        min(later._extracted_at) as resolved_at
    from brought
    left join heights as later
        on later.record = brought.record
        and later.net < 0
        and (later._extracted_at > brought._extracted_at or (later._extracted_at = brought._extracted_at and later._landing_id > brought._landing_id))
        and later.height <= brought.height - brought.from_last
    where brought.from_last <= brought.net
    group by
        brought.record, brought._landing_id, brought._row_number, brought._change_seq, brought._failed_mask, brought._is_rejected,
        brought._extracted_at, brought.height, brought.from_last

),

ranked as (

    select
        news.*,
        row_number() over (partition by record, case when resolved_at is null then 0 else 1 end order by depth desc) as from_top
    from news

),

failed as (

    select ranked.*, screens.screen_name, screens.column_name
    from ranked
    inner join {{ cartwright.record_screen_columns(source_name, data_set) }} as screens on (ranked._failed_mask & screens.bit) <> 0
    union all
    select ranked.*, screens.screen_name, screens.column_name
    from {{ failing }} as failing
    inner join ranked on ranked.record = failing.record and ranked.resolved_at is null and ranked.from_top <= failing.line_count
    inner join {{ cartwright.cross_screen_columns(source_name, data_set) }} as screens on screens.screen_name = failing.screen_name

)

{{ cartwright.described_values(source_name, data_set, moment, cartwright.null_of('text')) }}
{%- endmacro %}
