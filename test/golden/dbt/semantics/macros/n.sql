{% macro noted(x) %}{{ x }}{% endmacro %}
