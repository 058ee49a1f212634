import type { RunRecord } from "../artifacts/run-results.ts"
import type { Invocation } from "../context/context.ts"
import { shown } from "../context/provider-functions.ts"
import type { DbtOptions } from "../dbt.ts"
import { unsupported } from "../errors.ts"
import type { Graph } from "../graph/graph.ts"
import { planNodes } from "../graph/plan.ts"
import { isDbtNode, nodeOf, type DbtNode } from "../nodes.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import { compileNode, nodeContext, type Compiling } from "./compile-node.ts"
import { failureText, hookLabel, runHook, runNode } from "./run-node.ts"
import { toResult } from "./to-result.ts"
export { writeResults } from "./run-results-file.ts"
export { toResult } from "./to-result.ts"
import { runPlan } from "./workers.ts"

/** Compiles or runs the selected nodes in the order of their dependencies, hooks around them. */
export async function runSelected(
  invocation: Invocation,
  graph: Graph,
  selected: Set<string>,
  options: DbtOptions,
  targetFolder: string,
): Promise<RunRecord[]> {
  const run = new SelectedRun(invocation, options, targetFolder)
  invocation.selected = [...selected]
  for (const id of selected) {
    if (nodeOf(invocation.manifest, id)?.resource_type === "unit_test") throw unsupported("unit tests", id)
  }
  if (selected.size === 0) {
    invocation.tell("warn", "Nothing to do. Try checking your model configs and model specification args")
    return []
  }
  const plan = planNodes(invocation.manifest, graph, selected, options.command === "build")
  const compiles = options.command === "compile"
  if (!compiles) {
    await run.prepare(selected)
    await run.hooks("on-run-start", {})
  }
  const threads = options.threads ?? invocation.target.threads
  const total = plan.order.filter((id) => !isEphemeral(invocation, id)).length
  run.total = total
  await runPlan({
    plan,
    threads: Math.max(1, Math.min(threads, plan.order.length)),
    run: (id, worker) => (compiles ? run.compile(id, worker) : run.build(id, worker)),
    skip: (id, because) => run.skip(id, because),
    skipsCascade: options.command === "build",
    stopped: () => run.stopped,
  })
  if (run.thrown !== undefined) throw run.thrown
  if (!compiles) await run.hooks("on-run-end", run.endContext())
  return run.records
}

function isEphemeral(invocation: Invocation, id: string): boolean {
  const node = invocation.manifest.nodes.get(id)
  return node?.resource_type === "model" && node.config["materialized"] === "ephemeral"
}

class SelectedRun {
  readonly records: RunRecord[] = []
  total = 0
  /** What is no failure of a node: an unsupported feature, a database that cannot be opened. */
  thrown: unknown
  readonly #invocation: Invocation
  readonly #options: DbtOptions
  readonly #compilings = new Map<number, Compiling>()
  readonly #ephemerals: Compiling["ephemerals"] = new Map()
  readonly #targetFolder: string
  #failed = false
  #index = 0

  constructor(invocation: Invocation, options: DbtOptions, targetFolder: string) {
    this.#invocation = invocation
    this.#options = options
    this.#targetFolder = targetFolder
  }

  get stopped(): boolean {
    return (
      this.thrown !== undefined ||
      this.#options.effects.signal.aborted ||
      (this.#options.failFast === true && this.#failed)
    )
  }

  /** Each worker has a session of its own, opened when it first needs one. */
  #compiling(worker: number): Compiling {
    let compiling = this.#compilings.get(worker)
    if (compiling === undefined) {
      let session: Promise<Session> | undefined
      compiling = {
        invocation: this.#invocation,
        targetFolder: this.#targetFolder,
        texts: this.#options.texts ?? "all",
        ephemerals: this.#ephemerals,
        session: () => (session ??= this.#invocation.database.acquire()),
      }
      this.#compilings.set(worker, compiling)
    }
    return compiling
  }

  /** Makes the schemas that the selected nodes need and reads what there is. */
  async prepare(selected: ReadonlySet<string>): Promise<void> {
    const { manifest, database } = this.#invocation
    const session = await this.#compiling(0).session()
    const wanted = new Set<string>()
    for (const id of selected) {
      const node = manifest.nodes.get(id)
      if (node !== undefined && node.relation_name !== null) wanted.add(node.schema)
    }
    const existing = new Set((await database.schemas(session)).map((schema) => schema.toLowerCase()))
    for (const schema of wanted)
      if (!existing.has(schema.toLowerCase())) await database.createSchema(session, schema)
    const all = new Set(
      [...manifest.nodes.values()].filter((node) => node.relation_name !== null).map((node) => node.schema),
    )
    await database.fillCache(session, [...all, ...wanted])
  }

  async hooks(kind: "on-run-start" | "on-run-end", extra: Record<string, unknown>): Promise<void> {
    const { manifest, root } = this.#invocation
    const hooks = [...manifest.nodes.values()].filter(
      (node) => node.resource_type === "operation" && node.tags.includes(kind),
    )
    const rank = (node: DbtNode): string => (node.package_name === root.name ? "\uffff" : node.package_name)
    hooks.sort((a, b) => (rank(a) === rank(b) ? (a.index ?? 0) - (b.index ?? 0) : rank(a) < rank(b) ? -1 : 1))
    let failed = false
    for (const hook of hooks) {
      const record: RunRecord = failed
        ? this.#skippedHook(hook)
        : await runHook(this.#compiling(0), hook, extra)
      failed ||= record.status === "error"
      this.#end(record)
    }
  }

  /** After a hook that failed, those of its kind that follow are not run; the nodes are. */
  #skippedHook(hook: DbtNode): RunRecord {
    const message = `${hookLabel(hook)} skipped`
    return { ...this.#record(hook, 0), thread: "main", status: "skipped", message, failures: 1 }
  }

  /** What on-run-end hooks know of the run. */
  endContext(): Record<string, unknown> {
    const { manifest } = this.#invocation
    const schemas = new Map<string, [string, string]>()
    for (const { uniqueId, status } of this.records) {
      const node = manifest.nodes.get(uniqueId)
      if (node === undefined || node.relation_name === null || status === "skipped" || status === "error")
        continue
      schemas.set(`${node.database}.${node.schema}`, [node.database, node.schema])
    }
    const results = this.records.flatMap((record) => {
      const node = nodeOf(manifest, record.uniqueId)
      if (node === undefined || (node.resource_type === "operation" && record.status !== "error")) return []
      return [
        {
          status: record.status,
          node: shown(node),
          message: record.message,
          failures: record.failures,
          execution_time: (record.ended.getTime() - (record.compileStarted ?? record.ended).getTime()) / 1000,
          thread_id: record.thread,
          adapter_response: record.response,
          unique_id: record.uniqueId,
        },
      ]
    })
    const pairs = [...schemas.values()]
    return { schemas: [...new Set(pairs.map(([, schema]) => schema))], database_schemas: pairs, results }
  }

  async compile(id: string, worker: number): Promise<boolean> {
    const node = this.#invocation.manifest.nodes.get(id)
    if (node === undefined) return true
    if (isEphemeral(this.#invocation, id)) return this.#compileEphemeral(node, worker)
    const compiling = this.#compiling(worker)
    const record = this.#record(node, worker)
    try {
      if (node.resource_type !== "seed")
        record.compiledCode = await compileNode(compiling, node, nodeContext(compiling, node))
    } catch (error) {
      record.status = "error"
      record.message = failureText(node, error)
    }
    record.ended = this.#invocation.effects.now()
    this.#end(record)
    return record.status !== "error"
  }

  /** Ephemeral models are compiled and told of only when that fails. */
  async #compileEphemeral(node: DbtNode, worker: number): Promise<boolean> {
    const compiling = this.#compiling(worker)
    try {
      await compileNode(compiling, node, nodeContext(compiling, node))
      return true
    } catch (error) {
      this.#end({ ...this.#record(node, worker), status: "error", message: failureText(node, error) })
      return false
    }
  }

  async build(id: string, worker: number): Promise<boolean> {
    const node = nodeOf(this.#invocation.manifest, id)
    if (node === undefined) return true
    if (isEphemeral(this.#invocation, id))
      return isDbtNode(node) ? this.#compileEphemeral(node, worker) : true
    const index = ++this.#index
    this.#options.onNode?.({
      kind: "start",
      uniqueId: id,
      name: node.name,
      resourceType: node.resource_type,
      index,
      total: this.total,
    })
    if (!isDbtNode(node)) {
      this.#end({ ...this.#record(node, worker), status: "no-op", message: "NO-OP", failures: 0 }, index)
      return true
    }
    try {
      const record = await runNode(this.#compiling(worker), node, `Thread-${worker + 1} (worker)`)
      this.#end(record, index)
      return record.status !== "error" && record.status !== "fail"
    } catch (error) {
      this.thrown ??= error
      return false
    }
  }

  skip(id: string, because: string | undefined): void {
    const node = nodeOf(this.#invocation.manifest, id)
    const failFast = because === undefined && this.#options.failFast === true
    if (node === undefined || (isEphemeral(this.#invocation, id) && !failFast)) return
    const index = ++this.#index
    const ephemeral = because !== undefined && isEphemeral(this.#invocation, because)
    const message = failFast
      ? "Skipping due to fail_fast"
      : ephemeral
        ? `Compilation Error in ${id}, caused by compilation error in referenced ephemeral model ${because}`
        : null
    this.#end({ ...this.#record(node, 0), status: "skipped", compileStarted: undefined, message }, index)
  }

  #record(node: { unique_id: string }, worker: number): RunRecord {
    const now = this.#invocation.effects.now()
    const own = this.#invocation.manifest.nodes.get(node.unique_id)
    return {
      uniqueId: node.unique_id,
      status: "success",
      thread: `Thread-${worker + 1} (worker)`,
      compileStarted: now,
      executeStarted: undefined,
      ended: now,
      message: null,
      failures: null,
      response: {},
      compiledCode: null,
      relationName: own?.relation_name ?? null,
    }
  }

  #end(record: RunRecord, index = 0): void {
    this.records.push(record)
    if (record.status === "error" || record.status === "fail") this.#failed = true
    this.#options.onNode?.({
      kind: "end",
      result: toResult(this.#invocation, record),
      index,
      total: this.total,
    })
  }
}
