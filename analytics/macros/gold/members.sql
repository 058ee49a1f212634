{#-
  The fixed members that every dimension has, so that no fact ever has an empty key.
  A relation with member_key (-1 … -4) and member_name.
-#}
{% macro fixed_members() -%}
(
    select -1 as member_key, 'Unknown' as member_name
    union all select -2, 'Not applicable'
    union all select -3, 'Not yet arrived'
    union all select -4, 'Bad value'
)
{%- endmacro %}

{#- A natural key's key in a dimension without versions; -1 where there is none. -#}
{% macro key_or_unknown(part) -%}
  case when {{ part }} is null then -1 else {{ cartwright.key_of([part]) }} end
{%- endmacro %}

{#- A place's key: the finest that is known counts, the country only where nothing finer is. -#}
{% macro location_key(country, state, city, postal_code) -%}
  case
    when {{ state }} is not null or {{ city }} is not null or {{ postal_code }} is not null
      then {{ cartwright.key_of(["''", state, city, postal_code]) }}
    when {{ country }} is not null then {{ cartwright.country_key(country) }}
    else -1
  end
{%- endmacro %}

{#- The key of a place of which only the country is known. -#}
{% macro country_key(country) -%}
  {{ cartwright.key_of([country, "''", "''", "''"]) }}
{%- endmacro %}

{#- The span of a dimension version that is the only one: all time. -#}
{% macro start_of_time() -%} timestamp '1900-01-01 00:00:00' {%- endmacro %}
{% macro end_of_time() -%} timestamp '9999-12-31 00:00:00' {%- endmacro %}

{#- The condition that takes, of a thing's versions, the one that was valid at a fact's time. -#}
{% macro valid_at(version, time) -%}
  {{ time }} >= {{ version }}.valid_from and {{ time }} < {{ version }}.valid_to
{%- endmacro %}

{#-
  The same among inner joins of more than two tables, said so that no engine takes it for a way to join: the one that compares
  a fact with all versions of everything.
-#}
{% macro is_valid_at(version, time) -%}
  case when {{ cartwright.valid_at(version, time) }} then 1 else 0 end = 1
{%- endmacro %}
