{#-
  The rows that a generic test looks at. A table that only takes in what is new (it has the column `_cut`) is tested in the
  rows that were written since the test last passed; `--vars '{test_all_rows: true}'` and a full refresh test all. A
  shop's project hands dbt's own macro over to this one (macros/get_where_subquery.sql).
-#}
{% macro rows_to_test(relation) -%}
  {%- set conditions = [] -%}
  {%- if config.get('where', '') -%} {%- do conditions.append('(' ~ config.get('where') ~ ')') -%} {%- endif -%}
  {%- if execute and flags.INTROSPECT and flags.WHICH in ['test', 'build'] and not var('test_all_rows', false) and not flags.FULL_REFRESH -%}
    {%- set tested = graph.nodes.get(model.attached_node) or {} -%}
    {%- if '_cut' in tested.get('columns', {}) and tested.name == relation.identifier -%}
      {%- set passed = cartwright.passed_tests().get(model.unique_id) -%}
      {%- if passed is not none -%} {%- do conditions.append('_cut > ' ~ passed) -%} {%- endif -%}
    {%- endif -%}
  {%- endif -%}
  {{ return('(select * from ' ~ relation ~ ' where ' ~ conditions | join(' and ') ~ ') dbt_subquery' if conditions else relation) }}
{%- endmacro %}

{#- Test → the cut up to which it has passed. Asked once and kept in the graph. -#}
{% macro passed_tests() -%}
  {%- if '_cartwright_tests' not in graph -%}
    {%- set passed = {} -%}
    {%- for row in run_query('select test, max(passed_to) from ' ~ cartwright.meta_relation('tests') ~ ' group by test').rows -%}
      {%- do passed.update({row[0]: row[1] | int}) -%}
    {%- endfor -%}
    {%- do graph.update({'_cartwright_tests': passed}) -%}
  {%- endif -%}
  {{ return(graph['_cartwright_tests']) }}
{%- endmacro %}

{#- on-run-end of the package: up to which cut each test has passed. A failing one is not moved on: it sees its rows again. -#}
{% macro record_tests(results) -%}
  {%- if execute and flags.WHICH in ['test', 'build'] -%}
    {%- set passed = [] -%}
    {%- for result in results if result.node.resource_type == 'test' and result.status == 'pass' and result.node.package_name == 'cartwright' -%}
      {%- do passed.append(result.node.unique_id) -%}
    {%- endfor -%}
    {%- if passed -%}
      {%- set tests = cartwright.meta_relation('tests') -%}
      {%- do run_query('delete from ' ~ tests ~ " where test in ('" ~ passed | join("', '") ~ "')") -%}
insert into {{ tests }} (test, passed_to)
select test, (select max(cut) from {{ cartwright.meta_relation('cuts') }})
from (
      {%- for test in passed %}
    select '{{ test }}' as test{{ ' union all' if not loop.last }}
      {%- endfor %}
) as passed
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}
