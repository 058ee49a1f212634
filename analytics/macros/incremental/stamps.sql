{#-
  Rows that a model builds anew, after a change of rules, and that come out as they were keep their `_cut`: what is built
  from them has nothing to do. For models whose rows are looked at by `_cut` further down and that look past the silver logs, so that any
  new rule above builds them anew. A copy of the rows as they were is kept aside meanwhile.

  Pre-hook `keep_stamps()`; post-hooks after the purge: `restore_stamps(key)`, `forget_stamps()`.
-#}
{% macro keep_stamps() -%}
  {%- if cartwright.keeps_stamps() -%}
create or replace table {{ cartwright.meta_relation('before_' ~ model.name) }} as
select * from {{ this }}
  {%- endif -%}
{%- endmacro %}

{% macro restore_stamps(key) -%}
  {%- if cartwright.keeps_stamps() -%}
    {%- set before = cartwright.meta_relation('before_' ~ model.name) -%}
    {%- set columns = cartwright.delivered_columns(this) -%}
    {%- if columns | sort == cartwright.delivered_columns(before) | sort -%}
update {{ this }} as rows_now
set _cut = before._cut
from {{ before }} as before
where before.{{ key }} = rows_now.{{ key }}
      {%- for column in columns if column not in [key, '_cut'] %}
    and before.{{ column }} is not distinct from rows_now.{{ column }}
      {%- endfor -%}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{% macro forget_stamps() -%}
  {%- if cartwright.keeps_stamps() -%}
drop table if exists {{ cartwright.meta_relation('before_' ~ model.name) }}
  {%- endif -%}
{%- endmacro %}

{#- Where a shop's own models deliver entities, everything is built anew each time, with or without stamps. -#}
{% macro keeps_stamps() -%}
  {{ return(cartwright.updates() and cartwright.moment(entities=true).all and not var('entity_models', {})) }}
{%- endmacro %}
