import type { TableColumn } from "../adapter/column.ts"
import { Relation } from "../adapter/relation.ts"
import { projectError, unsupported } from "../errors.ts"
import { asStringList } from "../yaml/yaml.ts"
import { betweenHooks } from "./hooks.ts"
import { createTable, rebuildTable } from "./materialize-table.ts"
import { execute, type NodeAnswer, type NodeRun } from "./node-run.ts"
import { reconcileColumns } from "./schema-change.ts"

const STRATEGIES = ["append", "merge", "delete+insert"]
const UNSUPPORTED_CONFIGS = [
  "merge_update_condition",
  "merge_insert_condition",
  "merge_on_using_columns",
  "merge_update_set_expressions",
  "merge_returning_columns",
  "merge_clauses",
]

/** Builds the table on the first run and on a full refresh; otherwise adds what the model's SQL now gives. */
export async function materializeIncremental(run: NodeRun): Promise<NodeAnswer> {
  const strategy = strategyOf(run)
  await betweenHooks(run, async () => {
    const old = await run.database.existing(run.session, run.target)
    if (old?.type !== "table" || run.fullRefresh) await rebuildTable(run)
    else await addRows(run, strategy)
  })
  return { message: "OK" }
}

function strategyOf(run: NodeRun): string {
  const { config } = run.node
  for (const key of UNSUPPORTED_CONFIGS) {
    if (config[key] !== undefined && config[key] !== null)
      throw unsupported(`the incremental config ${key}`, run.node.original_file_path)
  }
  const stated = config["incremental_strategy"]
  if (stated === null || stated === undefined || stated === "default") {
    return keysOf(run).length > 0 ? "delete+insert" : "append"
  }
  const strategy = String(stated)
  if (strategy === "microbatch" || strategy === "insert_overwrite")
    throw unsupported(`the incremental strategy ${strategy}`, run.node.original_file_path)
  if (!STRATEGIES.includes(strategy)) {
    throw projectError(`'${strategy}' is no incremental strategy`, {
      place: run.node.original_file_path,
      choices: STRATEGIES,
    })
  }
  return strategy
}

async function addRows(run: NodeRun, strategy: string): Promise<void> {
  const { session, database, target } = run
  const staged = new Relation({
    database: null,
    schema: null,
    identifier: `${target.identifier ?? ""}__dbt_tmp_incremental`,
  })
  await execute(run, createTable(run, staged, true))
  try {
    const reconciled = await reconcileColumns(run, staged)
    const columns = reconciled ?? (await database.columns(session, target))
    for (const statement of statements(run, strategy, staged, columns)) await execute(run, statement)
  } finally {
    // After an error the transaction is undone as a whole, and the staged rows with it.
    await session.run(`drop table if exists ${staged.render()}`).catch(() => undefined)
  }
}

function statements(
  run: NodeRun,
  strategy: string,
  staged: Relation,
  columns: readonly TableColumn[],
): string[] {
  const list = columns.map((column) => column.quoted).join(", ")
  const insert = `insert into ${run.target.render()} (${list})\n(\n    select ${list}\n    from ${staged.render()}\n)`
  if (strategy === "append") return [insert]
  if (strategy === "merge") return [mergeStatement(run, staged, columns)]
  return [...deleteStatement(run, staged), insert]
}

function keysOf(run: NodeRun): string[] {
  return asStringList(run.node.config["unique_key"])
}

function predicatesOf(run: NodeRun): string[] {
  return asStringList(run.node.config["incremental_predicates"] ?? run.node.config["predicates"])
}

/** Removes the rows that come again. One key is looked up as a whole, several are compared one by one. */
function deleteStatement(run: NodeRun, staged: Relation): string[] {
  const stated = run.node.config["unique_key"]
  const keys = keysOf(run)
  const [target, source] = [run.target.render(), staged.render()]
  const predicates = predicatesOf(run).map((predicate) => `\n    and ${predicate}`)
  if (keys.length === 0) return []
  if (!Array.isArray(stated)) {
    return [
      `delete from ${target}\nwhere (${keys[0]}) in (\n    select (${keys[0]})\n    from ${source}\n)${predicates.join("")}`,
    ]
  }
  const matches = keys.map((key) => `${source}.${key} = DBT_INCREMENTAL_TARGET.${key}`)
  return [
    `delete from ${target} as DBT_INCREMENTAL_TARGET\nusing ${source}\nwhere (\n    ${matches.join("\n    and ")}${predicates.join("")}\n)`,
  ]
}

function mergeStatement(run: NodeRun, staged: Relation, columns: readonly TableColumn[]): string {
  const keys = keysOf(run)
  const conditions = [
    ...keys.map((key) => `DBT_INTERNAL_SOURCE.${key} = DBT_INTERNAL_DEST.${key}`),
    ...predicatesOf(run),
  ]
  const on = keys.length === 0 ? "FALSE" : conditions.map((condition) => `(${condition})`).join(" AND ")
  const updated = asStringList(run.node.config["merge_update_columns"])
  const excluded = asStringList(run.node.config["merge_exclude_columns"]).map((name) => name.toLowerCase())
  let set = "BY NAME"
  if (updated.length > 0)
    set = `SET ${updated.map((name) => `${name} = DBT_INTERNAL_SOURCE.${name}`).join(", ")}`
  else if (excluded.length > 0) {
    const kept = columns.filter((column) => !excluded.includes(column.column.toLowerCase()))
    set = `SET ${kept.map((column) => `${column.quoted} = DBT_INTERNAL_SOURCE.${column.quoted}`).join(", ")}`
  }
  return `merge into ${run.target.render()} as DBT_INTERNAL_DEST
using ${staged.render()} as DBT_INTERNAL_SOURCE
on ${on}
when matched then update ${set}
when not matched then insert by name`
}
