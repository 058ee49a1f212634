{% macro default__thing() %}'root thing'{% endmacro %}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- if custom_schema_name is none -%}{{ target.schema }}{%- elif node.package_name == 'lib_b' -%}{{ default__generate_schema_name(custom_schema_name, node) }}
  {%- else -%}{{ custom_schema_name | trim }}_{{ node.resource_type }}{%- endif -%}
{%- endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ (custom_alias_name or node.name) ~ ('_x' if 'use' in node.name else '') }}{% endmacro %}
{% macro default__type_string() %}ROOT_STRING{% endmacro %}
