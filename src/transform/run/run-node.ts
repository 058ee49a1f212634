import { CartwrightError, messageOf } from "../../core/errors.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import type { RunRecord } from "../artifacts/run-results.ts"
import { nodeRelation } from "../context/reference-functions.ts"
import { renderText } from "../context/render.ts"
import type { DbtNode } from "../nodes.ts"
import { compileNode, nodeContext, writeTexts, type Compiling } from "./compile-node.ts"
import { materializeIncremental } from "./materialize-incremental.ts"
import { materializeSeed } from "./materialize-seed.ts"
import { materializeSnapshot } from "./materialize-snapshot.ts"
import { materializeTable } from "./materialize-table.ts"
import { materializeView } from "./materialize-view.ts"
import type { NodeAnswer, NodeRun } from "./node-run.ts"
import { runTest } from "./run-test.ts"

const MATERIALIZE: Record<string, (run: NodeRun) => Promise<NodeAnswer>> = {
  view: materializeView,
  table: materializeTable,
  incremental: materializeIncremental,
  seed: materializeSeed,
  snapshot: materializeSnapshot,
}

/** Compiles a node and builds or tests it. Failures are in the record; unsupported features are thrown. */
export async function runNode(compiling: Compiling, node: DbtNode, thread: string): Promise<RunRecord> {
  const { invocation } = compiling
  const now = (): Date => invocation.effects.now()
  const record: RunRecord = {
    uniqueId: node.unique_id,
    status: "success",
    thread,
    compileStarted: now(),
    executeStarted: undefined,
    ended: now(),
    message: null,
    failures: null,
    response: {},
    compiledCode: null,
    relationName: node.relation_name,
  }
  const executed: string[] = []
  try {
    const context = nodeContext(compiling, node)
    const sql = node.resource_type === "seed" ? "" : await compileNode(compiling, node, context)
    if (node.resource_type !== "seed") record.compiledCode = sql
    record.executeStarted = now()
    const session = await compiling.session()
    const run: NodeRun = {
      node,
      context,
      session,
      database: invocation.database,
      target: nodeRelation(node, { invocation }),
      sql,
      fullRefresh:
        typeof node.config["full_refresh"] === "boolean"
          ? node.config["full_refresh"]
          : invocation.fullRefresh,
      renderHook: (hook) =>
        /\{[{%#]/.test(hook) ? renderText(context, hook, node.original_file_path) : Promise.resolve(hook),
      executed,
    }
    await build(run, record)
  } catch (error) {
    if (error instanceof CartwrightError && (error.code === "unsupported" || error.code === "environment"))
      throw error
    record.status = "error"
    record.message = failureText(node, error)
  }
  const failed = record.status === "error" || record.status === "fail"
  if (failed || compiling.texts === "all") writeTexts(compiling, node, executed)
  record.ended = now()
  return record
}

async function build(run: NodeRun, record: RunRecord): Promise<void> {
  const { node } = run
  if (node.resource_type === "test") {
    const outcome = await runTest(run)
    record.status = outcome.status
    record.failures = outcome.failures
    record.message = outcome.message ?? null
    record.response = { _message: "OK" }
    return
  }
  const materialize = MATERIALIZE[String(node.config["materialized"])]
  if (materialize === undefined) throw new Error(`no materialization ${String(node.config["materialized"])}`)
  const answer = await materialize(run)
  record.message = answer.message
  record.response = { _message: answer.message }
  if (answer.rowsAffected !== undefined) {
    record.response = { ...record.response, code: answer.code, rows_affected: answer.rowsAffected }
    record.relationName = null
  }
}

/** What went wrong, headed as dbt heads it. */
export function failureText(node: DbtNode, error: unknown): string {
  const isProject = error instanceof CartwrightError
  const kind = isProject ? "Compilation Error" : "Runtime Error"
  const lines = [messageOf(error)]
  if (isProject) {
    if (error.place !== undefined && error.place !== node.original_file_path) lines.push(`at ${error.place}`)
    if (error.choices.length > 0) lines.push(...error.choices.map((choice) => `- ${choice}`))
    if (error.next !== undefined) lines.push(error.next)
  } else if (node.compiled_path !== null) lines.push(`compiled code at ${node.compiled_path}`)
  const body = lines.join("\n").replaceAll("\n", "\n  ")
  return `${kind} in ${node.resource_type} ${node.name} (${node.original_file_path})\n  ${body}`
}

/** What a hook is called in messages: `shop.on-run-start.0`. */
export function hookLabel(node: DbtNode): string {
  return node.name.replace(/-(on-run-(?:start|end))-(\d+)$/, ".$1.$2")
}

/** Runs the hooks of on-run-start or on-run-end, each in a transaction of its own. */
export async function runHook(
  compiling: Compiling,
  node: DbtNode,
  extra: Record<string, unknown>,
): Promise<RunRecord> {
  const { invocation } = compiling
  const started = invocation.effects.now()
  const context = nodeContext(compiling, node)
  Object.assign(context.extra, extra)
  const label = hookLabel(node)
  const record: RunRecord = {
    uniqueId: node.unique_id,
    status: "success",
    thread: "main",
    compileStarted: started,
    executeStarted: started,
    ended: started,
    message: `${label} passed`,
    failures: 0,
    response: {},
    compiledCode: null,
    relationName: null,
  }
  try {
    const sql = await compileNode(compiling, node, context)
    record.compiledCode = sql
    const session: Session = await compiling.session()
    if (sql.trim() !== "") await session.transaction(() => session.run(sql))
  } catch (error) {
    if (error instanceof CartwrightError && error.code === "unsupported") throw error
    record.status = "error"
    record.failures = 1
    record.message = `${label} failed, error:\n ${messageOf(error)}`
  }
  record.ended = invocation.effects.now()
  return record
}
