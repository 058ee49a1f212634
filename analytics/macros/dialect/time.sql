{#- Microseconds since 1970 of a timestamp, as an integer. -#}
{% macro unix_micros(timestamp) -%}
  {{ return(adapter.dispatch('unix_micros', 'cartwright')(timestamp)) }}
{%- endmacro %}
{% macro duckdb__unix_micros(timestamp) -%} epoch_us({{ timestamp }}) {%- endmacro %}
{% macro bigquery__unix_micros(timestamp) -%} unix_micros({{ timestamp }}) {%- endmacro %}

{#- The day of a timestamp in UTC. -#}
{% macro date_of(timestamp) -%}
  cast({{ timestamp }} as date)
{%- endmacro %}

{#- First day of the month of a date. -#}
{% macro month_of(date) -%}
  {{ return(adapter.dispatch('month_of', 'cartwright')(date)) }}
{%- endmacro %}
{% macro duckdb__month_of(date) -%} cast(date_trunc('month', {{ date }}) as date) {%- endmacro %}
{% macro bigquery__month_of(date) -%} date_trunc({{ date }}, month) {%- endmacro %}

{#- Whole days from the first date to the second. -#}
{% macro days_between(first, second) -%}
  {{ return(adapter.dispatch('days_between', 'cartwright')(first, second)) }}
{%- endmacro %}
{% macro duckdb__days_between(first, second) -%} date_diff('day', {{ first }}, {{ second }}) {%- endmacro %}
{% macro bigquery__days_between(first, second) -%} date_diff({{ second }}, {{ first }}, day) {%- endmacro %}

{#- A date, some whole days later. -#}
{% macro add_days(date, days) -%}
  {{ return(adapter.dispatch('add_days', 'cartwright')(date, days)) }}
{%- endmacro %}
{% macro duckdb__add_days(date, days) -%} ({{ date }} + cast({{ days }} as integer)) {%- endmacro %}
{% macro bigquery__add_days(date, days) -%} date_add({{ date }}, interval {{ days }} day) {%- endmacro %}

{#- Hours from the first timestamp to the second, as a number with fractions; negative where the second is earlier. -#}
{% macro hours_between(first, second) -%}
  (({{ cartwright.unix_micros(second) }} - {{ cartwright.unix_micros(first) }}) / 3600000000.0)
{%- endmacro %}

{#- A date as the integer yyyymmdd. -#}
{% macro yyyymmdd(date) -%}
  (extract(year from {{ date }}) * 10000 + extract(month from {{ date }}) * 100 + extract(day from {{ date }}))
{%- endmacro %}

{#- The key of a timestamp's day in dim_dates: `missing` without a timestamp, -4 outside the calendar. -#}
{% macro date_key(timestamp, missing=-1) -%}
  case
    when {{ timestamp }} is null then {{ missing }}
    when {{ cartwright.date_of(timestamp) }} < date '{{ var("calendar_from") }}' or {{ cartwright.date_of(timestamp) }} > date '{{ var("calendar_to") }}' then -4
    else {{ cartwright.yyyymmdd(cartwright.date_of(timestamp)) }}
  end
{%- endmacro %}

{#- Day of the week, Monday = 1 … Sunday = 7. -#}
{% macro iso_weekday(date) -%}
  {{ return(adapter.dispatch('iso_weekday', 'cartwright')(date)) }}
{%- endmacro %}
{% macro duckdb__iso_weekday(date) -%} extract(isodow from {{ date }}) {%- endmacro %}
{% macro bigquery__iso_weekday(date) -%} (mod(extract(dayofweek from {{ date }}) + 5, 7) + 1) {%- endmacro %}

{#- ISO 8601 week of the year, 1 … 53. -#}
{% macro iso_week(date) -%}
  {{ return(adapter.dispatch('iso_week', 'cartwright')(date)) }}
{%- endmacro %}
{% macro duckdb__iso_week(date) -%} extract(week from {{ date }}) {%- endmacro %}
{% macro bigquery__iso_week(date) -%} extract(isoweek from {{ date }}) {%- endmacro %}

{#- The present moment, in UTC. -#}
{% macro now() -%}
  {{ return(adapter.dispatch('now', 'cartwright')()) }}
{%- endmacro %}
{% macro duckdb__now() -%} (current_timestamp at time zone 'UTC') {%- endmacro %}
{% macro bigquery__now() -%} current_timestamp() {%- endmacro %}
