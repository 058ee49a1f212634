import { expect, test } from "vitest"
import { scanDefinitions } from "./scan.ts"

test("finds macros, tests and materializations with their lines, and nothing in comments or raw blocks", () => {
  const source = `{# {% macro no() %}{% endmacro %} #}
{%- macro a(format='%H:%M %}', x="y") -%}
  {% raw %}{% macro no() %}{% endraw %}
{%- endmacro -%}
{% test positive(model) %}select 1{% endtest %}

{% materialization mine, adapter='duckdb' %}{% endmaterialization %}
{% docs d %}text{% enddocs %}`
  expect(scanDefinitions(source).map(({ kind, name, line }) => [kind, name, line])).toEqual([
    ["macro", "a", 2],
    ["test", "test_positive", 5],
    ["materialization", "materialization_mine_duckdb", 7],
    ["other", "d", 8],
  ])
})
