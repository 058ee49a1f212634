{#-
  The rows of a fact whose dimension member has got another version for their time, or another place or channel: a late change
  splits a span, and the facts in it move to the new version. A query of the fact's key columns, made to follow another one by `union distinct`.
  keys: the columns to give; time: the fact's time; versions: {dimension: [its short name, columns that the fact takes from it]}
-#}
{% macro rows_to_rekey(keys, time, dimensions, moment) -%}
  {%- for dimension, name, taken in dimensions %}
select facts.{{ keys | join(', facts.') }}
from {{ this }} as facts
inner join {{ ref(dimension) }} as versions
    on versions.{{ name }}_durable_key = facts.{{ name }}_durable_key
    and {{ cartwright.valid_at('versions', 'facts.' ~ time) }}
where versions._cut > {{ moment.since }}
    and versions.{{ name }}_durable_key > 0
    and (
        versions.{{ name }}_key <> facts.{{ name }}_key
        {%- for column in taken %}
        or versions.{{ column }} is distinct from facts.{{ column }}
        {%- endfor %}
    )
{{ 'union distinct' if not loop.last }}
  {%- endfor %}
{%- endmacro %}

{#-
  The rows of an entity, or of a fact, that a model looks at again: all, or those whose keys a query gives. Joined by the last
  key alone, which tells most: of a join by several, DuckDB tells the scan below it nothing, and it reads the table whole.
-#}
{% macro rows_of(relation, keys, looked_at, moment) -%}
    select found.*
    from {{ relation }} as found
    {%- if not moment.all %}
    inner join ({{ cartwright.kept(looked_at) }}) as looked_at on looked_at.{{ keys | last }} = found.{{ keys | last }}
    {%- if keys | length > 1 %}
    where case when {% for key in keys[:-1] %}looked_at.{{ key }} = found.{{ key }}{{ ' and ' if not loop.last }}{% endfor %} then 1 else 0 end = 1
    {%- endif %}
    {%- endif %}
{%- endmacro %}

{#- Post-hook of a fact: rows of changed keys that no longer are. -#}
{% macro purge_facts(entity, name) -%}
  {%- set moment = cartwright.moment(entities=true) -%}
  {%- set looked_at = cartwright.changed(entity, moment) -%}
  {%- if cartwright.updates() -%}
delete from {{ this }}
where _cut < {{ moment.cut }}
    {%- if not moment.all %}
    {%- set key = cartwright.key_of(['source_name', {'events': 'event_id', 'sales_lines': 'line_id', 'orders': 'order_id'}[entity]]) %}
    and {{ name }} in ({{ cartwright.kept('select ' ~ key ~ ' as ' ~ name ~ ' from (' ~ looked_at ~ ') as looked_at') }})
    {%- endif %}
  {%- endif -%}
{%- endmacro %}
