import type { TableColumn } from "../adapter/column.ts"
import type { Relation } from "../adapter/relation.ts"
import { projectError } from "../errors.ts"
import { execute, type NodeRun } from "./node-run.ts"

const MODES = ["ignore", "append_new_columns", "sync_all_columns", "fail"]

/**
 * Does what `on_schema_change` asks when the columns of the model's SQL differ from those of its table.
 * @returns the columns to insert, or undefined where those of the table are to be used
 */
export async function reconcileColumns(run: NodeRun, staged: Relation): Promise<TableColumn[] | undefined> {
  const mode = String(run.node.config["on_schema_change"] ?? "ignore")
  if (mode === "ignore" || !MODES.includes(mode)) return undefined
  const { session, database, target } = run
  const source = await database.columns(session, staged)
  const existing = await database.columns(session, target)
  const added = missing(source, existing)
  const removed = missing(existing, source)
  const retyped = source.filter((column) =>
    existing.some((other) => sameName(column, other) && other.dataType !== column.dataType),
  )
  if (added.length === 0 && removed.length === 0 && retyped.length === 0) return source
  if (mode === "fail") {
    throw projectError("the source and target schemas on this incremental model are out of sync", {
      place: run.node.original_file_path,
      choices: [
        `only in the model: ${names(added)}`,
        `only in the table: ${names(removed)}`,
        `of another type: ${names(retyped)}`,
      ],
      next: "Set on_schema_change to append_new_columns or sync_all_columns, or run with --full-refresh.",
    })
  }
  const alter = (change: string): Promise<number> => execute(run, `alter table ${target.render()} ${change}`)
  for (const column of added) await alter(`add column ${column.quoted} ${column.dataType}`)
  if (mode === "sync_all_columns") {
    for (const column of removed) await alter(`drop column ${column.quoted}`)
    for (const column of retyped) await alter(`alter column ${column.quoted} type ${column.dataType}`)
  }
  return source
}

function missing(columns: readonly TableColumn[], others: readonly TableColumn[]): TableColumn[] {
  return columns.filter((column) => !others.some((other) => sameName(column, other)))
}

function sameName(a: TableColumn, b: TableColumn): boolean {
  return a.column === b.column
}

function names(columns: readonly TableColumn[]): string {
  return columns.length === 0
    ? "none"
    : columns.map((column) => `${column.column} (${column.dtype})`).join(", ")
}
