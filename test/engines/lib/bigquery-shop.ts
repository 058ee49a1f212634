import { execFile, execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { ownMacros } from "../../../src/project/init/dbt-project.ts"
import type { Catalog, GoogleSqlColumn } from "./googlesql.ts"

const analytics = join(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))), "analytics")

/** The project of Google Cloud in which the shop's datasets are. */
export const PROJECT = "shop-project"

/** Shops by their sources, as the variable `sources` has them. */
export const SHOPS: Record<string, Record<string, string[]>> = {
  theLook: { thelook: ["users", "products", "orders", "order_items", "events"] },
  "Online Retail": { online_retail: ["invoices"] },
  both: { thelook: ["users", "products", "orders", "order_items", "events"], online_retail: ["invoices"] },
  "a theLook dump of orders and products alone": { thelook: ["orders", "products"] },
}

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

export function columns(types: Record<string, string>): GoogleSqlColumn[] {
  return Object.entries(types).map(([name, type]) => ({ name, kind: `TYPE_${type}` }))
}

/** What the loader gives a table, or the program keeps beside them. */
function bronzeColumns(identifier: string): readonly GoogleSqlColumn[] {
  if (identifier === "landings") return LANDINGS
  if (identifier === "rejected_lines") return REJECTED_LINES
  if (identifier === "closed_errors") return CLOSED_ERRORS
  if (identifier === "record_places") return RECORD_PLACES
  const header = DELIVERED[identifier]
  if (header === undefined) throw new Error(`the test does not know the columns of ${identifier}`)
  return [...header.split(",").map((name) => ({ name, kind: "TYPE_STRING" })), ...OPERATIONAL]
}

export interface ManifestNode {
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
export interface Manifest {
  nodes: Record<string, ManifestNode>
  sources: Record<string, ManifestNode>
}

/** A shop's dbt project for BigQuery, with a copy of the package. */
export interface BigQueryShop {
  /** Runs dbt and waits; throws with what it printed where it fails. */
  dbt(...args: string[]): void
  /** Runs dbt meanwhile. */
  start(...args: string[]): Promise<{ success: boolean; output: string }>
  manifest(): Manifest
}

/** @param endpoint the address of BigQuery's interface; one that nobody answers unless stated */
export function makeBigQueryShop(
  dbt: string,
  sources: Record<string, string[]>,
  endpoint = "http://127.0.0.1:1",
): BigQueryShop {
  const shop = mkdtempSync(join(tmpdir(), "cartwright-bigquery-"))
  cpSync(analytics, join(shop, "packages", "cartwright"), { recursive: true })
  mkdirSync(join(shop, "macros"))
  writeFileSync(join(shop, "packages.yml"), "packages:\n  - local: packages/cartwright\n")
  writeFileSync(
    join(shop, "macros", "generate_schema_name.sql"),
    "{% macro generate_schema_name(custom_schema_name, node) %}{{ return((custom_schema_name or target.schema) | trim) }}{% endmacro %}\n",
  )
  const whichRows = "macros/get_where_subquery.sql"
  writeFileSync(join(shop, whichRows), ownMacros()[whichRows] ?? "")
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
    threads: 2,
    job_retries: 0,
    api_endpoint: endpoint,
  }
  const profile = { cartwright: { target: "bigquery", outputs: { bigquery: output } } }
  writeFileSync(join(shop, "profiles.yml"), JSON.stringify(profile))
  const place = ["--profiles-dir", shop, "--project-dir", shop, "--no-use-colors"]
  const invoke = (...args: string[]): void => {
    try {
      execFileSync(dbt, [...args, ...place], { stdio: "pipe" })
    } catch (error) {
      throw new Error(`dbt ${args.join(" ")}: ${(error as { stdout: Buffer }).stdout.toString()}`, {
        cause: error,
      })
    }
  }
  invoke("deps")
  return {
    dbt: invoke,
    start: (...args) =>
      new Promise((resolve) => {
        execFile(dbt, [...args, ...place], { maxBuffer: 1 << 28 }, (error, output) =>
          resolve({ success: error === null, output }),
        )
      }),
    manifest: () => JSON.parse(readFileSync(join(shop, "target", "manifest.json"), "utf8")) as Manifest,
  }
}

/** What is there before a model is built: bronze, and the seeds as `dbt seed` makes them. */
export function deliveredCatalog(manifest: Manifest): Catalog {
  const catalog: Catalog = new Map()
  for (const source of Object.values(manifest.sources)) {
    const identifier = source.identifier ?? source.name
    declare(catalog, source.schema, identifier, bronzeColumns(identifier))
  }
  for (const { resource_type: type, schema, alias, config } of Object.values(manifest.nodes)) {
    if (type !== "seed") continue
    const types = Object.entries(config.column_types ?? {})
    declare(catalog, schema, alias, columns(Object.fromEntries(types.map(([n, t]) => [n, bigQueryType(t)]))))
  }
  return catalog
}

export function declare(
  catalog: Catalog,
  dataset: string,
  table: string,
  its: readonly GoogleSqlColumn[],
): void {
  if (!catalog.has(dataset)) catalog.set(dataset, new Map())
  catalog.get(dataset)?.set(table, its)
}

function bigQueryType(seedType: string): string {
  const upper = seedType.toUpperCase()
  return (
    { BIGINT: "INT64", INTEGER: "INT64", INT: "INT64", VARCHAR: "STRING", TEXT: "STRING", BOOLEAN: "BOOL" }[
      upper
    ] ?? upper
  )
}
