import type { NodeStatus } from "../dbt.ts"
import { execute, type NodeRun } from "./node-run.ts"

export interface TestOutcome {
  status: NodeStatus
  failures: number
  message: string | undefined
}

/** Counts what a test's SQL finds, keeps it in a relation if asked, and judges it by severity and thresholds. */
export async function runTest(run: NodeRun): Promise<TestOutcome> {
  const { config } = run.node
  const rows = config["store_failures"] === true ? await storeFailures(run) : run.sql
  const limit = config["limit"]
  const failCalc = String(config["fail_calc"])
  const header = typeof config["sql_header"] === "string" ? `${config["sql_header"]}\n` : ""
  const sql = `${header}select
  ${failCalc} as failures,
  ${failCalc} ${String(config["warn_if"])} as should_warn,
  ${failCalc} ${String(config["error_if"])} as should_error
from (
${rows}
${limit === null || limit === undefined ? "" : `limit ${String(limit)}`}
) dbt_internal_test`
  run.executed.push(sql)
  const result = await run.session.result(sql)
  const [failures, shouldWarn, shouldError] = result.rows[0] ?? []
  if (failures === null || failures === undefined) {
    throw new Error(`the test's fail_calc gives no number: ${failCalc}`)
  }
  return judge(Number(failures), shouldWarn === true, shouldError === true, config)
}

/** Keeps the failing records in a table or view of their own. @returns SQL that reads them */
async function storeFailures(run: NodeRun): Promise<string> {
  const { node, session, database, target } = run
  const kind = node.config["store_failures_as"] === "view" ? "view" : "table"
  await database.createSchema(session, target.schema ?? "")
  await session.transaction(async () => {
    const old = await database.existing(session, target)
    if (old !== undefined) await database.drop(session, old)
    await execute(run, `create ${kind} ${target.render()} as (\n${run.sql}\n)`)
    database.noteCreated(target, kind)
  })
  return `select * from ${target.render()}`
}

function judge(
  failures: number,
  shouldWarn: boolean,
  shouldError: boolean,
  config: Record<string, unknown>,
): TestOutcome {
  const severity = String(config["severity"]).toUpperCase()
  const found = `Got ${failures} result${failures === 1 ? "" : "s"}`
  if (severity === "ERROR" && shouldError) {
    return {
      status: "fail",
      failures,
      message: `${found}, configured to fail if ${String(config["error_if"])}`,
    }
  }
  if (shouldWarn) {
    return {
      status: "warn",
      failures,
      message: `${found}, configured to warn if ${String(config["warn_if"])}`,
    }
  }
  return { status: "pass", failures: 0, message: undefined }
}
