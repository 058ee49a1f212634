{#-
  The silver log of a data set: one row per bronze row, typed, with where it came from and which casts failed.

  columns: a list of
    name      the column's name in silver
    from      its name as delivered (default: `name`)
    type      text, id, integer, number, money, timestamp: the reader that types it (macros/dialect/read.sql)
    format    what the reader needs to know, e.g. `us` for a timestamp
    null_text a text that means "no value" here, e.g. the word null
    bit       the bit of the column's screen in _failed_mask, 0 … 15; permanent, never given to another one. Every column that
              is not plain text has one, and every required one. Declared screens have the bits 16 … 62
    required  true where a row without the value is of no use: it is rejected, which _is_rejected says
    key       true for the key of the data set
    effective true for the time at which the source itself says that the row was changed last, such as updated_at
  content: for a data set without key, what makes two lines equal, as expressions whose text is equal on every engine

  Screens of the model (screens.sql) are evaluated in the same pass, and are bits of the same mask. A row is rejected where a
  screen with the action `reject` fails. A deletion (_op 'D') repeats the last attributes, so it is rejected only where its
  key is missing.

  Adds `_effective_at`, from when on the row holds: what the source says, else the time of its extraction; and `_cut`, the
  invocation that wrote the row or, after a change of rules, gave it another result. A model of the kind `incremental`
  with the unique key `_change_seq` adds the rows that bronze has added; any other gets them all.
-#}
{% macro silver_log(bronze, columns, content=none) -%}
{%- set delivered = cartwright.delivered_columns(bronze) -%}
{%- set moment = cartwright.moment() -%}
{%- set updates = cartwright.updates() -%}
{%- set last_seq = cartwright.last_seq_of(bronze) if updates else 0 -%}
{%- set screens = cartwright.cast_screens(columns, cartwright.data_set_of(model.name)) -%}
{%- do screens.extend(cartwright.screens_of(model) if execute else []) -%}
with typed as (

    select
        {%- for column in columns %}
        {%- set delivered_name = column.get('from', column.name) %}
        {%- if delivered and delivered_name | lower not in delivered %}
        {{ cartwright.null_of('text' if column.type == 'id' else column.type) }} as {{ column.name }},
        {%- if column.bit is defined %}
        false as _has_{{ column.name }},
        {%- endif %}
        {%- else %}
        {%- set value = adapter.quote(delivered_name) %}
        {%- if column.null_text is defined %}
        {%- set value = "nullif(" ~ value ~ ", '" ~ column.null_text ~ "')" %}
        {%- endif %}
        {{ cartwright.read_as(column.type, value, column.format) | trim }} as {{ column.name }},
        {%- if column.bit is defined %}
        {{ cartwright.read_text(value) | trim }} is not null as _has_{{ column.name }},
        {%- endif %}
        {%- endif %}
        {%- endfor %}
        _landing_id,
        _row_number,
        _row_hash,
        _op,
        _seq as _change_seq,
        _as_of,
        _extracted_at
    from {{ bronze }}
    {%- if updates and not moment.all %}
    where _seq > {{ last_seq }}
    {%- endif %}

),

masked as (

    select
        *,
        cast(0 as {{ cartwright.type_of('integer') }})
        {%- for screen in screens %}
        + case when {{ cartwright.failure_of(screen, columns) | trim }} then {{ 2 ** screen.bit }} else 0 end
        {%- endfor %} as _failed_mask
    from typed

),

stamped as (

    select
        {%- for column in columns %}
        {{ column.name }},
        {%- endfor %}
        _failed_mask,
        {%- set key_mask = cartwright.mask_of(columns, 'key') %}
        (_failed_mask & {{ cartwright.mask_of_action(screens, 'reject') }}) <> 0{{ " and (_op <> 'D' or (_failed_mask & " ~ key_mask ~ ") <> 0)" if key_mask }} as _is_rejected,
        {%- if content is not none %}
        {{ cartwright.key_of(content) }} as _content_key,
        {%- endif %}
        {%- set effective = columns | selectattr('effective', 'defined') | map(attribute='name') | first %}
        {{ "case when _op = 'D' then _as_of else coalesce(" ~ effective ~ ', _as_of) end' if effective else '_as_of' }} as _effective_at,
        _landing_id,
        _row_number,
        _row_hash,
        _op,
        _change_seq,
        _as_of,
        _extracted_at
    from masked

)

select stamped.*, {{ moment.cut }} as _cut
from stamped
{%- if updates and moment.all %}
left join {{ this }} as earlier on earlier._change_seq = stamped._change_seq
where earlier._change_seq is null
    {%- for column in columns %}
    or earlier.{{ column.name }} is distinct from stamped.{{ column.name }}
    {%- endfor %}
    or earlier._failed_mask <> stamped._failed_mask
    or earlier._is_rejected <> stamped._is_rejected
{%- endif %}
{%- endmacro %}

{#- The last row of bronze that the log has; an error where bronze was built anew, which starts with higher numbers. -#}
{% macro last_seq_of(bronze) -%}
  {%- set found = run_query(
    'select (select coalesce(max(_change_seq), 0) from ' ~ this ~ '), (select coalesce(min(_change_seq), 0) from ' ~ this
    ~ '), (select coalesce(min(_seq), 0) from ' ~ bronze ~ ')'
  ).rows[0] -%}
  {%- if found[1] | int != found[2] | int -%}
    {{ exceptions.raise_compiler_error(
      bronze ~ ' was built anew (another key, or another way of reading its files), and ' ~ this ~ ' holds rows of the earlier one. '
      ~ 'Nothing was changed. Run again with --full-refresh.'
    ) }}
  {%- endif -%}
  {{ return(found[0] | int) }}
{%- endmacro %}

{#- The mask of the columns that are marked, e.g. `required`. -#}
{% macro mask_of(columns, mark) -%}
  {%- set mask = namespace(sum=0) -%}
  {%- for column in columns if column.get(mark, false) -%}
    {%- set mask.sum = mask.sum + 2 ** column.bit -%}
  {%- endfor -%}
  {{ return(mask.sum) }}
{%- endmacro %}

{#- The delivered columns of a bronze table in lower case; empty where the warehouse cannot be asked, as when compiling without one. -#}
{% macro delivered_columns(bronze) -%}
  {%- set names = [] -%}
  {%- if execute and flags.INTROSPECT -%}
    {%- for column in adapter.get_columns_in_relation(bronze) -%}
      {%- do names.append(column.name | lower) -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(names) }}
{%- endmacro %}
