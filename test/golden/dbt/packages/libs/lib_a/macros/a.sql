{% macro hello(x='a') %}{{ return(adapter.dispatch('hello', 'lib_a')(x)) }}{% endmacro %}
{% macro default__hello(x) %}'default a {{ x }}'{% endmacro %}
{% macro duckdb__hello(x) %}'duck a {{ x }} {{ lib_a.helper() }}'{% endmacro %}
{% macro helper() %}{{ var('shared') }}/{{ var('scoped', 'none') }}{% endmacro %}
{% macro duckdb__other() %}'a other'{% endmacro %}
{% macro default__concat(fields) %}a_concat({{ fields | join(' + ') }}){% endmacro %}
{% test always(model) %}select 1 as x from {{ model }} where false{% endtest %}
