import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { ConfigError } from "./config-error.ts"
import { GCP_CONFIG_FILE } from "./gcp-config.ts"
import { readConfig } from "./read.ts"

/** A shop's configuration file, with a gcp_config.json beside it. */
function shopFile(yaml: string, gcp: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-gcp-"))
  const beside = join(folder, GCP_CONFIG_FILE)
  mkdirSync(dirname(beside))
  writeFileSync(beside, gcp)
  const file = join(folder, "cartwright.yaml")
  const minimal = "shop: {name: x}\nsources: {s: {files: {path: f, datasets: {d: {files: '*.csv'}}}}}\n"
  writeFileSync(file, `${minimal}${yaml}`)
  return file
}

function problemsOf(file: string): string[] {
  try {
    readConfig(file)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const folder = dirname(file)
    const place = error.file.replace(`${folder}/`, "")
    return error.problems.map((p) => `${place}:${p.line}:${p.column} ${p.offence.replace(folder, "")}`)
  }
  return []
}

const GCP = `{
  "project": "my-project",
  "location": "europe-west1",
  "bucket": "my-bucket",
  "datasets": {"bronze": "raw_data", "marts": "analytics"}
}`

test("gcp_config.json says what cartwright.yaml leaves out", () => {
  const { config } = readConfig(shopFile("warehouse: {type: bigquery}\ndatasets: {preset: ecommerce}\n", GCP))
  expect(config.warehouse).toEqual({
    type: "bigquery",
    project: "my-project",
    location: "europe-west1",
    labels: {},
  })
  expect(config.lake.path).toBe("gs://my-bucket/lake")
  expect(config.datasets).toEqual({ preset: "ecommerce", bronze: "raw_data", marts: "analytics" })
})

test("both may say the same, a lake anywhere in the bucket included", () => {
  const yaml =
    "warehouse: {type: bigquery, project: my-project}\nlake: {path: gs://my-bucket/elsewhere}\ndatasets: {bronze: raw_data}\n"
  expect(readConfig(shopFile(yaml, GCP)).config.lake.path).toBe("gs://my-bucket/elsewhere")
})

test("where both say different things, both places are named", () => {
  const yaml =
    "warehouse:\n  type: bigquery\n  project: other-project\nlake: {path: lake}\ndatasets: {marts: marts}\n"
  expect(problemsOf(shopFile(yaml, GCP))).toMatchInlineSnapshot(`
    [
      "cartwright.yaml:5:12 warehouse.project is "other-project" here, but project is "my-project" in /config/gcp_config.json:2:14",
      "cartwright.yaml:6:14 lake.path is "lake" here, but bucket is "my-bucket" in /config/gcp_config.json:4:13",
      "cartwright.yaml:7:19 datasets.marts is "marts" here, but datasets.marts is "analytics" in /config/gcp_config.json:5:47",
    ]
  `)
})

test("what is wrong in it is told with its own lines", () => {
  const gcp = '{\n  "project": "x",\n  "bukket": "my-bucket",\n  "datasets": {"gold": "g", "star": "s-t"}\n}'
  expect(problemsOf(shopFile("warehouse: {type: bigquery}\n", gcp))).toMatchInlineSnapshot(`
    [
      "config/gcp_config.json:2:14 project must be a project's id, as \`gcloud projects list\` shows it, but it is "x"",
      "config/gcp_config.json:3:3 unknown key "bukket"; did you mean "bucket"?",
      "config/gcp_config.json:4:16 unknown key "gold" in datasets",
      "config/gcp_config.json:4:37 datasets.star must be a name of letters, digits and underscores, but it is "s-t"",
    ]
  `)
  expect(problemsOf(shopFile("warehouse: {type: bigquery}\n", "{"))).toHaveLength(1)
})

test("a shop on DuckDB does not look at it", () => {
  expect(readConfig(shopFile("", "{")).config.warehouse).toEqual({
    type: "duckdb",
    path: "warehouse.duckdb",
  })
})
