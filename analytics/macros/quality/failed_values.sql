{#-
  The values that fail screens, of one data set: one row per column that a failed screen looks at, in the first row
  of a record that brought it.

  A record's rows are taken in the order of versions, whichever was loaded first. Rows of one landing that say again what the
  record's rows before them said are no news: so a row that is wrong in every snapshot is one error, of the landing that brought it,
  and the order in which landings arrive changes nothing. An error is resolved by the row that takes the place of the wrong one: a
  rejected row's by any later one, another's by a later row that is accepted. Rows without their key are one record, whose
  landings take each other's place.
-#}
{% macro failed_values_of_keyed(source_name, data_set, key, moment) -%}
{%- set log = ref('log_' ~ source_name ~ '__' ~ data_set) -%}
{%- set failing = ref('failing_' ~ source_name ~ '__' ~ data_set) -%}
{%- set record = "coalesce(" ~ key ~ ", '#')" -%}
with affected as (

    {{ cartwright.kept(cartwright.affected_records(source_name, data_set, cartwright.cross_screens_of(source_name, data_set), moment)) if not moment.all else "select 'all' as record" }}

),

suspects as (

    select {{ record }} as record
    from {{ cartwright.rows_of_records(log, key, 'affected', moment.all) }} as log
    where _failed_mask <> 0 and _op <> 'D'
    union distinct
    select record
    from {{ failing }}
    {%- if not moment.all %}
    where record in (select record from affected)
    {%- endif %}

),

history as (

    select
        {{ record }} as record,
        log._landing_id,
        log._row_number,
        log._row_hash,
        log._op,
        log._change_seq,
        log._failed_mask,
        log._is_rejected,
        log._extracted_at,
        dense_rank() over (partition by {{ record }} order by log._effective_at, log._extracted_at, log._landing_id) as version_no,
        row_number() over (partition by {{ record }}, log._effective_at, log._extracted_at, log._landing_id order by log._row_number, log._change_seq) as place,
        count(*) over (partition by {{ record }}, log._effective_at, log._extracted_at, log._landing_id) as row_count
    from {{ cartwright.rows_of_records(log, key, 'suspects', false) }} as log

),

repeats as (

    select this.record, this.version_no
    from history as this
    inner join history as previous
        on previous.record = this.record
        and previous.version_no = this.version_no - 1
        and previous.place = this.place
        and previous.row_count = this.row_count
        and previous._row_hash = this._row_hash
        and (previous._op = 'D') = (this._op = 'D')
    group by this.record, this.version_no, this.row_count
    having count(*) = this.row_count

),

told as (

    select
        history.*,
        repeats.record is null as is_news,
        max(case when repeats.record is null then history.version_no end) over (
            partition by history.record order by history.version_no
        ) as first_version_no
    from history
    left join repeats on repeats.record = history.record and repeats.version_no = history.version_no

),

news as (

    select
        told.*,
        case
            when record = '#' then min(_extracted_at) over (partition by record order by version_no range between 1 following and unbounded following)
            when _is_rejected then lead(_extracted_at) over (partition by record order by version_no, place)
            else lead(_extracted_at) over (partition by record, _is_rejected order by version_no, place)
        end as resolved_at
    from told
    where is_news

),

failed as (

    select news.*, screens.screen_name, screens.column_name
    from news
    inner join {{ cartwright.record_screen_columns(source_name, data_set) }} as screens on (news._failed_mask & screens.bit) <> 0
    where news._op <> 'D' and news._row_number > 0
    union all
    select news.*, screens.screen_name, screens.column_name
    from (
        select distinct failing.screen_name, told.record, told.first_version_no, told.place
        from {{ failing }} as failing
        inner join told on told._change_seq = failing._change_seq
    ) as found
    inner join news on news.record = found.record and news.version_no = found.first_version_no and news.place = found.place
    inner join {{ cartwright.cross_screen_columns(source_name, data_set) }} as screens on screens.screen_name = found.screen_name

)

{{ cartwright.described_values(source_name, data_set, moment, "nullif(failed.record, '#')") }}
{%- endmacro %}

{#- A log's rows of some records. Rows without a key are asked for apart: a condition on the plain column reaches the scan. -#}
{% macro rows_of_records(log, key, records, all) -%}
  {%- if all -%} {{ log }}
  {%- else -%} (
        select * from {{ log }} where {{ key }} in (select record from {{ records }})
        union all
        select * from {{ log }} where {{ key }} is null and '#' in (select record from {{ records }})
    )
  {%- endif -%}
{%- endmacro %}

{#- What is said of each failed value: the text as it was delivered, or its hash where it says something about a person. -#}
{% macro described_values(source_name, data_set, moment, record_key) -%}
{%- set bronze = source(source_name, data_set) -%}
{%- set delivered = cartwright.delivered_columns(bronze) -%}
{%- set personal = cartwright.personal_columns(source_name, data_set) -%}
select
    {{ cartwright.hash_of("concat('" ~ source_name ~ '.' ~ data_set ~ "|', failed.screen_name, '|', failed.column_name, '|', failed._landing_id, '|', cast(failed._row_number as " ~ cartwright.type_of('text') ~ "))") }} as error_event_detail_key,
    '{{ source_name }}' as source_name,
    '{{ data_set }}' as data_set,
    failed.screen_name,
    failed.column_name,
    failed._landing_id as landing_id,
    failed._row_number as row_number,
    {{ record_key }} as record_key,
    case failed.column_name
        {%- for column in cartwright.columns_of(source_name, data_set) if not delivered or column.get('from', column.name) | lower in delivered %}
        {%- set value = 'bronze.' ~ adapter.quote(column.get('from', column.name)) %}
        when '{{ column.name }}' then {{ cartwright.hashed_text(value) if column.name in personal else value }}
        {%- endfor %}
    end as offending_value,
    failed._is_rejected as is_rejected,
    failed._extracted_at as first_seen_at,
    failed.resolved_at,
    failed.resolved_at is null as is_open,
    failed.record as _record,
    failed._change_seq,
    {{ moment.cut }} as _cut
from failed
left join {{ bronze }} as bronze on bronze._seq = failed._change_seq
{%- endmacro %}

{#- A text that tells equal from different and nothing else. -#}
{% macro hashed_text(value) -%}
  case when {{ value }} is not null then concat('hash ', cast({{ cartwright.hash_of(value) }} as {{ cartwright.type_of('text') }})) end
{%- endmacro %}

{#- The columns that a data set's screens look at: of records, with the screen's bit in the mask; across records and tables. -#}
{% macro record_screen_columns(source_name, data_set) -%}
(
        {{ cartwright.screen_columns(cartwright.record_screens_of(source_name, data_set), source_name, data_set, bits=true) | trim | indent(8) }}
    )
{%- endmacro %}
{% macro cross_screen_columns(source_name, data_set) -%}
(
        {{ cartwright.screen_columns(cartwright.cross_screens_of(source_name, data_set), source_name, data_set) | trim | indent(8) }}
    )
{%- endmacro %}

{#- A relation of screen_name and column_name, with `bit` where asked for: one row per column that a screen looks at. -#}
{% macro screen_columns(screens, source_name, data_set, bits=false) -%}
{%- set key = cartwright.key_in(source_name, data_set) -%}
{%- for screen in screens %}
{%- set outer = loop %}
{%- for name in cartwright.columns_looked_at(screen) or [key or cartwright.columns_of(source_name, data_set)[0].name] %}
select {{ 'cast(' ~ 2 ** screen.bit ~ ' as ' ~ cartwright.type_of('integer') ~ ') as bit, ' if bits }}'{{ screen.name }}' as screen_name, '{{ name }}' as column_name
{{- ' union all' if not (outer.last and loop.last) }}
{%- endfor %}
{%- else %}
{{ cartwright.no_rows({'bit': 'integer', 'screen_name': 'text', 'column_name': 'text'} if bits else {'screen_name': 'text', 'column_name': 'text'}) }}
{%- endfor %}
{%- endmacro %}

{#- The screens that a silver log evaluates: of its columns, and declared. -#}
{% macro record_screens_of(source_name, data_set) -%}
  {%- set screens = cartwright.cast_screens(cartwright.columns_of(source_name, data_set), source_name ~ '.' ~ data_set) -%}
  {%- if execute -%} {%- do screens.extend(cartwright.screens_of(cartwright.node_named('log_' ~ source_name ~ '__' ~ data_set))) -%} {%- endif -%}
  {{ return(screens) }}
{%- endmacro %}

{#- The screens across records and tables that this shop can have. -#}
{% macro cross_screens_of(source_name, data_set) -%}
  {%- if not execute -%} {{ return([]) }} {%- endif -%}
  {{ return(cartwright.applicable(cartwright.screens_of(cartwright.node_named('failing_' ~ source_name ~ '__' ~ data_set)), source_name)) }}
{%- endmacro %}

{#-
  Post-hooks of failed_values: errors that were open and are no more, though no later row took the wrong one's place, are
  remembered in meta.closed_errors; then they go. That is what a changed rule, a replay, or the other side of a cross screen does.
-#}
{% macro purge_failed_values(remember) -%}
  {%- set moment = cartwright.moment() -%}
  {%- if is_incremental() -%}
    {%- set gone -%}
_cut < {{ moment.cut }}
      {%- if not moment.all %}
and (
        {%- for source_name, data_set, key in cartwright.logged_data_sets() %}
    (source_name = '{{ source_name }}' and data_set = '{{ data_set }}' and _record in (
        {{ cartwright.kept(cartwright.affected_records(source_name, data_set, cartwright.cross_screens_of(source_name, data_set), moment)) }}
    )){{ ' or' if not loop.last }}
        {%- else %} 1 = 0
        {%- endfor %}
)
      {%- endif %}
    {%- endset -%}
    {%- if remember %}
insert into {{ cartwright.meta_relation('closed_errors') }}
    (source_name, data_set, screen_name, column_name, landing_id, row_number, record_key, offending_value, is_rejected, first_seen_at, closed_at, cut)
select source_name, data_set, screen_name, column_name, landing_id, row_number, record_key, offending_value, is_rejected, first_seen_at, {{ cartwright.now() }}, {{ moment.cut }}
from {{ this }}
where is_open and {{ gone }}
    {%- else %}
delete from {{ this }}
where {{ gone }}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}
