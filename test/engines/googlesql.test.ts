import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { dbtBigQueryBin, describeWith, googleSqlFolder } from "./lib/engines.ts"
import { startGoogleSql } from "./lib/googlesql.ts"
import type { Catalog, GoogleSql, GoogleSqlColumn } from "./lib/googlesql.ts"

/**
 * Every model and test, compiled for BigQuery by real dbt-bigquery, is put to the real GoogleSQL analyzer. It knows
 * the bronze tables from here, and each model's columns from what the analyzer said of it.
 */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const PROJECT = "shop-project"

/** The delivered columns of each data set, as the real files' headers give them. */
const DELIVERED: Record<string, string> = {
  thelook__users:
    "id,first_name,last_name,email,age,gender,state,street_address,postal_code,city,country,latitude,longitude,traffic_source,created_at,user_geom",
  thelook__products: "id,cost,category,name,brand,retail_price,department,sku,distribution_center_id",
  thelook__orders:
    "order_id,user_id,status,gender,created_at,returned_at,shipped_at,delivered_at,num_of_item",
  thelook__order_items:
    "id,order_id,user_id,product_id,inventory_item_id,status,created_at,shipped_at,delivered_at,returned_at,sale_price",
  thelook__events:
    "id,user_id,sequence_number,session_id,created_at,ip_address,city,state,postal_code,browser,traffic_source,uri,event_type",
  online_retail__invoices:
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
}

/** Types as BigQuery's load job and our loader give them. */
const OPERATIONAL = columns({
  _landing_id: "STRING",
  _row_number: "INT64",
  _row_hash: "INT64",
  _op: "STRING",
  _seq: "INT64",
  _extracted_at: "TIMESTAMP",
  _as_of: "TIMESTAMP",
  _loaded_at: "TIMESTAMP",
})
const LANDINGS = columns({
  landing_id: "STRING",
  source: "STRING",
  dataset: "STRING",
  kind: "STRING",
  as_of: "TIMESTAMP",
  extracted_at: "TIMESTAMP",
  files: "STRING",
  rows_read: "INT64",
  rows_loaded: "INT64",
  rows_unchanged: "INT64",
  rows_rejected: "INT64",
  first_seq: "INT64",
  last_seq: "INT64",
  loaded_at: "TIMESTAMP",
})
const REJECTED_LINES = columns({
  landing_id: "STRING",
  source: "STRING",
  dataset: "STRING",
  file: "STRING",
  line: "INT64",
  row_number: "INT64",
  raw_text: "STRING",
  reason: "STRING",
  seq: "INT64",
  loaded_at: "TIMESTAMP",
})

const CLOSED_ERRORS = columns({
  source_name: "STRING",
  data_set: "STRING",
  screen_name: "STRING",
  column_name: "STRING",
  landing_id: "STRING",
  row_number: "INT64",
  record_key: "STRING",
  offending_value: "STRING",
  is_rejected: "BOOL",
  first_seen_at: "TIMESTAMP",
  closed_at: "TIMESTAMP",
  cut: "INT64",
})
const RECORD_PLACES = columns({ landing_id: "STRING", row_number: "INT64", file: "STRING", line: "INT64" })

function columns(types: Record<string, string>): GoogleSqlColumn[] {
  return Object.entries(types).map(([name, type]) => ({ name, kind: `TYPE_${type}` }))
}

function bronzeColumns(identifier: string): readonly GoogleSqlColumn[] {
  if (identifier === "landings") return LANDINGS
  if (identifier === "rejected_lines") return REJECTED_LINES
  if (identifier === "closed_errors") return CLOSED_ERRORS
  if (identifier === "record_places") return RECORD_PLACES
  const header = DELIVERED[identifier]
  if (header === undefined) throw new Error(`the test does not know the columns of ${identifier}`)
  return [...header.split(",").map((name) => ({ name, kind: "TYPE_STRING" })), ...OPERATIONAL]
}

interface ManifestNode {
  unique_id: string
  resource_type: string
  name: string
  schema: string
  alias: string
  identifier?: string
  compiled_code?: string
  config: {
    materialized?: string
    column_types?: Record<string, string>
    partition_by?: { field: string; granularity: string } | null
    cluster_by?: string | string[] | null
  }
  depends_on?: { nodes: string[] }
}
interface Manifest {
  nodes: Record<string, ManifestNode>
  sources: Record<string, ManifestNode>
}

/** Compiles the package for BigQuery in a shop's project that has these sources; gives dbt's manifest. */
function compileForBigQuery(dbt: string, sources: Record<string, string[]>): Manifest {
  const shop = mkdtempSync(join(tmpdir(), "cartwright-bigquery-"))
  cpSync(join(root, "analytics"), join(shop, "packages", "cartwright"), { recursive: true })
  mkdirSync(join(shop, "macros"))
  writeFileSync(join(shop, "packages.yml"), "packages:\n  - local: packages/cartwright\n")
  writeFileSync(
    join(shop, "macros", "generate_schema_name.sql"),
    "{% macro generate_schema_name(custom_schema_name, node) %}{{ return((custom_schema_name or target.schema) | trim) }}{% endmacro %}\n",
  )
  const project = {
    name: "shop",
    version: "1.0.0",
    "config-version": 2,
    profile: "cartwright",
    vars: { sources },
  }
  writeFileSync(join(shop, "dbt_project.yml"), JSON.stringify(project))
  const output = {
    type: "bigquery",
    method: "oauth-secrets",
    token: "x",
    project: PROJECT,
    dataset: "silver",
    threads: 1,
    job_retries: 0,
    api_endpoint: "http://127.0.0.1:1",
  }
  const profile = { cartwright: { target: "bigquery", outputs: { bigquery: output } } }
  writeFileSync(join(shop, "profiles.yml"), JSON.stringify(profile))
  for (const args of [["deps"], ["compile", "--no-populate-cache", "--no-introspect"]]) {
    try {
      execFileSync(dbt, [...args, "--profiles-dir", shop, "--project-dir", shop, "--no-use-colors"], {
        stdio: "pipe",
      })
    } catch (error) {
      throw new Error(`dbt ${args.join(" ")}: ${(error as { stdout: Buffer }).stdout.toString()}`, {
        cause: error,
      })
    }
  }
  return JSON.parse(readFileSync(join(shop, "target", "manifest.json"), "utf8")) as Manifest
}

/** Parents before children. */
function inOrder(manifest: Manifest): ManifestNode[] {
  const ordered: ManifestNode[] = []
  const seen = new Set<string>()
  const visit = (id: string): void => {
    const node = manifest.nodes[id]
    if (node === undefined || seen.has(id)) return
    seen.add(id)
    for (const parent of node.depends_on?.nodes ?? []) visit(parent)
    ordered.push(node)
  }
  for (const id of Object.keys(manifest.nodes).toSorted()) visit(id)
  return ordered
}

const SHOPS: Record<string, Record<string, string[]>> = {
  theLook: { thelook: ["users", "products", "orders", "order_items", "events"] },
  "Online Retail": { online_retail: ["invoices"] },
  both: { thelook: ["users", "products", "orders", "order_items", "events"], online_retail: ["invoices"] },
  "a theLook dump of orders and products alone": { thelook: ["orders", "products"] },
}

interface Analyzed {
  manifest: Manifest
  catalog: Catalog
  refused: string[]
  accepted: number
}

async function analyze(analyzer: GoogleSql, manifest: Manifest): Promise<Analyzed> {
  const catalog: Catalog = new Map()
  const declare = (dataset: string, table: string, its: readonly GoogleSqlColumn[]): void => {
    if (!catalog.has(dataset)) catalog.set(dataset, new Map())
    catalog.get(dataset)?.set(table, its)
  }
  for (const source of Object.values(manifest.sources)) {
    const identifier = source.identifier ?? source.name
    declare(source.schema, identifier, bronzeColumns(identifier))
  }
  const refused: string[] = []
  let accepted = 0
  for (const node of inOrder(manifest)) {
    if (node.resource_type === "seed") {
      const types = Object.entries(node.config.column_types ?? {})
      declare(
        node.schema,
        node.alias,
        columns(Object.fromEntries(types.map(([n, t]) => [n, bigQueryType(t)]))),
      )
      continue
    }
    if (node.config.materialized === "ephemeral" || node.resource_type === "operation") continue
    if (node.compiled_code === undefined) continue
    try {
      const given = await analyzer.analyze(node.compiled_code, PROJECT, catalog)
      accepted += 1
      if (node.resource_type === "model") declare(node.schema, node.alias, given)
    } catch (error) {
      refused.push(`${node.unique_id}: ${(error as Error).message}`)
    }
  }
  return { manifest, catalog, refused, accepted }
}

/** What the page says of BigQuery, by table; its own columns only, not those for the pipeline's use. */
function readPhysicalPage(page: string) {
  const tables = new Map<string, { types: Map<string, string>; partition: string; clusters: string[] }>()
  const cells = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim())
  const bare = (cell: string) => cell.replaceAll("`", "")
  let table = ""
  for (const line of page.split("\n")) {
    const title = /^#### `[^.]+\.(.+)`$/.exec(line)?.[1]
    if (title !== undefined) table = title
    if (!line.startsWith("| `")) continue
    const [first = "", ...rest] = cells(line)
    if (rest.length === 5) {
      const name = bare(first).replace(/^[^.]+\./, "")
      const clusters = bare(rest[3] ?? "")
        .split(", ")
        .filter((cluster) => cluster !== "")
      tables.set(name, { types: new Map(), partition: rest[2] ?? "", clusters })
    } else tables.get(table)?.types.set(bare(first), rest.at(-1) ?? "")
  }
  return tables
}

describeWith(
  { dbt: dbtBigQueryBin(), googlesql: googleSqlFolder() },
  "GoogleSQL analyzer",
  ({ dbt, googlesql }) => {
    let analyzer: GoogleSql
    beforeAll(async () => {
      analyzer = await startGoogleSql(googlesql)
    })
    afterAll(() => analyzer.stop())

    const analyzed = new Map<string, Promise<Analyzed>>()
    /** Every model and test of a shop, analyzed in the order in which they would be built. */
    const analysisOf = (shop: string): Promise<Analyzed> => {
      let analysis = analyzed.get(shop)
      if (analysis === undefined) {
        analysis = analyze(analyzer, compileForBigQuery(dbt, SHOPS[shop] ?? {}))
        analyzed.set(shop, analysis)
      }
      return analysis
    }

    test.each(Object.keys(SHOPS))("accepts every model and test of the shop: %s", async (shop) => {
      const { refused, accepted } = await analysisOf(shop)
      expect(refused, refused.join("\n\n")).toEqual([])
      expect(accepted).toBeGreaterThan(30)
    })

    test("docs/data-model/physical.md tells types, partitions and clusters as they are", async () => {
      const { manifest, catalog } = await analysisOf("both")
      const documented = readPhysicalPage(readFileSync(join(root, "docs/data-model/physical.md"), "utf8"))
      const models = Object.values(manifest.nodes).filter(({ resource_type: type }) => type === "model")
      const wrong: string[] = []
      let compared = 0
      for (const { schema, alias, config } of models) {
        const page = documented.get(alias)
        if (page === undefined) {
          if (schema !== "meta") wrong.push(`${alias} is not documented`)
          continue
        }
        const types = new Map(
          catalog
            .get(schema)
            ?.get(alias)
            ?.map(({ name, kind }) => [name, kind]),
        )
        for (const [column, type] of page.types) {
          compared += 1
          // The analyzer's own name of FLOAT64.
          const kind = type === "FLOAT64" ? "TYPE_DOUBLE" : `TYPE_${type}`
          if (types.get(column) !== kind)
            wrong.push(`${alias}.${column} is documented as ${type}, and is ${types.get(column)}`)
        }
        expect(page.clusters, alias).toEqual([config.cluster_by ?? []].flat())
        expect(page.partition, alias).toBe(
          config.partition_by ? `${config.partition_by.granularity} of \`${config.partition_by.field}\`` : "",
        )
      }
      expect(wrong).toEqual([])
      expect(compared).toBeGreaterThan(300)
    })

    test("refuses what BigQuery would refuse", async () => {
      const catalog: Catalog = new Map([["silver", new Map([["t", columns({ a: "INT64", b: "STRING" })]])]])
      const analyze = (sql: string) => analyzer.analyze(sql, PROJECT, catalog)
      expect(await analyze(`select a, b from \`${PROJECT}\`.\`silver\`.\`t\``)).toEqual(
        columns({ a: "INT64", b: "STRING" }),
      )
      await expect(analyze(`select a + b from \`${PROJECT}\`.silver.t`)).rejects.toThrow(
        /No matching signature/,
      )
      await expect(analyze(`select try_cast(b as int64) from \`${PROJECT}\`.silver.t`)).rejects.toThrow()
      await expect(analyze(`select c from \`${PROJECT}\`.silver.t`)).rejects.toThrow(/Unrecognized name: c/)
    })
  },
)

function bigQueryType(seedType: string): string {
  const upper = seedType.toUpperCase()
  return (
    { BIGINT: "INT64", INTEGER: "INT64", INT: "INT64", VARCHAR: "STRING", TEXT: "STRING", BOOLEAN: "BOOL" }[
      upper
    ] ?? upper
  )
}
