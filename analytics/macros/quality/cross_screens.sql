{#-
  Screens across records and tables. They look at current rows, and never reject: what they say changes when the other
  side does. One row per current row and screen that it fails. Rows of a data set without a key are told by their hash, with how
  many equal lines fail.

  foreign_key          column, references: the record that is named was delivered at some time, be it rejected or deleted since
  unique               no key, or no whole line where there is no key, comes twice in one landing
  header_equals_lines  column, lines, by: the number, or with `sum` the sum of a column, of the lines that were delivered
  share_of             column, references, bound, min, max: a value in proportion to another of the record that is named
  matching_sale        a cancellation of a customer has an earlier sale of the article to that customer
-#}
{% macro failing_rows(source_name, data_set) -%}
{%- set key = cartwright.key_in(source_name, data_set) -%}
{%- set moment = cartwright.moment() -%}
{%- set screens = cartwright.applicable(cartwright.screens_of(model), source_name) if execute else [] -%}
{{ cartwright.refs_for_parsing(source_name, data_set) }}
{%- if not screens %}
{{ cartwright.no_rows({'screen_name': 'text', 'record': 'text', '_change_seq': 'integer', 'line_count': 'integer', '_cut': 'integer'}) }}
{%- else %}
with affected as (

    {{ cartwright.kept(cartwright.affected_records(source_name, data_set, screens, moment)) if not moment.all else "select 'all' as record" }}

)
{% for screen in screens %}
select '{{ screen.name }}' as screen_name, failing.record, failing._change_seq, failing.line_count, {{ moment.cut }} as _cut
from (
    {{ cartwright.failing_one(screen, source_name, data_set, key, moment.all) | trim | indent(4) }}
) as failing
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endif %}
{%- endmacro %}

{#- What a shop has decides which screens there are: one that names a data set that it has not says nothing. -#}
{% macro applicable(screens, source_name) -%}
  {%- set here = [] -%}
  {%- for screen in screens -%}
    {%- set other = screen.references or screen.lines -%}
    {%- if not other or cartwright.has_data_set(source_name, other) -%} {%- do here.append(screen) -%} {%- endif -%}
  {%- endfor -%}
  {{ return(here) }}
{%- endmacro %}

{#- dbt learns from references, while it parses, what to build first; declarations in YAML are not there yet then. -#}
{% macro refs_for_parsing(source_name, data_set) -%}
  {%- set ns = namespace(nodes=[]) -%}
  {%- for other_source, other, key in cartwright.logged_data_sets() if other_source == source_name -%}
    {%- do ns.nodes.append(ref('log_' ~ source_name ~ '__' ~ other)) -%}
    {%- do ns.nodes.append(ref('stg_' ~ source_name ~ '__' ~ other)) -%}
    {%- if key -%} {%- do ns.nodes.append(ref('superseded_' ~ source_name ~ '__' ~ other)) -%} {%- endif -%}
  {%- endfor -%}
{%- endmacro %}

{#- One screen; `all` is false where only records of the relation `affected` are asked for, which is looked for before anything is joined. -#}
{% macro failing_one(screen, source_name, data_set, key, all) -%}
{%- set log = ref('log_' ~ source_name ~ '__' ~ data_set) -%}
{%- set stg = ref('stg_' ~ source_name ~ '__' ~ data_set) -%}
{%- set asked = stg if all or not key else '(select * from ' ~ stg ~ ' where ' ~ key ~ ' in (select record from affected))' -%}
{%- if screen.kind == 'foreign_key' -%}
{%- set other_key = cartwright.key_in(source_name, screen.references) -%}
select {{ key }} as record, _change_seq, 1 as line_count
from {{ asked }} as rows_now
where {{ screen.column }} is not null
    and {{ screen.column }} not in (select {{ other_key }} from {{ ref('log_' ~ source_name ~ '__' ~ screen.references) }} where {{ other_key }} is not null)
{%- elif screen.kind == 'unique' and key -%}
select earlier.{{ key }} as record, earlier._replaced_by_seq as _change_seq, 1 as line_count
from {{ ref('superseded_' ~ source_name ~ '__' ~ data_set) }} as earlier
inner join {{ log }} as later on later._change_seq = earlier._replaced_by_seq
where later._landing_id = earlier._landing_id{{ cartwright.only_affected('earlier.' ~ key, all) }}
{%- elif screen.kind == 'unique' -%}
select cast(_row_hash as {{ cartwright.type_of('text') }}) as record, min(_change_seq) as _change_seq, count(*) as line_count
from {{ stg }}
where occurrence > 1{{ cartwright.only_affected("cast(_row_hash as " ~ cartwright.type_of('text') ~ ")", all) }}
group by _row_hash
{%- elif screen.kind == 'header_equals_lines' -%}
{%- set line_key = cartwright.key_in(source_name, screen.lines) -%}
{%- set lines = ref('stg_' ~ source_name ~ '__' ~ screen.lines) -%}
{%- set measure = screen.sum -%}
select headers.{{ key }} as record, headers._change_seq, 1 as line_count
from {{ asked }} as headers
left join (
    select header, {{ 'sum(measure)' if measure else 'count(distinct line)' }} as told
    from (
        select {{ screen.by }} as header, {{ line_key }} as line, {{ measure or 1 }} as measure from {{ lines }}
        where {{ screen.by }} is not null{{ cartwright.only_affected(screen.by, all) }}
        union all
        select rejected.{{ screen.by }}, coalesce(rejected.{{ line_key }}, cast(rejected._row_hash as {{ cartwright.type_of('text') }})), {{ 'rejected.' ~ measure if measure else 1 }}
        from {{ ref('log_' ~ source_name ~ '__' ~ screen.lines) }} as rejected
        left join {{ lines }} as accepted on accepted.{{ line_key }} = rejected.{{ line_key }}
        where rejected._is_rejected and rejected._op <> 'D' and accepted.{{ line_key }} is null{{ cartwright.only_affected('rejected.' ~ screen.by, all) }}
    ) as delivered
    group by header
) as lines on lines.header = headers.{{ screen.by }}
where headers.{{ screen.column }} <> coalesce(lines.told, 0)
{%- elif screen.kind == 'share_of' -%}
{%- set other_key = cartwright.key_in(source_name, screen.references) -%}
select rows_now.{{ key }} as record, rows_now._change_seq, 1 as line_count
from {{ asked }} as rows_now
inner join {{ ref('stg_' ~ source_name ~ '__' ~ screen.references) }} as others on others.{{ other_key }} = rows_now.{{ screen.by }}
where others.{{ screen.bound }} > 0 and rows_now.{{ screen.column }} > 0
    and (rows_now.{{ screen.column }} < others.{{ screen.bound }} * {{ screen.min }} or rows_now.{{ screen.column }} > others.{{ screen.bound }} * {{ screen.max }})
{%- elif screen.kind == 'matching_sale' -%}
select cast(cancelled._row_hash as {{ cartwright.type_of('text') }}) as record, min(cancelled._change_seq) as _change_seq, count(*) as line_count
from {{ stg }} as cancelled
left join (
    select customer_id, product_code, min(invoiced_at) as first_sold_at
    from {{ stg }}
    where line_kind = 'sale' and customer_id is not null
    group by customer_id, product_code
) as sales on sales.customer_id = cancelled.customer_id and sales.product_code = cancelled.product_code
where cancelled.line_kind = 'cancellation' and cancelled.customer_id is not null
    and (sales.first_sold_at is null or sales.first_sold_at > cancelled.invoiced_at){{ cartwright.only_affected("cast(cancelled._row_hash as " ~ cartwright.type_of('text') ~ ")", all) }}
group by cancelled._row_hash
{%- else -%} {{ exceptions.raise_compiler_error(
    "the screen '" ~ screen.name ~ "' has the kind '" ~ screen.kind ~ "'; across records there are foreign_key, unique, header_equals_lines, "
    ~ "share_of, matching_sale") }}
{%- endif -%}
{%- endmacro %}

{% macro only_affected(record, all) -%}
  {%- if not all %} and {{ record }} in (select record from affected){% endif -%}
{%- endmacro %}

{#-
  The records about which a screen may now say something else: those with rows that are new or judged anew, and those that
  another data set's such rows have to do with, now or before. A query of distinct `record`.
-#}
{% macro affected_records(source_name, data_set, screens, moment) -%}
{%- set key = cartwright.key_in(source_name, data_set) -%}
{%- set log = ref('log_' ~ source_name ~ '__' ~ data_set) -%}
{%- if key -%}
select coalesce({{ key }}, '#') as record from {{ log }} where _cut > {{ moment.since }}
{%- for screen in screens if screen.references %}
{%- set other_key = cartwright.key_in(source_name, screen.references) %}
{%- set on = screen.by or screen.column %}
union distinct
select {{ key }} from {{ log }}
where {{ key }} is not null and {{ on }} in ({{ cartwright.keys_since(ref('log_' ~ source_name ~ '__' ~ screen.references), other_key, moment) }})
{%- endfor %}
{%- for screen in screens if screen.lines %}
{%- set lines = ref('log_' ~ source_name ~ '__' ~ screen.lines) %}
{%- set line_key = cartwright.key_in(source_name, screen.lines) %}
union distinct
select {{ screen.by }} from {{ lines }}
where {{ screen.by }} is not null
    and (_cut > {{ moment.since }} or {{ line_key }} in ({{ cartwright.keys_since(lines, line_key, moment) }}))
{%- endfor %}
{%- else -%}
select cast(_row_hash as {{ cartwright.type_of('text') }}) as record from {{ log }}
where _content_key in (select _content_key from {{ log }} where _cut > {{ moment.since }})
{%- for screen in screens if screen.kind == 'matching_sale' %}
union distinct
select cast(_row_hash as {{ cartwright.type_of('text') }}) from {{ log }}
where invoice_no like 'C%' and customer_id in (select customer_id from {{ log }} where _cut > {{ moment.since }} and customer_id is not null)
{%- endfor %}
{%- endif -%}
{%- endmacro %}

{#- Post-hook of a model of failing rows. -#}
{% macro purge_failing(source_name, data_set) -%}
  {%- set moment = cartwright.moment() -%}
  {%- set screens = cartwright.applicable(cartwright.screens_of(model), source_name) -%}
  {{ cartwright.purge('record', cartwright.affected_records(source_name, data_set, screens, moment)) }}
{%- endmacro %}
