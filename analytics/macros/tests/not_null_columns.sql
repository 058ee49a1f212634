{#-
  None of these columns is empty: dbt's `not_null` of many columns in one query, since every query has a price, on BigQuery
  ten megabytes at least. The failing rows are given with all of these columns.
-#}
{% test not_null_columns(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where {{ columns | join(' is null or ') }} is null
{% endtest %}
