{#-
  What every statement says of itself (`query-comment` of a shop's project): the labels of the run that it belongs to, and the
  model. BigQuery keeps them as labels of the job, by which its bill can be told apart.
-#}
{% macro job_labels(node) -%}
  {%- set labels = fromjson(env_var('CARTWRIGHT_JOB_LABELS', '{}')) -%}
  {%- if node -%} {%- do labels.update({'node': node.name}) -%} {%- endif -%}
  {{ return(tojson(labels)) }}
{%- endmacro %}
