{#-
  Post-hook of a model that is rebuilt key by key: what it had of those keys, and this invocation did not write again, is no more.
  keys: the keys as a query, none after a full build.
-#}
{% macro purge(key, keys, entities=false) -%}
  {%- set moment = cartwright.moment(entities) -%}
  {%- if cartwright.updates() -%}
delete from {{ this }}
where _cut < {{ moment.cut }}
    {%- if not moment.all %}
    and {{ key }} in ({{ cartwright.kept(keys) }})
    {%- endif %}
  {%- endif -%}
{%- endmacro %}

{#- Post-hook of a model that is rebuilt by keys of one log; own_key: the key's name in the model. -#}
{% macro purge_by_log(log, key, own_key=none) -%}
  {{ cartwright.purge(own_key or key, cartwright.keys_since(ref(log), key, cartwright.moment())) }}
{%- endmacro %}

{#- Post-hook of a model that only ever grows: after everything was built anew, what was not written again is no more. -#}
{% macro purge_all(entities=false) -%}
  {%- set moment = cartwright.moment(entities) -%}
  {%- if cartwright.updates() and moment.all -%}
delete from {{ this }} where _cut < {{ moment.cut }}
  {%- endif -%}
{%- endmacro %}
