{#- A config that only BigQuery has, such as partition_by as a dictionary, which dbt-duckdb refuses. -#}
{% macro on_bigquery(value) -%}
  {{ return(value if target.type == 'bigquery' else none) }}
{%- endmacro %}

{#- Partitions of a fact by the month of a timestamp. -#}
{% macro by_month(column) -%}
  {{ return({'field': column, 'data_type': 'timestamp', 'granularity': 'month'}) }}
{%- endmacro %}

{#-
  Stores a fact in the order of time, which makes files smaller and lets readers skip most of them. BigQuery partitions
  and clusters instead.
-#}
{% macro in_time_order(column) -%}
  {%- if target.type == 'duckdb' -%} order by {{ column }} {%- endif -%}
{%- endmacro %}
