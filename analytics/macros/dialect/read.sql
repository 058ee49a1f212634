{#-
  Readers: delivered text in, typed value out, NULL where the text is no such value. Nothing here can fail.
  What each accepts is in docs/data-model.md; both engines accept the same.
-#}

{#- One of the readers below by the name of the type: text, id, integer, number, money, timestamp. -#}
{% macro read_as(kind, value, format=none) -%}
  {%- if kind == 'text' -%} {{ cartwright.read_text(value) }}
  {%- elif kind == 'id' -%} {{ cartwright.read_id(value) }}
  {%- elif kind == 'integer' -%} {{ cartwright.read_integer(value) }}
  {%- elif kind == 'number' -%} {{ cartwright.read_number(value) }}
  {%- elif kind == 'money' -%} {{ cartwright.read_money(value) }}
  {%- elif kind == 'timestamp' -%} {{ cartwright.read_timestamp(value, format) }}
  {%- else -%} {{ exceptions.raise_compiler_error("no reader for the type '" ~ kind ~ "'; there are text, id, integer, number, money, timestamp") }}
  {%- endif -%}
{%- endmacro %}

{#- Without spaces at either end; empty is NULL. The space is named, since engines differ in what else they trim. -#}
{% macro read_text(value) -%}
  nullif(trim({{ value }}, ' '), '')
{%- endmacro %}

{#- An identifier stays text; `17850.0`, which spreadsheets and data frames make of 17850, is 17850. -#}
{% macro read_id(value) -%}
  case
    when trim({{ value }}, ' ') like '%.0' then nullif(substr(trim({{ value }}, ' '), 1, length(trim({{ value }}, ' ')) - 2), '')
    else nullif(trim({{ value }}, ' '), '')
  end
{%- endmacro %}

{#- A whole number, also written `6.0`. -#}
{% macro read_integer(value) -%}
  {{ return(adapter.dispatch('read_integer', 'cartwright')(value)) }}
{%- endmacro %}

{% macro duckdb__read_integer(value) -%}
  case when regexp_full_match(trim({{ value }}, ' '), '[+-]?[0-9]+([.]0+)?')
    then try_cast(split_part(trim({{ value }}, ' '), '.', 1) as bigint)
  end
{%- endmacro %}

{% macro bigquery__read_integer(value) -%}
  case when regexp_contains(trim({{ value }}, ' '), r'^[+-]?[0-9]+([.]0+)?$')
    then safe_cast(split(trim({{ value }}, ' '), '.')[safe_offset(0)] as int64)
  end
{%- endmacro %}

{#- A floating point number, for measurements only; never for money. -#}
{% macro read_number(value) -%}
  {{ return(adapter.dispatch('read_number', 'cartwright')(value)) }}
{%- endmacro %}

{% macro duckdb__read_number(value) -%}
  case when regexp_full_match(trim({{ value }}, ' '), '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?')
    then try_cast(trim({{ value }}, ' ') as double)
  end
{%- endmacro %}

{% macro bigquery__read_number(value) -%}
  case when regexp_contains(trim({{ value }}, ' '), r'^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$')
    then safe_cast(trim({{ value }}, ' ') as float64)
  end
{%- endmacro %}

{#- An amount: decimal with six places, rounded half away from zero; below 10^12 in size. No currency sign, no thousands separator. -#}
{% macro read_money(value) -%}
  {{ return(adapter.dispatch('read_money', 'cartwright')(value)) }}
{%- endmacro %}

{% macro duckdb__read_money(value) -%}
  case when regexp_full_match(trim({{ value }}, ' '), '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?')
    then try_cast(trim({{ value }}, ' ') as decimal(18, 6))
  end
{%- endmacro %}

{% macro bigquery__read_money(value) -%}
  case when regexp_contains(trim({{ value }}, ' '), r'^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$')
      and abs(round(safe_cast(trim({{ value }}, ' ') as bignumeric), 6)) < 1000000000000
    then cast(round(safe_cast(trim({{ value }}, ' ') as bignumeric), 6) as numeric)
  end
{%- endmacro %}

{#-
  A point in time, in UTC. `format`: none for year-first text (`2025-09-12 01:11:58.000000 UTC`, `…+00:00`, ISO with T and Z,
  a bare date, any offset, up to nine decimals of which six are kept), `us` for `12/1/2010 8:26` (month/day/year hour:minute).
  Text without an offset is UTC.
-#}
{% macro read_timestamp(value, format=none) -%}
  {{ return(adapter.dispatch('read_timestamp', 'cartwright')(value, format)) }}
{%- endmacro %}

{% macro duckdb__read_timestamp(value, format=none) -%}
  {%- if format == 'us' -%}
    coalesce(
      try_strptime(trim({{ value }}, ' '), '%m/%d/%Y %H:%M'),
      {{ cartwright.duckdb__read_timestamp(value) }}
    )
  {%- else -%}
    case
      {#- The usual spellings first: trimming and matching every text would cost four times the cast. #}
      when substr({{ value }}, 5, 1) = '-' and (
          {{ value }} like '%UTC' or {{ value }} like '%+00:00' or {{ value }} like '%Z'
          or (length({{ value }}) = 19 and substr({{ value }}, 17, 1) = ':')
        ) then try_cast({{ value }} as timestamp)
      when substr(trim({{ value }}, ' '), 5, 1) <> '-' then null
      {#- A cast to TIMESTAMP ignores the offset, so text that has one goes through the type that does not. #}
      when regexp_matches(substr(trim({{ value }}, ' '), 11), '[+-][0-9]{2}(:?[0-9]{2})?$')
        then make_timestamp(epoch_us(try_cast(regexp_replace(trim({{ value }}, ' '), ' ?([+-][0-9]{2}):?([0-9]{2})?$', '\1:\2') as timestamptz)))
      else try_cast(trim({{ value }}, ' ') as timestamp)
    end
  {%- endif -%}
{%- endmacro %}

{% macro bigquery__read_timestamp(value, format=none) -%}
  {%- if format == 'us' -%}
    coalesce(
      safe.parse_timestamp('%m/%d/%Y %H:%M', trim({{ value }}, ' ')),
      {{ cartwright.bigquery__read_timestamp(value) }}
    )
  {%- else -%}
    case when substr(trim({{ value }}, ' '), 5, 1) = '-'
      then safe_cast(regexp_replace(regexp_replace(trim({{ value }}, ' '), r'([.][0-9]{6})[0-9]+', r'\1'), r' ([+-][0-9]{2}:?[0-9]{0,2})$', r'\1') as timestamp)
    end
  {%- endif -%}
{%- endmacro %}
