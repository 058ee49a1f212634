import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** A chain of models with configs, refs, a macro and tests, as ordinary projects have them. */
export function hundredModels(folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, "models"), { recursive: true })
  mkdirSync(join(folder, "macros"))
  const write = (path, content) => writeFileSync(join(folder, path), content)
  write(
    "dbt_project.yml",
    "name: hundred\nversion: 1.0.0\nprofile: hundred\nmodels:\n  hundred:\n    +materialized: table\n",
  )
  write(
    "profiles.yml",
    `hundred:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: ${join(folder, "hundred.duckdb")}, threads: 2}\n`,
  )
  write(
    "macros/cents.sql",
    "{% macro cents(column, digits=2) %}round({{ column }} * 100, {{ digits }}){% endmacro %}\n",
  )
  const descriptions = []
  for (let i = 0; i < 100; i++) {
    const name = `model_${String(i).padStart(3, "0")}`
    const parent =
      i < 10
        ? "select 1 as id, 2.5 as price"
        : `select * from {{ ref('model_${String(i - 10).padStart(3, "0")}') }}`
    write(
      `models/${name}.sql`,
      `{{ config(materialized='${i % 3 === 0 ? "view" : "table"}', tags=['t${i % 5}']) }}\nwith parent as (${parent})\nselect id, price, {{ cents('price') }} as c_${i}\n  {% for n in range(3) %}, {{ n }} as n_${i}_{{ n }}{% endfor %}\nfrom parent\n`,
    )
    descriptions.push(
      `  - name: ${name}\n    columns:\n      - name: id\n        description: key\n        data_tests: [unique, not_null]\n`,
    )
  }
  write("models/models.yml", `version: 2\nmodels:\n${descriptions.join("")}`)
  return folder
}
