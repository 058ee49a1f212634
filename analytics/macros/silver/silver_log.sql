{#-
  The silver log of a data set: one row per bronze row, typed, with where it came from and which casts failed.

  columns: a list of
    name      the column's name in silver
    from      its name as delivered (default: `name`)
    type      text, id, integer, number, money, timestamp: the reader that types it (macros/dialect/read.sql)
    format    what the reader needs to know, e.g. `us` for a timestamp
    null_text a text that means "no value" here, e.g. the word null
    bit       the column's bit in _failed_mask, 0 … 62; permanent, never given to another column. Every column that is not
              plain text has one, and every required one
    required  true where a row without the value is of no use: it is rejected, which _is_rejected says
    key       true for the key of the data set

  A deletion (_op 'D') repeats the last attributes, so it is rejected only where its key is missing.
-#}
{% macro silver_log(bronze, columns) -%}
{%- set delivered = cartwright.delivered_columns(bronze) -%}
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

),

masked as (

    select
        *,
        {%- for column in columns if column.bit is defined %}
        {{ '+ ' if not loop.first }}case when {{ column.name }} is null{{ ' and _has_' ~ column.name if not column.required }} then {{ 2 ** column.bit }} else 0 end
        {%- else %} 0
        {%- endfor %} as _failed_mask
    from typed

)

select
    {%- for column in columns %}
    {{ column.name }},
    {%- endfor %}
    _failed_mask,
    {%- set key_mask = cartwright.mask_of(columns, 'key') %}
    (_failed_mask & {{ cartwright.mask_of(columns, 'required') }}) <> 0{{ " and (_op <> 'D' or (_failed_mask & " ~ key_mask ~ ") <> 0)" if key_mask }} as _is_rejected,
    _landing_id,
    _row_number,
    _row_hash,
    _op,
    _change_seq,
    _as_of,
    _extracted_at
from masked
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
