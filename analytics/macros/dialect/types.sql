{#- The warehouse's name of a type: text, integer, number, money, timestamp, date, boolean. -#}
{% macro type_of(kind) -%}
  {{ return(adapter.dispatch('type_of', 'cartwright')(kind)) }}
{%- endmacro %}

{% macro duckdb__type_of(kind) -%}
  {%- set names = {
    'text': 'varchar', 'integer': 'bigint', 'number': 'double', 'money': 'decimal(18, 6)',
    'timestamp': 'timestamp', 'date': 'date', 'boolean': 'boolean'
  } -%}
  {{ return(names[kind]) }}
{%- endmacro %}

{% macro bigquery__type_of(kind) -%}
  {%- set names = {
    'text': 'string', 'integer': 'int64', 'number': 'float64', 'money': 'numeric',
    'timestamp': 'timestamp', 'date': 'date', 'boolean': 'bool'
  } -%}
  {{ return(names[kind]) }}
{%- endmacro %}

{#- A value cast to one of our types; the cast fails loudly, so only for values that are known to fit. -#}
{% macro as_type(value, kind) -%}
  cast({{ value }} as {{ cartwright.type_of(kind) }})
{%- endmacro %}

{#- The null of a type. -#}
{% macro null_of(kind) -%}
  cast(null as {{ cartwright.type_of(kind) }})
{%- endmacro %}

{#- A relation without rows that has these columns: {name: type}. -#}
{% macro no_rows(columns) -%}
select
    {%- for name, kind in columns.items() %}
    {{ cartwright.null_of(kind) }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from (select 1 as one) as empty
where empty.one = 0
{%- endmacro %}
