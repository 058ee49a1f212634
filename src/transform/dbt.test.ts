import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { silentEffects } from "../core/effects.ts"
import { openDuckDb } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { runEmbedded, type DbtOptions, type NodeEvent } from "./dbt.ts"
import { options, project } from "./project.fixture.ts"

async function query(folder: string, sql: string): Promise<unknown[]> {
  const warehouse = await openDuckDb({ path: join(folder, "shop.duckdb") })
  try {
    return await (await warehouse.session()).rows(sql)
  } finally {
    await warehouse.close()
  }
}

test("a project is parsed for BigQuery as for DuckDB, and built on DuckDB alone", async () => {
  const folder = project({
    "macros/kind.sql": `{% macro kind() %}{{ return(adapter.dispatch('kind')()) }}{% endmacro %}
{% macro default__kind() %}{{ return('none') }}{% endmacro %}
{% macro bigquery__kind() %}{{ return('int64') }}{% endmacro %}`,
    "models/a.sql": `{{ config(partition_by={'field': 'at', 'data_type': kind()} if target.type == 'bigquery' else none) }}
select 1 as id, '{{ adapter.type() }}' as engine`,
  })
  const partitions = async (dialect: DbtOptions["dialect"]) => {
    const { manifestPath = "" } = await runEmbedded(options(folder, { command: "parse", dialect }))
    const manifest = JSON.parse(readFileSync(manifestPath, "utf8")) as {
      metadata: { adapter_type: string }
      nodes: Record<string, { config: Record<string, unknown> }>
    }
    return [manifest.metadata.adapter_type, manifest.nodes["model.shop.a"]?.config["partition_by"]]
  }
  expect(await partitions("bigquery")).toEqual(["bigquery", { field: "at", data_type: "int64" }])
  expect(await partitions(undefined)).toEqual(["duckdb", null])
  await expect(runEmbedded(options(folder, { dialect: "bigquery" }))).rejects.toThrow(
    "not supported by the embedded runner: dbt build on bigquery",
  )
})

test("a failing model leaves its old relation, and what depends on it is skipped", async () => {
  const folder = project({
    "models/a.sql": "{{ config(materialized='table') }} select {{ var('x', 1) }} as x",
    "models/b.sql": "select * from {{ ref('a') }}",
  })
  expect((await runEmbedded(options(folder))).exitCode).toBe(0)
  const events: NodeEvent[] = []
  const failed = await runEmbedded(
    options(folder, { vars: { x: "no_such_column" }, onNode: (event) => void events.push(event) }),
  )
  expect([failed.exitCode, failed.success]).toEqual([1, false])
  expect(failed.results.map(({ name, status }) => `${name} ${status}`)).toEqual(["a error", "b skipped"])
  expect(failed.results[0]?.message).toMatch(/^Runtime Error in model a \(models\/a\.sql\)\n {2}Binder Error/)
  expect(events.map((event) => event.kind)).toEqual(["start", "end", "end"])
  expect(await query(folder, "from main.b")).toEqual([{ x: 1 }])
  expect(JSON.parse(readFileSync(join(folder, "target", "run_results.json"), "utf8"))).toMatchObject({
    results: [{ status: "error" }, { status: "skipped" }],
  })
})

test("an error inside a function keeps its next step", async () => {
  const folder = project({
    "models/a.sql": "select 1",
    "models/b.sql": "select 1 {% if execute %} from {{ ref('a') }}{% endif %}",
  })
  const { results } = await runEmbedded(options(folder))
  expect(results.find(({ name }) => name === "b")?.message).toContain("-- depends_on: {{ ref('a') }}")
})

test("fail-fast skips what has not started", async () => {
  const folder = project({
    "models/a.sql": "select no_such",
    "models/b.sql": "select 1",
    "models/c.sql": "select 1",
  })
  const { results, exitCode } = await runEmbedded(options(folder, { failFast: true, threads: 1 }))
  expect(exitCode).toBe(1)
  expect(results.map(({ status, message }) => [status, message?.split("\n")[0]])).toEqual([
    ["error", "Runtime Error in model a (models/a.sql)"],
    ["skipped", "Skipping due to fail_fast"],
    ["skipped", "Skipping due to fail_fast"],
  ])
})

test("a request to stop interrupts the running statement, skips the rest and writes the results", async () => {
  const folder = project({
    "models/a.sql":
      "{{ config(materialized='table') }} select count(*) as n from range(100000000) a, range(100000) b",
    "models/b.sql": "select * from {{ ref('a') }}",
  })
  const controller = new AbortController()
  const running = runEmbedded(
    options(folder, {
      effects: silentEffects({ signal: controller.signal }),
      onNode: (event) => void (event.kind === "start" && setTimeout(() => controller.abort(), 200)),
    }),
  )
  await expect(running).rejects.toMatchObject({ code: "interrupted" })
  expect(JSON.parse(readFileSync(join(folder, "target", "run_results.json"), "utf8"))).toMatchObject({
    results: [{ status: "error" }, { status: "skipped" }],
  })
})

test("listing and compiling without questions to the database do not open it", async () => {
  const folder = project({
    "models/a.sql": "select 1",
    "profiles.yml": "shop: {target: dev, outputs: {dev: {type: duckdb, path: /nowhere/at/all.duckdb}}}",
  })
  expect((await runEmbedded(options(folder, { command: "ls" }))).listing).toEqual(["shop.a"])
  expect((await runEmbedded(options(folder, { command: "compile" }))).exitCode).toBe(0)
  await expect(runEmbedded(options(folder))).rejects.toMatchObject({ code: "environment" })
})

test("parse finds what is wrong in macros that nothing calls", async () => {
  const folder = project({
    "models/a.sql": "select 1",
    "macros/m.sql": "{% macro unused() %}\n{% if x %}\n{% endmacro %}",
  })
  await expect(runEmbedded(options(folder, { command: "parse" }))).rejects.toMatchObject({
    code: "transform",
    place: expect.stringMatching(/macros\/m\.sql:3/) as string,
  })
})

test("what macros log reaches the caller", async () => {
  const folder = project({
    "models/a.sql":
      "{{ log('said', info=true) }}{{ log('not said') }}{{ print('printed') }}{{ exceptions.warn('careful') }} select 1",
  })
  const said: string[] = []
  await runEmbedded(
    options(folder, {
      onNode: (event) => void (event.kind === "message" && said.push(`${event.level}: ${event.text}`)),
    }),
  )
  expect(said).toEqual(["info: said", "info: printed", "warn: careful (model a (models/a.sql))"])
})
