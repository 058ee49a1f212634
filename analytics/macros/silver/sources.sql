{#- True where the shop has this data set of this source: `var('sources')` = {source: [data set, …]}. -#}
{% macro has_data_set(source_name, data_set) -%}
  {{ return(data_set in var('sources', {}).get(source_name, [])) }}
{%- endmacro %}
