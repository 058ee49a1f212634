// The reference of the full run: one bare DuckDB script. It reads the same CSVs as text, runs the same compiled SQL (models
// and tests) and writes the same Parquet; nothing is copied, hashed, compared, recorded or synced.
//
// usage: node bare.mjs <folder of CSV files> <manifest.json of a run> <published version folder> <its warehouse> <output folder>
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { basename, join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"

const [raw, manifestPath, version, warehouse, out] = process.argv.slice(2)
const manifest = JSON.parse(readFileSync(manifestPath, "utf8"))
const published = JSON.parse(readFileSync(join(version, "_version.json"), "utf8"))
rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })

const text = (value) => `'${String(value).replaceAll("'", "''")}'`
const name = (...parts) => parts.map((part) => `"${part.replaceAll('"', '""')}"`).join(".")

// The stem is the catalog in the compiled SQL.
const instance = await DuckDBInstance.create(join(out, "warehouse.duckdb"), {
  storage_compatibility_version: "latest",
})
const session = await instance.connect()
await session.run(`attach ${text(warehouse)} as shop (read_only)`)
const tables = await session.runAndReadAll(
  "select schema_name, table_name from duckdb_tables() where database_name = 'shop'",
)
const known = new Set(tables.getRows().map((row) => row.join(".")))
const has = (...parts) => known.has(parts.join("."))
const schemas = new Set()
const ensureSchema = async (schema) => {
  if (!schemas.has(schema)) await session.run(`create schema if not exists ${name(schema)}`)
  schemas.add(schema)
}

for (const source of Object.values(manifest.sources)) await loadSource(source)
for (const node of inOrder()) await build(node)
const built = new Set(Object.values(manifest.nodes).map((node) => `${node.schema}.${node.alias}`))
for (const [table, description] of Object.entries(published.tables)) {
  // What was not measured yet, or is written without a model, is no work of the script's.
  if (built.has(`${description.schema}.${table}`)) await write(table, description)
}
session.closeSync()
instance.closeSync()

/** Bronze's operational columns are constants here, and the row number is where the row lies; its few books are the shop's. */
async function loadSource({ schema, identifier }) {
  await ensureSchema(schema)
  const target = name(schema, identifier)
  const dataset = identifier.slice(identifier.indexOf("__") + 2)
  const file = readdirSync(raw).find((entry) => basename(entry).split(".")[0] === dataset)
  if (file === undefined) {
    if (has(schema, identifier))
      await session.run(`create table ${target} as from ${name("shop", schema, identifier)}`)
    return
  }
  const delivered = name(schema, `delivered_${dataset}`)
  await session.run(
    `create table ${delivered} as select * from read_csv(${text(join(raw, file))}, all_varchar = true)`,
  )
  const landing = `(select any_value(landing_id) from shop.bronze.landings where dataset = ${text(dataset)})`
  const now = "timestamp '2026-01-01 00:00:00'"
  await session.run(
    `create view ${target} as select *, ${landing} as _landing_id, rowid + 1 as _row_number, 0::bigint as _row_hash, 'I' as _op,
       rowid + 1 as _seq, ${now} as _extracted_at, ${now} as _as_of, ${now} as _loaded_at from ${delivered}`,
  )
}

async function build(node) {
  await ensureSchema(node.schema)
  const target = name(node.schema, node.alias)
  if (node.resource_type === "seed") {
    const types = Object.entries(node.config.column_types ?? {}).map(
      ([column, type]) => `${text(column)}: ${text(type)}`,
    )
    const path = join(node.root_path ?? "", node.original_file_path)
    const options = types.length > 0 ? `, types = {${types.join(", ")}}` : ""
    await session.run(
      `create table ${target} as select * from read_csv(${text(path)}, header = true${options})`,
    )
  } else if (node.resource_type === "test") {
    await session.run(`select count(*) from (${node.compiled_code}) as failures`)
  } else if (node.resource_type === "model" && node.config.materialized !== "ephemeral") {
    await session.run(
      `create ${node.config.materialized === "view" ? "view" : "table"} ${target} as ${node.compiled_code}`,
    )
  }
}

async function write(table, { schema, partitions }) {
  const folder = join(out, "published", table)
  mkdirSync(folder, { recursive: true })
  const from = name(schema, table)
  if ("" in partitions) {
    await session.run(
      `copy (from ${from}) to ${text(join(folder, "data.parquet"))} (format parquet, compression zstd)`,
    )
    return
  }
  await session.run(
    `copy (select *, case when date_key > 0 then concat(date_key // 10000, '-', lpad((date_key // 100 % 100)::varchar, 2, '0')) else 'undated' end as "month"
       from ${from}) to ${text(folder)} (format parquet, compression zstd, partition_by ("month"))`,
  )
}

function inOrder() {
  const ordered = []
  const seen = new Set()
  const visit = (id) => {
    const node = manifest.nodes[id]
    if (node === undefined || seen.has(id)) return
    seen.add(id)
    for (const parent of node.depends_on?.nodes ?? []) visit(parent)
    if (node.resource_type === "seed" || node.compiled_code || existsSync(node.compiled_path ?? ""))
      ordered.push(node)
  }
  for (const id of Object.keys(manifest.nodes)) visit(id)
  return ordered
}
