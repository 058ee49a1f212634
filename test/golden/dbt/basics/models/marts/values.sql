{#- Everything that a template can print. -#}
{% set picked = pick(1, 3, 4, c=5) %}
{%- set ns = namespace(total=0) -%}
{%- for s in var('statuses') -%}{%- set ns.total = ns.total + loop.index -%}{%- endfor -%}
select
  $q${{ picked }}$q$ as picked,
  {{ ns.total }} as total,
  {{ var('ratio') }} as ratio,
  {{ var('ratio') * 2 }} as doubled,
  $q${{ var("nested").b | join("|") }}$q$ as joined,
  $q${{ var("nested")["a"] }}$q$ as a,
  $q${% call(x) wrapped() %}{{ x }}!{% endcall %}$q$ as wrapped,
  {% for s in var('statuses') %}
  sum(case when '{{ s | replace("'", "''") }}' = 'new' then 1 else 0 end) as {{ s | replace("'", "") }}_count{{ "," if not loop.last }}
  {% endfor %},
  $q${{ this }}$q$ as this_name,
  $q${{ this.schema }}.{{ this.identifier }}$q$ as this_parts,
  $q${{ target.name }} {{ target.schema }} {{ target.type }} {{ target.threads }}$q$ as target_name,
  $q${{ model.unique_id }} {{ model.config.materialized }} {{ model.tags | join(",") }}$q$ as model_id,
  $q${{ project_name }}$q$ as project,
  $q${{ env_var("NOT_SET_ANYWHERE", "fallback") }}$q$ as env,
  $q${{ tojson({"b": 1, "a": [1.0, none, true]}) }}$q$ as json,
  $q${{ fromjson("{\"a\": 1.0, \"b\": [1, \"x\"]}") }}$q$ as unjson,
  $q${{ fromyaml("a: 1") }}$q$ as unyaml,
  $q${{ set([1, 1, 2]) | list | length }} {{ zip([1, 2], ["a", "b"]) | list }}$q$ as collections,
  $q${{ local_md5("a") }}$q$ as hashed,
  $q${{ modules.datetime.datetime(2020, 1, 31, 10, 5, 7).strftime("%Y/%m/%d %H:%M:%S") }}$q$ as formatted,
  $q${{ modules.datetime.date(2020, 2, 28) + modules.datetime.timedelta(days=2) }}$q$ as dated,
  $q${{ modules.re.sub("[^a-z]+", "_", "ab 12 cd") }} {{ modules.re.match("(a)(b)", "abc").groups() }}$q$ as regexed,
  $q${{ modules.itertools.chain([1], [2, 3]) | list }}$q$ as chained,
  $q${{ dbt_version }}$q$ as version,
  $q${{ graph.nodes.values() | selectattr("resource_type", "equalto", "model") | map(attribute="name") | sort | join(",") }}$q$ as models
from {{ ref('stg_orders') }}
