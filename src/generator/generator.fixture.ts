import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join, relative } from "node:path"
import { silentEffects } from "../core/effects.ts"
import { openDuckDb, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Row } from "../warehouse/warehouse.ts"
import { type GenerateOptions, type GenerateOutcome, generateShop } from "./generate.ts"

export interface Generated extends GenerateOutcome {
  dir: string
}

/** Generates into a new folder. */
export async function generated(options: Partial<GenerateOptions> = {}): Promise<Generated> {
  const dir = mkdtempSync(join(tmpdir(), "cartwright-generator-"))
  const outcome = await generateShop({ scale: 0.002, seed: 7, dir, effects: silentEffects(), ...options })
  return { ...outcome, dir }
}

/** SHA-256 of every file that was written, the truth and the record of defects included. */
export function fingerprints(shop: Generated): Record<string, string> {
  const files = [...shop.tables.flatMap((table) => table.files), shop.truthPath, shop.dirtPath ?? []].flat()
  return Object.fromEntries(
    files.map((file) => [
      relative(shop.dir, file),
      createHash("sha256").update(readFileSync(file)).digest("hex"),
    ]),
  )
}

export function truthOf(shop: Generated) {
  return JSON.parse(readFileSync(shop.truthPath, "utf8")) as {
    tables: { name: string; rows: number; files: string[] }[]
    effects: Record<string, { planted: unknown; realised: unknown }>
    deliveries: { date: string; changes: Record<string, Record<string, number>> }[]
    dirt?: { planted: { kind: string; table: string; rows: number }[] }
  }
}

/**
 * Queries the written files, CSV with all columns as text, independently of the generator.
 * @param folder only the files below it; absent: all
 */
export async function reader(shop: Generated, folder = ""): Promise<(sql: string) => Promise<Row[]>> {
  const warehouse = await openDuckDb({ path: ":memory:", threads: 2 })
  const session = await warehouse.session()
  for (const { name, files } of shop.tables) {
    const list = files.filter((file) => relative(shop.dir, file).startsWith(folder)).map(quoteLiteral)
    if (list.length === 0) continue
    const format = /\.(csv|parquet|ndjson)/.exec(basename(files[0] ?? ""))?.[1]
    const read = {
      csv: `read_csv([${list.join(", ")}], all_varchar = true, header = true, quote = '"', delim = ',', hive_partitioning = false)`,
      parquet: `read_parquet([${list.join(", ")}], hive_partitioning = false)`,
      ndjson: `read_json([${list.join(", ")}], hive_partitioning = false)`,
    }[format as "csv" | "parquet" | "ndjson"]
    await session.run(`create table ${name} as select * from ${read}`)
  }
  return (sql) => session.rows(sql)
}

/** A single number. */
export async function number(query: (sql: string) => Promise<Row[]>, sql: string): Promise<number> {
  const [row] = await query(sql)
  return Number(Object.values(row ?? {})[0])
}

export function lines(path: string): string[] {
  return readFileSync(path, "latin1").split("\n").slice(0, -1)
}
