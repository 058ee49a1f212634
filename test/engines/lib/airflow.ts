import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { appendFileSync, mkdirSync, readFileSync } from "node:fs"
import { createServer, type AddressInfo } from "node:net"
import { delimiter, dirname, join } from "node:path"
import { setTimeout } from "node:timers/promises"

/** A real Airflow: on SQLite, tasks as processes of this machine, all of it on loopback. */
export interface Airflow {
  /** The folder of its DAGs. */
  dags: string
  /** Runs a program of its environment to the end. @returns what it wrote to standard output */
  run(program: string, ...args: string[]): Promise<string>
  /** Starts a part that keeps running, e.g. `scheduler`. */
  start(...args: string[]): void
  /** What its parts have said last. */
  said(): string
  /** Ends all that was started. */
  stop(): Promise<void>
}

/**
 * Prepares an Airflow with an empty database.
 * @param bin its executable
 * @param home an empty folder
 */
export async function prepareAirflow(
  bin: string,
  home: string,
  settings: Readonly<Record<string, string>>,
): Promise<Airflow> {
  const dags = join(home, "dags")
  mkdirSync(dags, { recursive: true })
  const environment = {
    ...process.env,
    PATH: `${dirname(bin)}${delimiter}${process.env["PATH"] ?? ""}`,
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: dags,
    AIRFLOW__CORE__LOAD_EXAMPLES: "False",
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: "False",
    AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC: "1",
    ...settings,
  }
  const log = join(home, "parts.log")
  const parts: ChildProcess[] = []
  const airflow: Airflow = {
    dags,
    async run(program, ...args) {
      const child = spawn(join(dirname(bin), program), args, { env: environment, cwd: home })
      let [out, errors] = ["", ""]
      child.stdout.on("data", (text: Buffer) => (out += text.toString()))
      child.stderr.on("data", (text: Buffer) => (errors += text.toString()))
      const code = await new Promise((resolve) => child.on("close", resolve))
      if (code !== 0)
        throw new Error(`${program} ${args.join(" ")} ended with ${String(code)}:\n${out}\n${errors}`)
      return out
    },
    start(...args) {
      // A group of its own, so that whatever it starts can be ended with it.
      const child = spawn(bin, args, { env: environment, cwd: home, detached: true })
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (text: Buffer) => appendFileSync(log, text))
      parts.push(child)
    },
    said: () => readFileSync(log, "utf8").split("\n").slice(-60).join("\n"),
    async stop() {
      for (const signal of ["SIGTERM", "SIGKILL"] as const) {
        for (const part of parts) endGroup(part, signal)
        const ended = () =>
          parts.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null)
        for (let look = 0; look < 200 && !ended(); look++) await setTimeout(100)
      }
    },
  }
  await airflow.run("airflow", "db", "migrate")
  return airflow
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // It has ended.
  }
}

export interface DagRun {
  dag_id: string
  dag_run_id: string
  run_type: string
  state: string
}

export interface TaskRun {
  task_id: string
  state: string | null
  try_number: number
}

/** An Airflow 3 with its scheduler, its DAG processor and its server, which is asked by its API. */
export interface Airflow3 extends Airflow {
  address: string
  /** @param path below /api/v2 */
  ask<T>(method: "GET" | "POST" | "PATCH", path: string, body?: unknown): Promise<T>
  /** All runs of a DAG, oldest first. */
  runs(dag: string): Promise<DagRun[]>
  /** The tasks of a run. */
  tasks(run: DagRun): Promise<Record<string, TaskRun>>
}

export async function startAirflow3(bin: string, home: string): Promise<Airflow3> {
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const airflow = await prepareAirflow(bin, home, {
    AIRFLOW__CORE__EXECUTOR: "LocalExecutor",
    AIRFLOW__CORE__PARALLELISM: "3",
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: "True",
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${address}/execution/`,
    AIRFLOW__API__HOST: "127.0.0.1",
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__BASE_URL: address,
    AIRFLOW__API__WORKERS: "1",
    AIRFLOW__API__SECRET_KEY: randomBytes(32).toString("hex"),
    AIRFLOW__API_AUTH__JWT_SECRET: randomBytes(64).toString("hex"),
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: "2",
  })
  airflow.start("api-server")
  airflow.start("scheduler", "--skip-serve-logs")
  airflow.start("dag-processor")
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${address}/api/v2${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return JSON.parse(text) as T
  }
  await until("Airflow's server", airflow, async () => {
    const { scheduler } = await ask<{ scheduler: { status: string } }>("GET", "/monitor/health")
    return scheduler.status === "healthy"
  })
  return {
    ...airflow,
    address,
    ask,
    async runs(dag) {
      const { dag_runs: runs } = await ask<{ dag_runs: DagRun[] }>(
        "GET",
        `/dags/${dag}/dagRuns?order_by=run_after&limit=100`,
      )
      return runs
    },
    async tasks({ dag_id: dag, dag_run_id: run }) {
      const { task_instances: tasks } = await ask<{ task_instances: TaskRun[] }>(
        "GET",
        `/dags/${dag}/dagRuns/${encodeURIComponent(run)}/taskInstances`,
      )
      return Object.fromEntries(tasks.map((task) => [task.task_id, task]))
    },
  }
}

/** Waits until something holds; while it cannot be asked, it does not hold. */
export async function until(
  what: string,
  airflow: Pick<Airflow, "said">,
  holds: () => Promise<boolean>,
  seconds = 600,
): Promise<void> {
  const end = Date.now() + seconds * 1000
  let failure: unknown
  while (Date.now() < end) {
    try {
      if (await holds()) return
    } catch (error) {
      failure = error
    }
    await setTimeout(1000)
  }
  throw new Error(`${what}: not in ${seconds} s. Airflow says:\n${airflow.said()}`, { cause: failure })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
