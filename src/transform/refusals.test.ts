import { describe, expect, test } from "vitest"
import { runEmbedded } from "./dbt.ts"
import { options, project } from "./project.fixture.ts"

describe("what only real dbt can do is refused by name", () => {
  const model = "select 1 as id"
  test.each<[feature: string, files: Record<string, string>]>([
    ["Python models", { "models/a.py": "def model(dbt, session): pass" }],
    ["model versions", { "models/a.sql": model, "models/a.yml": "models: [{name: a, versions: [{v: 1}]}]" }],
    ["enforced contracts", { "models/a.sql": `{{ config(contract={'enforced': true}) }} ${model}` }],
    [
      "materialization 'materialized_view'",
      { "models/a.sql": `{{ config(materialized='materialized_view') }} ${model}` },
    ],
    ["materialization 'external'", { "models/a.sql": `{{ config(materialized='external') }} ${model}` }],
    ["grants", { "models/a.sql": `{{ config(grants={'select': ['x']}) }} ${model}` }],
    [
      "the incremental strategy microbatch",
      {
        "models/a.sql": `{{ config(materialized='incremental', incremental_strategy='microbatch') }} ${model}`,
      },
    ],
    [
      "the incremental config merge_clauses",
      { "models/a.sql": `{{ config(materialized='incremental', merge_clauses={}) }} ${model}` },
    ],
    [
      "unit tests",
      {
        "models/a.sql": model,
        "models/a.yml": "unit_tests: [{name: u, model: a, given: [], expect: {rows: []}}]",
      },
    ],
    ["functions", { "functions/f.sql": "1" }],
    [
      "the materialization materialization_table_default",
      { "macros/m.sql": "{% materialization table, default %}{% endmaterialization %}" },
    ],
    [
      "overriding dbt's macro create_table_as",
      { "macros/m.sql": "{% macro create_table_as(a, b, c) %}{% endmacro %}" },
    ],
    [
      "overriding dbt's macro get_merge_sql",
      { "macros/m.sql": "{% macro default__get_merge_sql(a) %}{% endmacro %}" },
    ],
    ["the macro get_create_index_sql", { "models/a.sql": "{{ get_create_index_sql(this, {}) }}" }],
    [
      "adapter.get_rows_different_sql",
      { "models/a.sql": "{{ adapter.get_rows_different_sql(this, this) }}" },
    ],
    ["profile type 'bigquery'", { "profiles.yml": "shop: {target: dev, outputs: {dev: {type: bigquery}}}" }],
    [
      "attach: in a DuckDB profile",
      { "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, attach: [{path: x}]}}}" },
    ],
    [
      "DuckDB path 'md:shop'",
      { "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, path: 'md:shop'}}}" },
    ],
    [
      "a database other than the target's: 'other'",
      { "models/a.sql": `{{ config(database='other') }} ${model}` },
    ],
    [
      "the flag skip_nodes_if_on_run_start_fails: true",
      { "dbt_project.yml": "name: shop\nprofile: shop\nflags: {skip_nodes_if_on_run_start_fails: true}" },
    ],
  ])("%s", async (feature, files) => {
    await expect(runEmbedded(options(project(files)))).rejects.toMatchObject({
      code: "unsupported",
      message: `not supported by the embedded runner: ${feature}; use --engine dbt`,
    })
  })

  test.each(["state:modified", "result:error", "source_status:fresher+"])(
    "selection by %s",
    async (select) => {
      const folder = project({ "models/a.sql": model })
      await expect(runEmbedded(options(folder, { select: [select] }))).rejects.toMatchObject({
        code: "unsupported",
      })
    },
  )
})

describe("an error says where, what, and what would have been right", () => {
  test.each<[offence: RegExp, place: RegExp, files: Record<string, string>]>([
    [
      /node named 'ordres' which was not found; did you mean 'orders'\?/,
      /models\/b\.sql/,
      { "models/orders.sql": "select 1", "models/b.sql": "select * from {{ ref('ordres') }}" },
    ],
    [
      /source named 'crm\.custmers' which was not found; did you mean 'crm\.customers'\?/,
      /models\/b\.sql/,
      {
        "models/s.yml": "sources: [{name: crm, tables: [{name: customers}]}]",
        "models/b.sql": "{{ source('crm', 'custmers') }}",
      },
    ],
    [
      /found a cycle: model\.shop\.a --> model\.shop\.b --> model\.shop\.a/,
      /models\/a\.sql/,
      { "models/a.sql": "{{ ref('b') }}", "models/b.sql": "{{ ref('a') }}" },
    ],
    [
      /no generic test 'uniqe'; did you mean 'unique'\?/,
      /models\/s\.yml:1/,
      {
        "models/a.sql": "select 1",
        "models/s.yml": "models: [{name: a, columns: [{name: x, data_tests: [uniqe]}]}]",
      },
    ],
    [
      /two models are named 'a'/,
      /models\/x\/a\.sql/,
      { "models/a.sql": "select 1", "models/x/a.sql": "select 2" },
    ],
    [
      /two resources make the relation "shop"\."main"\."a"/,
      /models\/b\.sql/,
      { "models/a.sql": "select 1", "models/b.sql": "{{ config(alias='a') }} select 2" },
    ],
    [
      /Required var 'shp' not found in config; did you mean 'shop_id'\?|Required var 'shp' not found/,
      /models\/a\.sql:2:/,
      { "models/a.sql": "select 1\n, {{ var('shp') }}" },
    ],
    [
      /Env var required but not provided: 'NOPE'/,
      /models\/a\.sql:1:/,
      { "models/a.sql": "{{ env_var('NOPE') }}" },
    ],
    [
      /Documentation for 'ordrs' not found/,
      /models\/s\.yml/,
      {
        "models/a.sql": "select 1",
        "models/s.yml": "models: [{name: a, description: \"{{ doc('ordrs') }}\"}]",
      },
    ],
    [
      /two macros are named 'm'/,
      /macros\/y\.sql/,
      { "macros/x.sql": "{% macro m() %}{% endmacro %}", "macros/y.sql": "{% macro m() %}{% endmacro %}" },
    ],
    [
      /private to the 'fin' group/,
      /models\/b\.sql/,
      {
        "models/a.sql": "{{ config(access='private', group='fin') }} select 1",
        "models/b.sql": "{{ ref('a') }}",
        "models/g.yml": "groups: [{name: fin, owner: {name: x}}]",
      },
    ],
    [
      /strategy must be set/,
      /snapshots\/s\.sql/,
      { "snapshots/s.sql": "{% snapshot s %}{{ config(unique_key='id') }} select 1 as id{% endsnapshot %}" },
    ],
    [
      /requires dbt >=2\.0\.0/,
      /dbt_project\.yml/,
      { "dbt_project.yml": "name: shop\nprofile: shop\nrequire-dbt-version: '>=2.0.0'" },
    ],
    [/invalid project name/, /dbt_project\.yml/, { "dbt_project.yml": "name: my shop\nprofile: shop" }],
    [
      /no profile 'shopp'; did you mean 'shop'\?/,
      /profiles\.yml/,
      { "dbt_project.yml": "name: shop\nprofile: shopp" },
    ],
    [
      /unknown key 'pth' in the profile; did you mean 'path'\?/,
      /profiles\.yml/,
      { "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, pth: x}}}" },
    ],
    [/there is no dbt package at lib/, /packages\.yml/, { "packages.yml": "packages: [{local: lib}]" }],
    [
      /the package 'dbt_utils' is not installed/,
      /packages\.yml/,
      { "packages.yml": "packages: [{package: dbt-labs/dbt_utils, version: 1.0.0}]" },
    ],
    [/cannot read YAML/, /models\/s\.yml:\d:/, { "models/s.yml": "models:\n  - name: a\n   columns: []" }],
  ])("%s", async (offence, place, files) => {
    await expect(runEmbedded(options(project(files), { command: "compile" }))).rejects.toMatchObject({
      message: expect.stringMatching(offence) as string,
      place: expect.stringMatching(place) as string,
    })
  })

  test("an unknown selection method, selector or resource type lists the choices", async () => {
    const folder = project({ "models/a.sql": "select 1" })
    await expect(runEmbedded(options(folder, { select: ["tga:x"] }))).rejects.toMatchObject({
      code: "usage",
      message: "unknown selection method 'tga'; did you mean 'tag'?",
    })
    await expect(runEmbedded(options(folder, { selector: "x" }))).rejects.toMatchObject({ code: "usage" })
    await expect(runEmbedded(options(folder, { resourceTypes: ["modle"] }))).rejects.toMatchObject({
      code: "usage",
    })
  })
})
