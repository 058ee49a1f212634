{#- The keys of a log's rows that are new to this model or judged anew. -#}
{% macro keys_since(log, key, moment) -%}
  select {{ key }} from {{ log }} where _cut > {{ moment.since }} and {{ key }} is not null
{%- endmacro %}

{#-
  A query of keys that a model looks at again, in a form that tells the engine how few they are. DuckDB guesses a fifth of
  the table for `_cut > n`, and would rather read the other side whole; so there the keys are put into a temporary table, once for the
  model and its hooks. Only where rows are added: see updates().
-#}
{% macro kept(query) -%}
  {{ return(adapter.dispatch('kept', 'cartwright')(query)) }}
{%- endmacro %}

{% macro default__kept(query) -%} {{ return(query) }} {%- endmacro %}

{% macro duckdb__kept(query) -%}
  {%- set name = model.name ~ '__keys_' ~ local_md5(query)[:8] -%}
  {%- set node = graph.nodes[model.unique_id] -%}
  {%- if name not in node.get('_kept', []) -%}
    {%- do run_query('create or replace temporary table ' ~ name ~ ' as select distinct * from (' ~ query ~ ') as keys') -%}
    {%- do node.update({'_kept': node.get('_kept', []) + [name]}) -%}
  {%- endif -%}
  {{ return('select * from ' ~ name) }}
{%- endmacro %}
