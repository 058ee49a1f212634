import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { openDuckDb } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"
import type { Row, Session, WarehouseValue } from "../../../src/warehouse/warehouse.ts"

const analytics = join(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))), "analytics")

/** A shop for real dbt: a warehouse with a bronze layer and the dbt project that analytics/README.md asks for. */
export interface DbtShop {
  folder: string
  /** Runs statements in the warehouse. */
  write(work: (session: Session) => Promise<void>): Promise<void>
  /** Runs one statement in the warehouse; every value as text. */
  rows(sql: string): Promise<Record<string, string>[]>
  /** The one row of a statement. */
  row(sql: string): Promise<Record<string, string>>
  /** Runs dbt in the shop's project; throws with its output where it fails. */
  dbt(...args: string[]): Promise<void>
  /** Removes the folder. */
  remove: () => void
  /** An artifact of the last dbt run, e.g. `manifest.json`. */
  artifact(name: string): unknown
}

/**
 * @param sources the var `sources`: the shop's data sets, by source
 * @param more other variables, layers' names among them, and files of the shop's own project by path
 */
export function makeDbtShop(
  dbt: string,
  sources: Record<string, string[]>,
  more: { vars?: Record<string, unknown>; files?: Record<string, string> } = {},
): DbtShop {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-analytics-"))
  const project = join(folder, "dbt")
  const warehouse = join(folder, "warehouse.duckdb")
  mkdirSync(join(project, "macros"), { recursive: true })
  const layers = {
    bronze_schema: "bronze",
    silver_schema: "silver",
    star_schema: "gold",
    marts_schema: "gold",
    quality_schema: "quality",
  }
  const files: Record<string, unknown> = {
    "dbt_project.yml": {
      name: "shop",
      version: "1.0.0",
      "config-version": 2,
      profile: "cartwright",
      vars: { sources, ...layers, ...more.vars },
    },
    "packages.yml": { packages: [{ local: analytics }] },
    "profiles.yml": {
      cartwright: {
        target: "duckdb",
        outputs: { duckdb: { type: "duckdb", path: warehouse, schema: "main", threads: 2 } },
      },
    },
  }
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(project, name), JSON.stringify(content))
  writeFileSync(
    join(project, "macros", "generate_schema_name.sql"),
    `{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%} {{ target.schema }}
    {%- else -%} {{ var(custom_schema_name | trim ~ '_schema', custom_schema_name | trim) }}
    {%- endif -%}
{%- endmacro %}
`,
  )
  for (const [path, content] of Object.entries(more.files ?? {})) {
    mkdirSync(dirname(join(project, path)), { recursive: true })
    writeFileSync(join(project, path), content)
  }
  const inWarehouse = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    const opened = await openDuckDb({ path: warehouse })
    const session = await opened.session()
    try {
      return await work(session)
    } finally {
      session.close()
      await opened.close()
    }
  }
  const rows = async (sql: string) => (await inWarehouse((session) => session.rows(sql))).map(asTexts)
  return {
    folder,
    write: inWarehouse,
    rows,
    row: async (sql) => (await rows(sql))[0] ?? {},
    async dbt(...args) {
      const options = ["--no-use-colors", ...args, "--project-dir", project, "--profiles-dir", project]
      const { code, output } = await run(dbt, options)
      if (code === 0) return
      const failed = output.split("\n").filter((line) => /ERROR|FAIL|Error/.test(line))
      throw new Error(`dbt ${args.join(" ")}:\n${failed.slice(0, 40).join("\n")}`)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
    artifact: (name) => JSON.parse(readFileSync(join(project, "target", name), "utf8")) as unknown,
  }
}

function asTexts(row: Row): Record<string, string> {
  const text = (value: WarehouseValue) =>
    typeof value === "object" && value !== null ? JSON.stringify(value) : String(value)
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)]))
}

function run(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { maxBuffer: 1 << 28 }, (error, stdout) => {
      resolve({ code: error === null ? 0 : 1, output: stdout })
    })
  })
}
