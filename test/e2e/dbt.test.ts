import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { openDuckDb } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import { cartwright, resultOf, start, temporaryFolder } from "./lib/cli.ts"
import { writeOnlineRetail } from "./lib/online-retail.ts"
import { currentVersion } from "./lib/published.ts"

function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

describe("cartwright dbt outside a shop", () => {
  const home = temporaryFolder()
  beforeAll(() => {
    write(home, {
      "project/dbt_project.yml":
        "name: small\nversion: '1.0'\nprofile: mine\nmodels: {small: {+materialized: table}}\n",
      "project/models/one.sql": "select 1 as id",
      "project/models/two.sql": "select id + 1 as id from {{ ref('one') }}",
      "project/models/all.yml":
        "version: 2\nmodels:\n  - name: two\n    columns:\n      - name: id\n        data_tests: [unique, not_null]\n",
      "profiles/profiles.yml": `mine:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: ${join(home, "small.duckdb")}, schema: main}\n`,
    })
  })
  const dbt = (...args: string[]) =>
    cartwright(["dbt", ...args, "--project-dir", "project", "--profiles-dir", "profiles"], { cwd: home })

  test("builds any project with its own profile, and exits as dbt does", async () => {
    const built = await dbt("build")
    expect(built.code, built.stderr).toBe(0)
    expect(built.stdout).toMatch(/1 of 4 OK model small\.main\.one .*\[OK in [\d.]+s\]/)
    expect(built.stdout).toContain("Done. PASS=4 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=4")
    expect(existsSync(join(home, "small.duckdb"))).toBe(true)
    expect(existsSync(join(home, "project", "target", "run_results.json"))).toBe(true)
    expect((await dbt("ls", "--select", "one+", "--resource-type", "model")).stdout).toBe(
      "small.one\nsmall.two\n",
    )
    expect(resultOf(await dbt("run", "-s", "two", "--json"))).toMatchObject({
      ok: true,
      exitCode: 0,
      results: [{ name: "two", status: "success" }],
    })
  })

  test("reads --vars and YAML of every kind", async () => {
    write(home, {
      "yaml/dbt_project.yml": "name: anchored\nversion: '1.0'\nprofile: mine\nvars: {<<: &own {a: 1}}\n",
      "yaml/models/one.sql":
        "select {{ var('a') }} as a, {{ var('b') }} as b, '{{ toyaml({'c': fromyaml('&x {c: 3}').c}) }}' as c",
    })
    const compiled = await cartwright(
      ["dbt", "compile", "--vars", "{b: 2}", "--project-dir", "yaml", "--profiles-dir", "profiles"],
      { cwd: home },
    )
    expect(compiled.code, compiled.stderr).toBe(0)
    expect(readFileSync(join(home, "yaml/target/compiled/anchored/models/one.sql"), "utf8")).toBe(
      "select 1 as a, 2 as b, 'c: 3\n' as c",
    )
    expect((await dbt("ls", "--vars", "[1]")).stderr).toContain("--vars must be a YAML mapping")
  })

  test("exits with 1 when a node fails, with 2 when the project or the command line is wrong", async () => {
    write(home, { "project/models/two.sql": "select id as id from {{ ref('one') }} union all select 1" })
    const failed = await dbt("build")
    expect(failed.code).toBe(1)
    expect(failed.stdout).toMatch(/test .*unique_two_id .*\[FAIL 1 in/)
    write(home, { "project/models/two.sql": "select id from {{ ref('none') }}" })
    const broken = await dbt("build")
    expect(broken.code).toBe(2)
    expect(broken.stderr).toContain("none")
    expect((await dbt("biuld")).code).toBe(2)
    expect((await cartwright(["dbt", "build"], { cwd: home })).code).toBe(2)
  })
})

test("Ctrl-C ends a long statement at once, with 130", async () => {
  const home = temporaryFolder()
  write(home, {
    "dbt_project.yml": "name: long\nversion: '1.0'\nprofile: mine\n",
    "models/forever.sql":
      "{{ config(materialized='table') }} select sum(a.i * b.i) as s from range(100000000) a(i), range(100000) b(i)",
    "profiles.yml":
      "mine:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: long.duckdb, schema: main}\n",
  })
  const run = start(["dbt", "run", "--json"], { cwd: home })
  await run.saw(/"status":"start"/)
  await new Promise((resolve) => setTimeout(resolve, 300))
  run.child.kill("SIGINT")
  const ended = await run.ended
  expect(ended.code, ended.stdout).toBe(130)
})

test("in a shop's folder it is the shop's project; what it leaves failed is not published", async () => {
  const home = temporaryFolder()
  const shop = join(home, "shop")
  writeOnlineRetail(join(home, "files"))
  await cartwright(["init", "files", "--dir", "shop", "--preset", "raw_staging_marts"], { cwd: home })
  const config = join(shop, "cartwright.yaml")
  const text = readFileSync(config, "utf8")
  writeFileSync(config, text.replace("preset: raw_staging_marts", "$&\n  meta: noted"))
  expect((await cartwright(["run", "--dir", shop])).code).toBe(0)
  const warehouse = await openDuckDb({ path: join(shop, "warehouse.duckdb"), readOnly: true })
  const datasets = await (await warehouse.session()).rows<{ name: string }>(
    "select distinct table_schema as name from information_schema.tables order by 1",
  )
  await warehouse.close()
  expect(datasets.map(({ name }) => name)).toEqual(["MARTS", "QUALITY", "RAW", "STAGING", "noted"])
  const listed = await cartwright(["dbt", "ls", "--select", "agg_daily_sales", "--resource-type", "model"], {
    cwd: shop,
  })
  expect(listed.stdout).toBe("cartwright.gold.marts.agg_daily_sales\n")
  write(shop, { "dbt/models/own.sql": "select no_such_column" })
  expect((await cartwright(["dbt", "run", "--select", "own"], { cwd: join(shop, "dbt") })).code).toBe(1)
  expect((await cartwright(["publish"], { cwd: shop })).code).toBe(10)
  write(shop, { "dbt/models/own.sql": "{{ config(schema='marts') }}select 1 as id" })
  expect((await cartwright(["dbt", "run", "--select", "own"], { cwd: shop })).code).toBe(0)
  const run = await cartwright(["run", "--json"], { cwd: shop })
  expect(resultOf(run)).toMatchObject({
    ok: true,
    steps: { transform: { status: "done" }, publish: { status: "done" } },
  })
  expect(existsSync(join(shop, "published", currentVersion(shop), "own"))).toBe(true)
})
