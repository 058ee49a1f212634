{#- A text as a literal of SQL: BigQuery reads backslashes in it, and ends it where the line ends. -#}
{% macro literal(text) -%}
  {{ return(adapter.dispatch('literal', 'cartwright')(text | string)) }}
{%- endmacro %}
{% macro duckdb__literal(text) -%} '{{ text | replace("'", "''") }}' {%- endmacro %}
{% macro bigquery__literal(text) -%}
  '{{ text | replace('\\', '\\\\') | replace("'", "\\'") | replace('\n', '\\n') | replace('\r', '\\r') }}'
{%- endmacro %}

{#- The first of two integers divided by the second, without the remainder. -#}
{% macro whole_quotient(dividend, divisor) -%}
  {{ return(adapter.dispatch('whole_quotient', 'cartwright')(dividend, divisor)) }}
{%- endmacro %}
{% macro duckdb__whole_quotient(dividend, divisor) -%} ({{ dividend }} // {{ divisor }}) {%- endmacro %}
{% macro bigquery__whole_quotient(dividend, divisor) -%} div({{ dividend }}, {{ divisor }}) {%- endmacro %}

{#- A part of a whole as a fraction of 1, four decimals; NULL where the whole is 0. -#}
{% macro rate(part, whole) -%}
  round(cast({{ part }} as {{ cartwright.type_of('number') }}) / nullif({{ whole }}, 0), 4)
{%- endmacro %}

{#- True where the text matches the regular expression somewhere (RE2 syntax on every engine). -#}
{% macro matches(text, pattern) -%}
  {{ return(adapter.dispatch('matches', 'cartwright')(text, pattern)) }}
{%- endmacro %}
{% macro duckdb__matches(text, pattern) -%} regexp_matches({{ text }}, {{ cartwright.literal(pattern) }}) {%- endmacro %}
{% macro bigquery__matches(text, pattern) -%} regexp_contains({{ text }}, {{ cartwright.literal(pattern) }}) {%- endmacro %}

{#- What the pattern's one group matches, NULL where nothing does. -#}
{% macro extract_match(text, pattern) -%}
  {{ return(adapter.dispatch('extract_match', 'cartwright')(text, pattern)) }}
{%- endmacro %}
{% macro duckdb__extract_match(text, pattern) -%} nullif(regexp_extract({{ text }}, {{ cartwright.literal(pattern) }}, 1), '') {%- endmacro %}
{% macro bigquery__extract_match(text, pattern) -%} nullif(regexp_extract({{ text }}, {{ cartwright.literal(pattern) }}), '') {%- endmacro %}

{#- Of a group of rows, the value in the row where `by` is smallest. -#}
{% macro value_at_least(value, by) -%}
  {{ return(adapter.dispatch('value_at_least', 'cartwright')(value, by)) }}
{%- endmacro %}
{% macro duckdb__value_at_least(value, by) -%} arg_min({{ value }}, {{ by }}) {%- endmacro %}
{% macro bigquery__value_at_least(value, by) -%} any_value({{ value }} having min ({{ by }})) {%- endmacro %}

{#- A sum of integers, as an integer; a sum of amounts, as an amount. -#}
{% macro total(value) -%} cast(sum({{ value }}) as {{ cartwright.type_of('integer') }}) {%- endmacro %}
{% macro money_total(value) -%} cast(sum({{ value }}) as {{ cartwright.type_of('money') }}) {%- endmacro %}

{#- One number that orders by an integer and, where that is equal, by a computed key, which is positive and below 2^60. -#}
{% macro rank_with_key(integer, key) -%}
  {{ return(adapter.dispatch('rank_with_key', 'cartwright')(integer, key)) }}
{%- endmacro %}
{% macro duckdb__rank_with_key(integer, key) -%} (cast({{ integer }} as hugeint) * 1152921504606846976 + {{ key }}) {%- endmacro %}
{% macro bigquery__rank_with_key(integer, key) -%} (cast({{ integer }} as bignumeric) * 1152921504606846976 + {{ key }}) {%- endmacro %}
