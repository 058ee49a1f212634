{% macro other() %}{{ return(adapter.dispatch('other', 'lib_b')()) }}{% endmacro %}
{% macro default__other() %}'b other'{% endmacro %}
{% macro thing() %}{{ adapter.dispatch('thing', macro_namespace='lib_b')() }}{% endmacro %}
{% macro default__thing() %}'b thing'{% endmacro %}
