{% macro maybe(what) %}
  {% if var('fail', '') == what %}select * from no_such_table{% else %}insert into main.log values ('{{ what }}'){% endif %}
{% endmacro %}
{% macro summary(results) %}
  {% if execute %}
  {% for r in results %}
    {% do run_query("insert into main.log values ('" ~ r.node.name ~ " " ~ r.status ~ "')") %}
  {% endfor %}
  {% endif %}
{% endmacro %}
