import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { cartwright, resultOf, temporaryFolder } from "./lib/cli.ts"
import { askPublished, askWarehouse, currentVersion } from "./lib/published.ts"

test("files that nobody recognises are landed, loaded and staged, and can be mapped to the star", async () => {
  const home = temporaryFolder()
  const files = join(home, "files")
  const shop = join(home, "shop")
  mkdirSync(files)
  writeFileSync(
    join(files, "Kunden 2026.csv"),
    Buffer.from("Kunden-Nr;Name;Größe (cm);Ort's\n1;Jürgen;180;Köln\n2;Ana;165;\n2;Ana;165;\n", "latin1"),
  )
  writeFileSync(
    join(files, "clicks.ndjson.gz"),
    gzipSync('{"at": "2026-07-01T10:00:00Z", "tags": ["a", "b"]}\n{"at": null, "tags": []}\n'),
  )
  const made = await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
  expect(made.code, made.stderr).toBe(0)
  expect(made.stdout).toContain("shop/dbt/models/staging/stg_files__kunden.sql")
  expect(made.stdout).toContain("shop/dbt/models/README.md")

  const run = await cartwright(["run", "--dir", shop])
  expect(run.code, run.stderr).toBe(0)
  expect(run.stderr).toContain("stg_files__clicks, stg_files__kunden are not published")
  expect(
    await askWarehouse(
      shop,
      "select kunden_nr, name, grosse_cm, ort_s, count(*)::int as n from silver.stg_files__kunden group by all order by 1",
    ),
  ).toEqual([
    { kunden_nr: "1", name: "Jürgen", grosse_cm: "180", ort_s: "Köln", n: 1 },
    { kunden_nr: "2", name: "Ana", grosse_cm: "165", ort_s: null, n: 2 },
  ])
  expect(
    await askWarehouse(shop, "select at_ as at, tags from silver.stg_files__clicks order by 1 nulls last"),
  ).toMatchObject([{ at: expect.stringContaining("2026-07-01") }, { at: null }])

  // As the shop's models/README.md says.
  const project = join(shop, "dbt")
  const staging = join(project, "models", "staging", "stg_files__kunden.sql")
  writeFileSync(
    staging,
    readFileSync(staging, "utf8").replace(
      "'from': 'Größe (cm)', 'type': 'text'",
      "'from': 'Größe (cm)', 'type': 'integer', 'bit': 0",
    ),
  )
  writeFileSync(
    join(project, "models", "staging", "int_files__customers.sql"),
    `select distinct 'files' as source_name, kunden_nr as customer_id, name as first_name, cast(null as varchar) as last_name,
       cast(null as varchar) as email, cast(null as bigint) as age, cast(null as varchar) as gender, 'Germany' as country,
       cast(null as varchar) as state, ort_s as city, cast(null as varchar) as postal_code, cast(null as double) as latitude,
       cast(null as double) as longitude, cast(null as varchar) as traffic_source, cast(null as timestamp) as registered_at,
       cast(1 as bigint) as country_count, false as is_deleted
     from {{ ref('stg_files__kunden') }}`,
  )
  const projectFile = join(project, "dbt_project.yml")
  writeFileSync(
    projectFile,
    readFileSync(projectFile, "utf8").replace(
      "  # top_n: 20",
      "  entity_models: {customers: [int_files__customers]}",
    ),
  )
  // What a model of the shop's own holds is for readers only where it was put into the marts.
  mkdirSync(join(project, "models", "marts"))
  writeFileSync(
    join(project, "models", "marts", "towns.sql"),
    "select ort_s from {{ ref('stg_files__kunden') }}",
  )
  writeFileSync(join(project, "models", "names.sql"), "select name from {{ ref('stg_files__kunden') }}")
  const mapped = await cartwright(["run", "--dir", shop, "--json"])
  expect(mapped.code, mapped.stderr).toBe(0)
  expect(resultOf(mapped)).toMatchObject({
    steps: { publish: { result: { leftOut: ["names", "stg_files__clicks"] } } },
  })
  const tables = readdirSync(join(shop, "published", currentVersion(shop)))
  expect(tables.filter((table) => /files|towns|names|customers$/.test(table))).toEqual([
    "dim_customers",
    "towns",
  ])
  expect(
    await askPublished(
      shop,
      "select customer_name, city from $dim_customers where customer_key > 0 order by 1",
    ),
  ).toEqual([
    { customer_name: "Ana", city: null },
    { customer_name: "Jürgen", city: "Köln" },
  ])
})
