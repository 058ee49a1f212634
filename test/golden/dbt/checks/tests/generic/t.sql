{% test at_least(model, column_name, minimum=0, label='x') %}
{{ config(fail_calc='sum(n)', error_if='> 1') }}
select {{ column_name }}, count(*) as n from {{ model }} where {{ column_name }} < {{ minimum }} group by 1
{% endtest %}

{% test row_count_of(model, other, factor=1.0) %}
select 1 as one where (select count(*) from {{ model }}) != {{ factor }} * (select count(*) from {{ other }})
{% endtest %}

{% test pair(model, columns) %}
select {{ columns | join(', ') }} from {{ model }} group by all having count(*) > 1
{% endtest %}
