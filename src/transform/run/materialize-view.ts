import { betweenHooks } from "./hooks.ts"
import { header } from "./materialize-table.ts"
import { execute, type NodeAnswer, type NodeRun } from "./node-run.ts"

/** Makes a view; a table of that name makes way in the same transaction. */
export async function materializeView(run: NodeRun): Promise<NodeAnswer> {
  const { session, database, target } = run
  await betweenHooks(run, async () => {
    const old = await database.existing(session, target)
    if (old !== undefined && old.type !== "view") await database.drop(session, old)
    await execute(run, `${header(run)}create or replace view ${target.render()} as (\n${run.sql}\n);`)
    database.noteCreated(target, "view")
  })
  return { message: "OK" }
}
