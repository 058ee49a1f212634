import { hooksOf } from "../parse/config.ts"
import type { NodeRun } from "./node-run.ts"
import { persistDocs } from "./persist-docs.ts"

/**
 * Runs a materialization between its hooks: those outside, then a transaction with the hooks inside and the work, then
 * those after it. When the work or a hook inside fails, all of the transaction is undone and the old relation stays.
 */
export async function betweenHooks<T>(run: NodeRun, work: () => Promise<T>): Promise<T> {
  const pre = hooksOf(run.node.config["pre-hook"])
  const post = hooksOf(run.node.config["post-hook"])
  const runAll = async (hooks: typeof pre, inTransaction: boolean): Promise<void> => {
    for (const hook of hooks) {
      if (hook.transaction !== inTransaction) continue
      const sql = await run.renderHook(hook.sql)
      if (sql.trim() !== "") await run.session.run(sql)
    }
  }
  await runAll(pre, false)
  const { database, session, target } = run
  const old = await database.existing(session, target)
  let answer: T
  try {
    answer = await session.transaction(async () => {
      await runAll(pre, true)
      const value = await work()
      await runAll(post, true)
      await persistDocs(run)
      return value
    })
  } catch (error) {
    if (old === undefined) database.noteDropped(target)
    else database.noteCreated(old, old.type ?? "table")
    throw error
  }
  await runAll(post, false)
  return answer
}
