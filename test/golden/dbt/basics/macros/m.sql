{% macro is_recent(col) -%}
  extract(year from {{ col }}) >= {{ var('start_year') }}
{%- endmacro %}


{% macro log_run(what) %}
  insert into {{ target.schema }}.run_log values ('{{ what }} {{ selected_resources | length }} {{ flags.WHICH }}')
{% endmacro %}

{#- Macros with everything: defaults, varargs, kwargs, caller, return. -#}
{% macro pick(a, b=2) %}{{ return([a, b, varargs | list, kwargs]) }}{% endmacro %}

{% macro wrapped() %}<{{ caller('inner') }}>{% endmacro %}

{% macro union_of(refs) %}
  {%- for r in refs %}
  select *, '{{ r.identifier }}' as src from {{ r }}
  {%- if not loop.last %} union all {% endif -%}
  {%- endfor %}
{% endmacro %}
