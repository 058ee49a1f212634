import { type ShopVars, varsBlock } from "./dbt-vars.ts"

/** The files of a shop's own dbt project, by path below its folder. The vendored package comes beside them. */
export function dbtProjectFiles(vars: ShopVars, warehouseFromProject: string): Record<string, string> {
  return {
    "dbt_project.yml": dbtProject(vars),
    "packages.yml": `# The star schema and all that leads to it. \`cartwright init --upgrade\` renews this copy.
packages:
  - local: packages/cartwright
`,
    "profiles.yml": profiles(vars, warehouseFromProject),
    "models/README.md": MODELS_README,
  }
}

/** The macros that dbt takes from a shop's own project only, by path below its folder. */
export function ownMacros(): Record<string, string> {
  return {
    "macros/generate_schema_name.sql": GENERATE_SCHEMA_NAME,
    "macros/get_where_subquery.sql": GET_WHERE_SUBQUERY,
  }
}

function dbtProject(vars: ShopVars): string {
  return `# The shop's own dbt project. It uses the package in packages/cartwright and adds what is in models/.
# It runs under real dbt as well: \`dbt deps && dbt build\` in this folder.
name: shop
version: "1.0.0"
config-version: 2
profile: cartwright

model-paths: [models]
macro-paths: [macros]
seed-paths: [seeds]
test-paths: [tests]
snapshot-paths: [snapshots]
analysis-paths: [analyses]
clean-targets: [target, dbt_packages]

# On BigQuery the labels of every job: shop, run, model.
query-comment:
  comment: "{{ cartwright.job_labels(node) }}"
  job-label: true

vars:
  # Variables of your own, and other values for those of the package (packages/cartwright/dbt_project.yml):
  # top_n: 20

${varsBlock(vars)}
`
}

function profiles(vars: ShopVars, warehouse: string): string {
  return `# For running dbt in this folder by hand. \`cartwright run\` connects by itself, as cartwright.yaml says.
cartwright:
  target: duckdb
  outputs:
    duckdb:
      type: duckdb
      path: ${JSON.stringify(warehouse)}
      schema: ${vars.layers.silver}
      threads: 2
`
}

const GENERATE_SCHEMA_NAME = `{#-
  A model's \`schema\` names a layer; the layer's dataset is called as cartwright.yaml says. What names none goes to silver, which stays
  in the warehouse; in a folder \`marts\` to the marts, which are published.
-#}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {%- set layers = ['bronze', 'silver', 'star', 'marts', 'quality'] -%}
  {%- set layer = custom_schema_name or ('marts' if 'marts' in node.fqn[1:-1] else 'silver') -%}
  {%- if layer | trim in layers -%} {{ var(layer | trim ~ '_schema') }}
  {%- else -%} {{ layer | trim }}
  {%- endif -%}
{%- endmacro %}
`

const GET_WHERE_SUBQUERY = `{#- Tests of tables that only take in what is new look at the rows that were written since they last passed. -#}
{% macro default__get_where_subquery(relation) -%}
  {{ return(cartwright.rows_to_test(relation)) }}
{%- endmacro %}
`

const MODELS_README = `# The shop's own models

Put SQL models here. They go to silver, which stays in the warehouse. Those in \`marts/\`, or that say
\`{{ config(schema='marts') }}\`, are published for everyone who reads \`published/\`: leave out what identifies a person
unless it is meant to be read.

A source that no built-in model knows is mapped in two steps:

1. Give the columns of \`staging/stg_<source>__<data set>.sql\` their names and types.
2. Write a model that has the columns of a canonical entity (customers, products, orders, sales_lines, events;
   \`packages/cartwright/macros/entities/entities.sql\` lists them), and name it in \`dbt_project.yml\`:

   \`\`\`yaml
   vars:
     entity_models: {customers: [int_files__customers]}
   \`\`\`

The star schema and the marts then contain it; nothing else changes.
`
