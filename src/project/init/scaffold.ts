import { snakeCase } from "../recognise/snake-case.ts"
import { RESERVED_WORDS } from "./reserved-words.ts"
import type { FoundDataset } from "../recognise/recognise.ts"

/** Staging models to start from, for data sets that no built-in model knows; by path below the dbt project. */
export function scaffoldFiles(datasets: readonly FoundDataset[]): Record<string, string> {
  const files: Record<string, string> = {}
  const sources = [...new Set(datasets.map(({ source }) => source))]
  for (const source of sources) {
    const own = datasets.filter((each) => each.source === source)
    files[`models/staging/_${source}__sources.yml`] = sourcesYaml(source, own)
    files[`models/staging/_${source}__models.yml`] = modelsYaml(source, own)
    for (const dataset of own) files[stagingPath(dataset)] = stagingSql(dataset)
  }
  return files
}

export function stagingPath({ source, dataset }: FoundDataset): string {
  return `models/staging/stg_${source}__${dataset}.sql`
}

interface StagedColumn {
  name: string
  from: string
}

function columnsOf({ found }: FoundDataset): StagedColumn[] {
  const taken = new Set<string>()
  return (found[0]?.columns ?? []).map((from, i) => {
    const snake = snakeCase(from)
    const plain = /^[a-z]/.test(snake) ? snake : `column_${snake === "" ? i + 1 : snake}`
    const wanted = RESERVED_WORDS.has(plain) ? `${plain}_` : plain
    let name = wanted
    for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`
    taken.add(name)
    return { name, from }
  })
}

function stagingSql(dataset: FoundDataset): string {
  const columns = columnsOf(dataset)
  const list = columns.map(({ name, from }) => {
    const delivered = from === name ? "" : `, 'from': ${jinjaText(from)}`
    return `        {'name': '${name}'${delivered}, 'type': 'text'},`
  })
  return `-- The current rows of ${dataset.files}, one for each delivered line that is still there.
-- Give the columns their names and types: text, id, integer, number, money, timestamp. A column that is not text needs a
-- 'bit' of its own (0, 1, 2 …), which records where its value could not be read.
{{ config(schema='silver', materialized='view') }}

with log as (

    {{ cartwright.silver_log(source('${dataset.source}', '${dataset.dataset}'), columns=[
${list.join("\n")}
    ]) | indent(4) }}

),

-- With a \`key\` in cartwright.yaml, take the newest version of each key instead (macro newest_versions).
current_rows as (

    {{ cartwright.current_lines('log', [${columns.map(({ name }) => `'${name}'`).join(", ")}]) | indent(4) }}

)

select
${columns.map(({ name }) => `    ${name},`).join("\n")}
    _landing_id,
    _row_number
from current_rows
`
}

function sourcesYaml(source: string, datasets: readonly FoundDataset[]): string {
  const tables = datasets.map(
    ({ dataset, files }) => `      - name: ${dataset}
        identifier: ${source}__${dataset}
        description: ${JSON.stringify(`The change log of ${files}, every column as delivered.`)}
`,
  )
  return `version: 2

sources:
  - name: ${source}
    description: Files that no built-in model knows.
    schema: "{{ var('bronze_schema') }}"
    tables:
${tables.join("")}`
}

function modelsYaml(source: string, datasets: readonly FoundDataset[]): string {
  const models = datasets.map((each) => {
    const columns = columnsOf(each).map(
      ({ name, from }) =>
        `      - name: ${name}\n        description: ${JSON.stringify(`As delivered in ${from}.`)}\n`,
    )
    return `  - name: stg_${source}__${each.dataset}
    description: ${JSON.stringify(`The current rows of ${each.files}.`)}
    columns:
${columns.join("")}`
  })
  return `version: 2

models:
${models.join("")}`
}

function jinjaText(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
}
