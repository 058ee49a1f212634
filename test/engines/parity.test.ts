import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { openDuckDb } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import { dbtBin, describeWith, sharedData } from "./lib/engines.ts"

/**
 * Invariant 7 on our own project: `cartwright run` with the embedded runner and with `transform.engine: dbt` builds the
 * same silver and gold, table for table, row for row, with the same column types.
 */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

function cartwright(cwd: string, ...args: string[]): void {
  try {
    execFileSync("node", [join(root, "dist/cli/main.js"), ...args, "--quiet"], { cwd, stdio: "pipe" })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: Buffer; stderr: Buffer }
    throw new Error(`cartwright ${args.join(" ")}:\n${stdout.toString()}\n${stderr.toString()}`, {
      cause: error,
    })
  }
}

/** Makes a shop of the files and runs it; gives its warehouse. */
function runShop(folder: string, name: string, files: string, dbt?: string): string {
  cartwright(folder, "init", files, "--dir", name)
  const config = join(folder, name, "cartwright.yaml")
  if (dbt !== undefined) {
    const text = readFileSync(config, "utf8").replace("engine: embedded", `engine: dbt\n  dbt: ${dbt}`)
    writeFileSync(config, text)
  }
  cartwright(folder, "run", "--dir", name)
  return join(folder, name, "warehouse.duckdb")
}

interface Relation {
  name: string
  columns: string[]
  types: string[]
}

/** Every relation above bronze as a Parquet file, without the operational ones: columns that begin with `_`, and schema meta. */
async function exported(path: string, folder: string): Promise<Relation[]> {
  mkdirSync(folder)
  // Opened under its own name: views hold it.
  const warehouse = await openDuckDb({ path, readOnly: true })
  const session = await warehouse.session()
  const relations = await session.rows<Relation>(
    `select schema_name || '.' || table_name as name, list(column_name order by column_index) as columns, list(data_type order by column_index) as types
     from duckdb_columns() where database_name = current_database() and schema_name not in ('bronze', 'meta') and not internal group by 1 order by 1`,
  )
  for (const { name, columns } of relations) {
    const kept = columns.filter((column) => !column.startsWith("_")).map((column) => `"${column}"`)
    await session.run(
      `copy (select ${kept.join(", ")} from ${name}) to '${join(folder, `${name}.parquet`)}' (format parquet)`,
    )
  }
  await warehouse.close()
  return relations
}

/** Relations whose rows differ, with how many rows only one side has. */
async function differences(
  folder: string,
  embedded: string,
  real: string,
): Promise<{ compared: number; found: string[] }> {
  const [ours, theirs] = [
    await exported(embedded, join(folder, "l")),
    await exported(real, join(folder, "r")),
  ]
  expect(ours).toEqual(theirs)
  const warehouse = await openDuckDb({ path: ":memory:" })
  const session = await warehouse.session()
  const found: string[] = []
  for (const { name } of ours) {
    const [l, r] = ["l", "r"].map((side) => `from '${join(folder, side, `${name}.parquet`)}'`)
    const [row] = await session.rows<{ only_left: bigint; only_right: bigint }>(
      `select (select count(*) from (${l} except all ${r})) as only_left, (select count(*) from (${r} except all ${l})) as only_right`,
    )
    if (row?.only_left !== 0n || row.only_right !== 0n)
      found.push(`${name}: ${row?.only_left} / ${row?.only_right}`)
  }
  await warehouse.close()
  return { compared: ours.length, found }
}

describeWith(
  { dbt: dbtBin(), onlineRetail: sharedData("online_retail"), thelook: sharedData("thelook") },
  "embedded runner = real dbt on our own project",
  ({ dbt, onlineRetail, thelook }) => {
    const shops: Record<string, (folder: string) => void> = {
      "Online Retail, the whole file": (files) => cpSync(onlineRetail, files, { recursive: true }),
      "theLook, orders and products only": (files) =>
        cpSync(join(thelook, "full_tables"), files, { recursive: true }),
      "theLook, related subset": (files) =>
        cpSync(join(thelook, "subset_orders_2025"), files, { recursive: true }),
      "theLook, first rows": (files) => cpSync(join(thelook, "first_rows_2025"), files, { recursive: true }),
      "theLook, generated with dirt": (files) =>
        cartwright(dirname(files), "generate", "--dir", files, "--scale", "0.02", "--seed", "11", "--dirt"),
    }
    test.each(Object.keys(shops))("%s", async (name) => {
      const folder = mkdtempSync(join(tmpdir(), "cartwright-parity-"))
      const files = join(folder, "files")
      mkdirSync(files)
      shops[name]?.(files)
      const embedded = runShop(folder, "embedded", files)
      const real = runShop(folder, "real", files, dbt)
      const { compared, found } = await differences(folder, embedded, real)
      expect(found, found.join("\n")).toEqual([])
      expect(compared).toBeGreaterThan(30)
    })
  },
)
