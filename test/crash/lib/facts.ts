import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { PublishedVersion } from "../../../src/publish/version.ts"
import { openDuckDb, quoteIdentifier, quoteLiteral } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../../src/warehouse/warehouse.ts"

/** What a shop holds, by name: what must not differ however often its runs were killed. */
export type Facts = Record<string, string>

/**
 * Lake, bronze, every table of the layers, and the published version. Left out is what tells of runs and not of data:
 * load times, run ids, columns that begin with `_` outside of bronze, tables outside of the layers' schemas.
 */
export async function factsOf(shop: string): Promise<Facts> {
  return {
    ...lakeFacts(join(shop, "lake")),
    ...(await warehouseFacts(shop)),
    ...(await publishedFacts(shop)),
  }
}

const OPERATIONAL = new Set(["landedAt", "decidedAt", "run"])

function lakeFacts(lake: string): Facts {
  const facts: Facts = {}
  for (const name of filesBelow(lake)) {
    const bytes = readFileSync(join(lake, name))
    facts[`lake ${name}`] = name.endsWith(".json")
      ? JSON.stringify(JSON.parse(bytes.toString("utf8")), (key, value: unknown) =>
          OPERATIONAL.has(key) ? 0 : value,
        )
      : createHash("sha256").update(bytes).digest("hex")
  }
  return facts
}

const LAYERS = ["bronze", "silver", "gold", "quality"]

async function warehouseFacts(shop: string): Promise<Facts> {
  const path = join(shop, "warehouse.duckdb")
  if (!existsSync(path)) return {}
  const warehouse = await openDuckDb({ path, readOnly: true, threads: 1 })
  try {
    const session = await warehouse.session()
    const tables = await session.rows<{ s: string; t: string; columns: string[] }>(
      `select table_schema as s, table_name as t, list(column_name order by ordinal_position) as columns
       from information_schema.columns where table_catalog = current_database()
         and table_schema in (${LAYERS.map(quoteLiteral).join(", ")}) group by all order by all`,
    )
    return await hashes(
      session,
      tables.map(({ s, t, columns }) => ({
        name: `table ${s}.${t}`,
        from: `${quoteIdentifier(s)}.${quoteIdentifier(t)}`,
        columns: columns.filter((column) =>
          s === "bronze" ? !/^_?loaded_at$/.test(column) : !column.startsWith("_"),
        ),
      })),
    )
  } finally {
    await warehouse.close()
  }
}

/** The version that readers see. */
async function publishedFacts(shop: string): Promise<Facts> {
  const published = join(shop, "published")
  if (!existsSync(join(published, "current"))) return {}
  const warehouse = await openDuckDb({ path: ":memory:", threads: 1 })
  try {
    const name = readFileSync(join(published, "current"), "utf8").trim()
    return await versionFacts(await warehouse.session(), published, name)
  } finally {
    await warehouse.close()
  }
}

/** The content of one published version. @throws when it is not complete */
export async function versionFacts(session: Session, published: string, version: string): Promise<Facts> {
  const folder = join(published, version)
  const { tables } = JSON.parse(readFileSync(join(folder, "_version.json"), "utf8")) as PublishedVersion
  const facts = await hashes(
    session,
    Object.entries(tables).map(([name, { columns }]) => ({
      name: `published ${name}`,
      from: `read_parquet(${quoteLiteral(join(folder, name, "**", "*.parquet"))})`,
      columns: columns.map((column) => column.name).filter((column) => !column.startsWith("_")),
    })),
  )
  for (const [name, { rows }] of Object.entries(tables)) {
    if (facts[`published ${name}`]?.startsWith(`${rows} rows`) !== true)
      throw new Error(`${version} says ${rows} rows in ${name}, and holds ${facts[`published ${name}`]}`)
  }
  return facts
}

/** Rows and a hash of them, whatever their order, in one query for all tables. */
async function hashes(
  session: Session,
  tables: readonly { name: string; from: string; columns: readonly string[] }[],
): Promise<Facts> {
  if (tables.length === 0) return {}
  const parts = tables.map(({ name, from, columns }) => {
    const list = columns.map((column) => `${quoteIdentifier(column)}::varchar`).join(", ")
    return `select ${quoteLiteral(name)} as name, count(*) || ' rows, ' || coalesce(sum(hash(${list}))::varchar, '') as fact from ${from}`
  })
  const rows = await session.rows<{ name: string; fact: string }>(parts.join("\nunion all "))
  return Object.fromEntries(rows.map(({ name, fact }) => [name, fact]))
}

/** In what two shops differ, in words; empty where in nothing. */
export function differences(found: Facts, expected: Facts): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .filter((name) => found[name] !== expected[name])
    .map((name) => `${name}: ${found[name] ?? "missing"} in place of ${expected[name] ?? "nothing"}`)
}

/** What only a run at work may have; after it ended nothing of it must be there. */
const LEFT_OVER =
  /[.]tmp(?:$|[/])|[.]unfinished-|[.]building-|[.]current-next|lease[.]json|[.]new(?:$|[/])|[.]guard|[.]wal$|[/]scratch[/]|_unpublished$/

/** Files of runs that ended, and records that say that they go on. */
export function leftOvers(shop: string, temporary: string): string[] {
  const found = filesBelow(shop)
    .filter((name) => !name.startsWith("dbt/") && LEFT_OVER.test(name) && !isHalfLease(join(shop, name)))
    // What runs the program from its source keeps a folder there.
    .concat(readdirSync(temporary).filter((name) => !name.startsWith("tsx-")))
  const records = filesBelow(join(shop, "runs")).filter((name) => name.endsWith("/state.json"))
  for (const [i, name] of records.entries()) {
    const { status } = JSON.parse(readFileSync(join(shop, "runs", name), "utf8")) as { status: string }
    if (status === "running") found.push(`runs/${name} of ${records.length}, the ${i}th, says running`)
  }
  return found
}

/** A lease that was half-written nobody can read: it goes when it is a minute old. */
function isHalfLease(path: string): boolean {
  return /lease[.]json[.][0-9a-f]{16}$/.test(path) && !readFileSync(path, "utf8").endsWith("}")
}

/** Every file below a folder, hidden ones included, by name. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}
