import { spawn } from "node:child_process"
import { existsSync, readFileSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { createInterface } from "node:readline"
import { CartwrightError } from "../core/errors.ts"
import type { DbtOptions, DbtOutcome, NodeEvent, NodeResult, NodeStatus } from "./dbt.ts"

export interface RealDbtOptions extends DbtOptions {
  /** The dbt program, e.g. `dbt` or the path of one in a virtual environment. */
  executable: string
}

/**
 * Runs a command with real dbt, which has to be installed. Progress, results and exit code have the form of the
 * embedded runner's; the artifacts are dbt's own.
 * @throws CartwrightError `environment` when dbt cannot be started, `transform` when it ends before it runs a node (its
 *   exit code 2), `interrupted` when it was stopped
 */
export async function runRealDbt(options: RealDbtOptions): Promise<DbtOutcome> {
  const started = options.effects.now().getTime()
  const targetPath = resolve(options.projectDir, options.targetPath ?? "target")
  if (needsDeps(options.projectDir)) {
    const deps = await invoke(options, targetPath, ["deps", "--project-dir", options.projectDir])
    if (deps.exitCode !== 0) throw beforeAnyNode(options, "installing the packages", deps)
  }
  const invocation = await invoke(options, targetPath, argumentsOf(options, targetPath))
  if (options.effects.signal.aborted) {
    throw new CartwrightError("interrupted", "stopped on request", {
      state: "dbt has stopped; what it had built stays in the warehouse, and nothing was published.",
    })
  }
  if (invocation.exitCode !== 0 && invocation.exitCode !== 1) {
    throw beforeAnyNode(options, `dbt ${options.command}`, invocation)
  }
  const manifestPath = join(targetPath, "manifest.json")
  return {
    success: invocation.exitCode === 0,
    exitCode: invocation.exitCode,
    results: resultsOf(targetPath, invocation.id),
    elapsedMs: options.effects.now().getTime() - started,
    ...(options.command === "ls" ? { listing: invocation.printed } : {}),
    ...(existsSync(manifestPath) ? { manifestPath } : {}),
  }
}

interface Invocation {
  exitCode: number
  /** Nodes in all, as the lines of starting nodes tell; those of ended tests do not. */
  total: number
  /** dbt's invocation id, which its artifacts repeat. */
  id: string | undefined
  printed: string[]
  /** What dbt said of an error that ended it. */
  errors: string[]
}

/** One line of dbt's JSON log. */
interface LogLine {
  info: { name: string; level: string; msg: string; invocation_id: string }
  data: {
    index?: number
    total?: number
    execution_time?: number
    num_failures?: number
    node_info?: { unique_id: string; node_name: string; resource_type: string; node_status: string }
  }
}

async function invoke(
  options: RealDbtOptions,
  targetPath: string,
  args: readonly string[],
): Promise<Invocation> {
  const child = spawn(
    options.executable,
    ["--log-format", "json", "--log-level", "info", "--no-use-colors", "--log-path", targetPath, ...args],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...options.environment, DBT_SEND_ANONYMOUS_USAGE_STATS: "false", PYTHONUNBUFFERED: "1" },
    },
  )
  const stop = (): void => void child.kill("SIGINT")
  options.effects.signal.addEventListener("abort", stop, { once: true })
  const invocation: Invocation = { exitCode: 2, total: 0, id: undefined, printed: [], errors: [] }
  const standardError: string[] = []
  createInterface({ input: child.stdout }).on("line", (line) => readLine(line, invocation, options.onNode))
  createInterface({ input: child.stderr }).on("line", (line) => standardError.push(line))
  try {
    invocation.exitCode = await new Promise<number>((done, failed) => {
      child.on("error", (cause) => failed(notStarted(options.executable, cause)))
      child.on("close", (code) => done(code ?? 2))
    })
  } finally {
    options.effects.signal.removeEventListener("abort", stop)
  }
  if (invocation.errors.length === 0) invocation.errors.push(...standardError.slice(-10))
  return invocation
}

function readLine(
  line: string,
  invocation: Invocation,
  onNode: ((event: NodeEvent) => void) | undefined,
): void {
  let entry: LogLine
  try {
    entry = JSON.parse(line) as LogLine
  } catch {
    if (line.trim() !== "") invocation.printed.push(line)
    return
  }
  const { info, data } = entry
  invocation.id = info.invocation_id
  if (info.name === "PrintEvent") invocation.printed.push(info.msg)
  else if (info.name === "MainEncounteredError") invocation.errors.push(info.msg)
  else if (data.node_info !== undefined && data.index !== undefined) {
    invocation.total = data.total ?? invocation.total
    const event = nodeEvent(entry, invocation.total)
    if (event !== undefined) onNode?.(event)
  } else if (MESSAGES.has(info.name) || info.level === "warn") {
    onNode?.({ kind: "message", level: info.level === "warn" ? "warn" : "info", text: info.msg })
  }
}

/** What macros print, beside every warning. */
const MESSAGES = new Set(["JinjaLogInfo", "JinjaLogDebug"])

function nodeEvent({ info, data }: LogLine, total: number): NodeEvent | undefined {
  const { node_info: node, index = 0 } = data
  if (node === undefined) return undefined
  const { unique_id: uniqueId, node_name: name, resource_type: resourceType } = node
  if (info.name === "LogStartLine") return { kind: "start", uniqueId, name, resourceType, index, total }
  const status = STATUSES[node.node_status]
  if (status === undefined) return undefined
  const elapsedMs = Math.round((data.execution_time ?? 0) * 1000)
  const result: NodeResult = { uniqueId, name, resourceType, status, elapsedMs, failures: data.num_failures }
  return { kind: "end", result, index, total }
}

const STATUSES: Readonly<Record<string, NodeStatus>> = {
  success: "success",
  pass: "pass",
  warn: "warn",
  fail: "fail",
  error: "error",
  "runtime error": "error",
  skipped: "skipped",
  "no-op": "no-op",
}

interface RunResults {
  metadata: { invocation_id: string }
  results: {
    unique_id: string
    status: string
    message: string | null
    failures: number | null
    execution_time: number
    relation_name?: string | null
    adapter_response: { rows_affected?: unknown }
  }[]
}

/** The results of this invocation; none where dbt wrote none, as for `ls`. */
function resultsOf(targetPath: string, invocationId: string | undefined): NodeResult[] {
  const path = join(targetPath, "run_results.json")
  if (!existsSync(path)) return []
  const { metadata, results } = JSON.parse(readFileSync(path, "utf8")) as RunResults
  if (metadata.invocation_id !== invocationId) return []
  const compiled = compiledPaths(targetPath)
  return results.map((result) => {
    const rows = result.adapter_response.rows_affected
    const resourceType = result.unique_id.split(".")[0] ?? ""
    return {
      uniqueId: result.unique_id,
      name: compiled[result.unique_id]?.name ?? result.unique_id,
      resourceType,
      relation: result.relation_name ?? undefined,
      status: STATUSES[result.status] ?? "error",
      message: result.message ?? undefined,
      rowsAffected: typeof rows === "number" ? rows : undefined,
      failures: resourceType === "test" ? (result.failures ?? undefined) : undefined,
      elapsedMs: Math.round(result.execution_time * 1000),
      compiledPath: compiled[result.unique_id]?.compiled_path ?? undefined,
    }
  })
}

function compiledPaths(targetPath: string): Record<string, { name: string; compiled_path?: string | null }> {
  const path = join(targetPath, "manifest.json")
  if (!existsSync(path)) return {}
  return (JSON.parse(readFileSync(path, "utf8")) as { nodes: ReturnType<typeof compiledPaths> }).nodes
}

function argumentsOf(options: RealDbtOptions, targetPath: string): string[] {
  const args = [options.command, "--project-dir", options.projectDir, "--profiles-dir", options.profilesDir]
  args.push("--target-path", targetPath)
  const add = (name: string, value: string | number | undefined): void => {
    if (value !== undefined) args.push(`--${name}`, String(value))
  }
  const addAll = (name: string, values: readonly string[] | undefined): void => {
    if (values !== undefined && values.length > 0) args.push(`--${name}`, ...values)
  }
  add("profile", options.profile)
  add("target", options.target)
  addAll("select", options.select)
  addAll("exclude", options.exclude)
  add("selector", options.selector)
  for (const type of options.resourceTypes ?? []) add("resource-type", type)
  for (const type of options.excludeResourceTypes ?? []) add("exclude-resource-type", type)
  add("indirect-selection", options.indirectSelection)
  if (options.vars !== undefined) add("vars", JSON.stringify(options.vars))
  add("threads", options.command === "ls" || options.command === "parse" ? undefined : options.threads)
  if (options.fullRefresh === true && FULL_REFRESH.has(options.command)) args.push("--full-refresh")
  if (options.failFast === true) args.push("--fail-fast")
  if (options.command === "ls") add("output", options.output)
  return args
}

/** The commands that know `--full-refresh`. */
const FULL_REFRESH = new Set(["build", "run", "seed", "compile"])

/** Whether `dbt deps` has to run first: packages are declared, and not installed as declared. */
function needsDeps(projectDir: string): boolean {
  const declared = ["packages.yml", "dependencies.yml"]
    .map((name) => join(projectDir, name))
    .filter(existsSync)
  const lock = join(projectDir, "package-lock.yml")
  if (declared.length === 0) return false
  if (!existsSync(lock) || !existsSync(join(projectDir, "dbt_packages"))) return true
  return declared.some((path) => statSync(path).mtimeMs > statSync(lock).mtimeMs)
}

function notStarted(executable: string, cause: Error & { code?: string }): CartwrightError {
  const missing = cause.code === "ENOENT"
  return new CartwrightError(
    "environment",
    missing ? `there is no dbt program ${executable}` : `dbt could not be started: ${cause.message}`,
    {
      place: executable,
      next: "Install it with the adapter of the warehouse (`pip install dbt-core dbt-duckdb`, or `dbt-bigquery`) and name its path in transform.dbt; on DuckDB, transform.engine: embedded needs none.",
      state: "Nothing was transformed.",
      cause,
    },
  )
}

function beforeAnyNode(
  options: RealDbtOptions,
  doing: string,
  { errors, exitCode }: Invocation,
): CartwrightError {
  const said =
    errors.join("\n").replace(/^Encountered an error:\n/, "") || `it ended with exit code ${exitCode}`
  return new CartwrightError("transform", `${doing}: ${said}`, {
    place: options.projectDir,
    next: "Mend what dbt names, and run the command again.",
    state: "No model was built.",
  })
}
