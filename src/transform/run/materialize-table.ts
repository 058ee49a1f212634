import type { Relation } from "../adapter/relation.ts"
import { md5 } from "../context/hashing.ts"
import { asDict, asStringList } from "../yaml/yaml.ts"
import { betweenHooks } from "./hooks.ts"
import { execute, type NodeAnswer, type NodeRun } from "./node-run.ts"

/** Builds a table beside the old relation and swaps them in one transaction: a failing model leaves the old one. */
export async function materializeTable(run: NodeRun): Promise<NodeAnswer> {
  await betweenHooks(run, async () => {
    await rebuildTable(run)
  })
  return { message: "OK" }
}

/** The table's part inside the transaction, also for the first run of incremental models. */
export async function rebuildTable(run: NodeRun): Promise<void> {
  const { session, database, target } = run
  const old = await database.existing(session, target)
  if (old === undefined) {
    await execute(run, createTable(run, target, false))
    database.noteCreated(target, "table")
  } else {
    const temporary = target.withSuffix("__dbt_tmp").with({ type: "table" })
    await session.run(`drop table if exists ${temporary.render()}`)
    await execute(run, createTable(run, temporary, false))
    await database.drop(session, old)
    await database.rename(session, temporary, target)
  }
  await createIndexes(run)
}

/** `create table as`, as dbt writes it. */
export function createTable(run: NodeRun, relation: Relation, temporary: boolean): string {
  return `${header(run)}create ${temporary ? "temporary " : ""}table ${relation.render()} as (\n${run.sql}\n);`
}

/** What the model's `sql_header` puts before its statement. */
export function header(run: NodeRun): string {
  const text = run.node.config["sql_header"]
  return typeof text === "string" && text.trim() !== "" ? `${text}\n` : ""
}

/** Makes the indexes of `indexes:`; a table that is rebuilt has lost its own. */
async function createIndexes(run: NodeRun): Promise<void> {
  const indexes = run.node.config["indexes"]
  for (const index of Array.isArray(indexes) ? indexes : []) {
    const dict = asDict(index) ?? {}
    const columns = asStringList(dict["columns"])
    const name = md5(`${run.target.render()}:${columns.join(",")}:${String(dict["unique"] ?? false)}`)
    await execute(
      run,
      `create ${dict["unique"] === true ? "unique " : ""}index if not exists "${name}" on ${run.target.render()} (${columns.join(", ")})`,
    )
  }
}
