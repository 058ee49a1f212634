import { join } from "node:path"
import { quoteIdentifier, quoteLiteral } from "../adapter/quoting.ts"
import { projectError } from "../errors.ts"
import { readText } from "../project/files.ts"
import { parseCsv } from "../seeds/csv.ts"
import { inferType } from "../seeds/types.ts"
import { asDict } from "../yaml/yaml.ts"
import { betweenHooks } from "./hooks.ts"
import { execute, type NodeAnswer, type NodeRun } from "./node-run.ts"

/**
 * Loads a CSV file. A table that exists is emptied and filled again with its columns as they are; `--full-refresh`
 * makes it anew. DuckDB reads the file itself, as under dbt-duckdb; only the types are found here.
 */
export async function materializeSeed(run: NodeRun): Promise<NodeAnswer> {
  const { node, session, database, target } = run
  const file = join(node.root_path ?? "", node.original_file_path)
  const delimiter = String(node.config["delimiter"] ?? ",")
  let rows = 0
  await betweenHooks(run, async () => {
    const old = await database.existing(session, target)
    if (old?.type === "view") {
      throw projectError(`cannot seed to ${target.render()}: it is a view`, {
        place: node.original_file_path,
        next: "Drop the view, or rename the seed.",
      })
    }
    if (old !== undefined && !run.fullRefresh) await execute(run, `truncate ${target.render()}`)
    else {
      if (old !== undefined) await database.drop(session, old)
      await execute(run, createStatement(run, file, delimiter))
      database.noteCreated(target, "table")
    }
    rows = await execute(
      run,
      `copy ${target.render()} from ${quoteLiteral(file)} (format csv, header true, delimiter ${quoteLiteral(delimiter)})`,
    )
  })
  const code = run.fullRefresh ? "CREATE" : "INSERT"
  return { message: `${code} ${rows}`, rowsAffected: rows, code }
}

function createStatement(run: NodeRun, file: string, delimiter: string): string {
  const { node, target } = run
  const [header, ...lines] = parseCsv(readText(file).replace(/^\uFEFF/, ""), delimiter)
  if (header === undefined)
    throw projectError("the seed has no header", {
      place: node.original_file_path,
      next: "Add a line with the columns' names.",
    })
  const stated = asDict(node.config["column_types"]) ?? {}
  const quote = node.config["quote_columns"] !== false
  const columns = header.map((name, i) => {
    const type = stated[name] ?? inferType(lines.map((line) => line[i] ?? ""))
    return `${quote ? quoteIdentifier(name) : name} ${String(type)}`
  })
  return `create table ${target.render()} (${columns.join(", ")})`
}
