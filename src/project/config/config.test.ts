import { describe, expect, test } from "vitest"
import { ConfigError } from "./config-error.ts"
import { configReference } from "./reference.ts"
import { parseConfig } from "./read.ts"

const MINIMAL = `shop: {name: Gifts}
sources:
  online_retail:
    files:
      path: ../data
      datasets:
        invoices: {files: data.csv}
`

function problemsOf(text: string) {
  try {
    parseConfig(text, "cartwright.yaml")
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map(
        (p) => `${p.line}:${p.column} ${p.offence}${p.choices.length > 0 ? ` [${p.choices.join(" ")}]` : ""}`,
      )
    throw error
  }
  return []
}

describe("reading cartwright.yaml", () => {
  test("fills in every default", () => {
    const { config } = parseConfig(MINIMAL, "cartwright.yaml")
    expect(config.publish).toEqual({ path: "published", dataset: "published", keep: 5 })
    expect(config.run.delete_guard).toEqual({ rows: 100, percent: 20 })
    expect(config.sources["online_retail"]?.files.datasets["invoices"]).toEqual({
      files: "data.csv",
      include: true,
      kind: "full",
    })
  })

  test("takes a section without keys as not written", () => {
    expect(parseConfig(`${MINIMAL}warehouse:\n  # threads: 2\n`, "cartwright.yaml").config.warehouse).toEqual(
      { type: "duckdb", path: "warehouse.duckdb" },
    )
  })

  test("names line, column, offence and choices of everything that is wrong, in the order of the file", () => {
    const text = `shop:
  nme: Gifts
  time_zone: Europe/Londn
sources:
  Online Retail:
    files: {path: data, datasets: {invoices: {files: data.csv}}}
  shop:
    files:
      path: 3
      datasets:
        orders: {file: a.csv, include: maybe, encoding: utf8}
transform:
  engine: dbtt
publish: {keep: "3"}
warehouse: {memory_limit: lots}
`
    expect(problemsOf(text)).toMatchInlineSnapshot(`
      [
        "2:3 unknown key "nme" in shop; did you mean "name"? [name currency time_zone]",
        "3:14 shop.time_zone must be a time zone of the IANA list, such as Europe/London, but it is "Europe/Londn"",
        "5:3 "Online Retail" cannot be a name here: it must be a name of lower-case letters, digits and single underscores that begins with a letter",
        "9:13 sources.shop.files.path must be a text, but it is the number 3",
        "11:18 unknown key "file" in sources.shop.files.datasets.orders; did you mean "files"? [files include key updated_at kind format encoding delimiter quote header null_text schema]",
        "11:40 sources.shop.files.datasets.orders.include must be true or false, but it is "maybe"",
        "11:57 sources.shop.files.datasets.orders.encoding is "utf8"; did you mean "utf-8"? [utf-8 utf-16le utf-16be iso-8859-1 windows-1252]",
        "13:11 transform.engine is "dbtt"; did you mean "dbt"? [embedded dbt]",
        "14:17 publish.keep must be a whole number, but it is "3"",
        "15:27 warehouse.memory_limit must be a size such as 2GB, but it is "lots"",
      ]
    `)
  })

  test("tells a missing key at the mapping that lacks it", () => {
    expect(problemsOf("shop: {}\nsources:\n  a:\n    files:\n      datasets: {}\n")).toMatchInlineSnapshot(`
      [
        "1:1 the key shop.name is missing",
        "4:5 the key sources.a.files.path is missing",
        "5:17 sources.a.files.datasets must be a mapping with at least one data set, but it is empty",
      ]
    `)
  })

  test("takes BigQuery with its own keys, and real dbt with it", () => {
    const { config } = parseConfig(
      `${MINIMAL}warehouse: {type: bigquery, project: my-project, location: EU, max_bytes_billed: 50GB, labels: {team: data}}\n`,
      "cartwright.yaml",
    )
    expect(config.warehouse).toEqual({
      type: "bigquery",
      project: "my-project",
      location: "EU",
      maxBytesBilled: 50e9,
      labels: { team: "data" },
    })
    expect(config.transform.engine).toBe("dbt")
    expect(parseConfig(MINIMAL, "cartwright.yaml").config.transform.engine).toBe("embedded")
  })

  test("refuses the keys of the other warehouse, and what BigQuery cannot do", () => {
    expect(
      problemsOf(`${MINIMAL}warehouse: {type: bigquery, threads: 4, project: My Project, labels: {Team: x}}
transform: {engine: embedded}
`),
    ).toMatchInlineSnapshot(`
      [
        "8:50 warehouse.project must be a project's id, as \`gcloud projects list\` shows it, but it is "My Project"",
        "8:71 "Team" cannot be a name here: it must be a letter, then up to 62 small letters, digits, _ and -",
      ]
    `)
    expect(problemsOf(`${MINIMAL}warehouse: {type: bigquery, path: x.duckdb}\n`)).toMatchInlineSnapshot(`
      [
        "8:1 the key warehouse.project is missing",
        "8:1 the key warehouse.location is missing",
        "8:35 warehouse.path must be left out where warehouse.type is bigquery, but it is "x.duckdb"",
      ]
    `)
    expect(
      problemsOf(
        `${MINIMAL}warehouse: {type: bigquery, project: my-project, location: EU}\ntransform: {engine: embedded}\n`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "9:21 transform.engine must be dbt where warehouse.type is bigquery: the embedded runner builds in DuckDB only, but it is "embedded"",
      ]
    `)
    expect(
      problemsOf(`${MINIMAL}warehouse: {project: my-project, max_bytes_billed: 1GB}\n`),
    ).toMatchInlineSnapshot(`
      [
        "8:22 warehouse.project must be left out where warehouse.type is duckdb, but it is "my-project"",
        "8:52 warehouse.max_bytes_billed must be left out where warehouse.type is duckdb, but it is "1GB"",
      ]
    `)
    expect(problemsOf(`${MINIMAL}datasets: {bronze: my-bronze}\n`)).toMatchInlineSnapshot(`
      [
        "8:20 datasets.bronze must be a name of letters, digits and underscores, but it is "my-bronze"",
      ]
    `)
  })

  test("tells where the YAML itself is broken", () => {
    expect(problemsOf("shop:\n  name: [Gifts\nsources: {}\n")).toMatchInlineSnapshot(`
      [
        "3:1 cannot read the YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
      ]
    `)
    expect(problemsOf("shop:\n  name: a\n  name: b\n")).toMatchInlineSnapshot(`
      [
        "3:3 cannot read the YAML: Map keys must be unique",
      ]
    `)
    expect(problemsOf("")).toMatchInlineSnapshot(`
      [
        "1:1 the file is empty [shop sources datasets transform warehouse lake publish run airflow]",
      ]
    `)
    expect(problemsOf("- a\n")).toMatchInlineSnapshot(`
      [
        "1:1 the file must be a mapping of keys to values [shop sources datasets transform warehouse lake publish run airflow]",
      ]
    `)
  })

  test("takes buckets for files and lake, and for nothing else", () => {
    const inBucket = MINIMAL.replace("../data", "gs://my-bucket/exports/")
    expect(problemsOf(`${inBucket}lake: {path: gs://my-bucket}\n`)).toEqual([])
    expect(
      problemsOf(
        `${MINIMAL.replace("../data", "s3://b/x")}lake: {path: gs://My_Bucket/x}\npublish: {path: gs://my-bucket/x}\n`,
      ),
    ).toMatchInlineSnapshot(`
      [
        "5:13 sources.online_retail.files.path must be a path on this machine, or gs://bucket or gs://bucket/prefix, with a bucket's name of Google Cloud Storage, but it is "s3://b/x"",
        "8:14 lake.path must be a path on this machine, or gs://bucket or gs://bucket/prefix, with a bucket's name of Google Cloud Storage, but it is "gs://My_Bucket/x"",
        "9:17 publish.path must be a path on this machine, but it is "gs://my-bucket/x"",
      ]
    `)
  })

  test("takes environment variables for secrets only", () => {
    expect(problemsOf(MINIMAL.replace("../data", "${DATA}/x"))).toMatchInlineSnapshot(`
      [
        "5:13 sources.online_retail.files.path must be written out: environment variables stand for secrets only, and this is none",
      ]
    `)
  })
})

test("docs/configuration.md is what the schema says (npx vitest run src/project/config -u)", async () => {
  await expect(configReference()).toMatchFileSnapshot("../../../docs/configuration.md")
})
