{#-
  A key computed from natural key parts: the first 60 bits of the md5 of the parts' text, joined by `|`, as a positive
  integer. Equal on every engine. A part that is NULL counts as empty; `|` and `\` inside a part are escaped.
-#}
{% macro key_of(parts) -%}
  {%- set texts = [] -%}
  {%- for part in parts -%}
    {%- do texts.append(cartwright.key_part(part)) -%}
  {%- endfor -%}
  {{ cartwright.hash_of(texts[0] if texts | length == 1 else "concat(" ~ texts | join(", '|', ") ~ ")") }}
{%- endmacro %}

{#-
  The key of a thing's first version. It is the thing's durable key as well, and its placeholder's: later versions add
  the microseconds since 1970 from which they hold as the last part, the first has an empty one.
-#}
{% macro durable_key(parts) -%}
  {{ cartwright.key_of(parts + ["''"]) }}
{%- endmacro %}

{% macro key_part(part) -%}
  {{ return(adapter.dispatch('key_part', 'cartwright')(part)) }}
{%- endmacro %}
{% macro duckdb__key_part(part) -%}
  {%- if part == "''" -%} '' {%- else -%} replace(replace(coalesce(cast({{ part }} as varchar), ''), '\', '\\'), '|', '\|') {%- endif -%}
{%- endmacro %}
{% macro bigquery__key_part(part) -%}
  {%- if part == "''" -%} '' {%- else -%} replace(replace(coalesce(cast({{ part }} as string), ''), '\\', '\\\\'), '|', '\\|') {%- endif -%}
{%- endmacro %}

{% macro hash_of(text) -%}
  {{ return(adapter.dispatch('hash_of', 'cartwright')(text)) }}
{%- endmacro %}
{% macro duckdb__hash_of(text) -%} cast('0x' || substr(md5({{ text }}), 1, 15) as bigint) {%- endmacro %}
{% macro bigquery__hash_of(text) -%} cast(concat('0x', substr(to_hex(md5({{ text }})), 1, 15)) as int64) {%- endmacro %}
