import { spawn } from "node:child_process"
import { createServer as createHttpServer } from "node:http"
import { createServer, type AddressInfo } from "node:net"
import { setTimeout } from "node:timers/promises"
import { answer, type Answer, failed } from "../../../src/warehouse/bigquery/stub.fixture.ts"
import { EmulatedClones } from "./bigquery-emulated-clones.ts"
import { asTheEmulatorTakesIt } from "./bigquery-emulated-sql.ts"
import { type EmulatedQuery, EmulatedSessions } from "./bigquery-emulated-sessions.ts"

export interface BigQueryEmulator {
  /** Its address, for `endpoint`. */
  url: string
  /** The jobs that were started, with their configuration. */
  jobs: { id: string; configuration: Record<string, unknown> }[]
  /** Breaks the connection in place of the answer to the next job that is started; the job runs. */
  loseNextAnswer: () => void
  /** How many requests came. */
  requests: () => number
  /** Is not reached any more after so many further requests. */
  goAwayAfter: (requests: number) => void
  /** Is there again; what was not committed is undone, which nobody saw on BigQuery. */
  comeBack: () => Promise<void>
  stop(): Promise<void>
}

/**
 * The emulator of BigQuery, behind a server that mends what it does unlike BigQuery: it runs a job a second time whose id is taken,
 * gives jobs that come with their bytes an id of its own, its sessions know no transactions, it describes an altered table as it was, and it
 * has neither `__TABLES__` nor clones in scripts.
 * @param buckets the folder whose subfolders stand for buckets
 * @param exported called when it has written files there
 */
export async function startBigQueryEmulator(
  bin: string,
  project: string,
  buckets: string,
  exported: () => Promise<void> = async () => undefined,
): Promise<BigQueryEmulator> {
  const [rest, grpc] = [await freePort(), await freePort()]
  const child = spawn(bin, ["start", "--rest-port", String(rest), "--grpc-port", String(grpc)], {
    env: { ...process.env, BQEMU_GCS_LOCAL_ROOT: buckets, BQEMU_LOG_LEVEL: "error" },
    stdio: ["ignore", "ignore", "pipe"],
  })
  let said = ""
  child.stderr.on("data", (text: Buffer) => (said += text.toString()))
  const origin = `http://127.0.0.1:${rest}`
  for (let look = 0; !(await isUp(origin)); look++) {
    if (child.exitCode !== null || look > 600)
      throw new Error(`the emulator of BigQuery did not start:\n${said}`)
    await setTimeout(200)
  }
  const ids = new Set<string>()
  const jobs: BigQueryEmulator["jobs"] = []
  /** The ids that uploaded jobs were given, by those that they should have. */
  const uploads = new Map<string, string>()
  const sessions = new EmulatedSessions(async (query) => {
    const body = JSON.stringify({ configuration: { query: { query, useLegacySql: false } } })
    const headers = { "content-type": "application/json" }
    return fetch(`${origin}/bigquery/v2/projects/${project}/jobs`, { method: "POST", headers, body })
  }, TEMPORARY)
  const clones = new EmulatedClones()
  const datasetReference = { projectId: project, datasetId: TEMPORARY }
  await fetch(`${origin}/bigquery/v2/projects/${project}/datasets`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ datasetReference }),
  })
  let requests = 0
  let losing = false
  let left = Infinity

  const forward = async (method: string, path: string, headers: Record<string, string>, content: Buffer) => {
    const response = await fetch(`${origin}${path}`, {
      method,
      // The emulator closes what is idle for some seconds, which the next request on it would only find out.
      headers: { ...headers, connection: "close" },
      ...(content.length > 0 ? { body: new Uint8Array(content) } : {}),
    })
    const location = response.headers.get("location")
    const body = await response.text()
    return { status: response.status, body, ...(location === null ? {} : { location }) }
  }

  /** A table's description with the columns that it has now: the emulator tells those that it was made with. */
  const described = async (dataset: string, table: string, told: Answer): Promise<Answer> => {
    if (told.status !== 200) return told
    const query = `select * from \`${dataset}\`.\`${table}\` limit 0`
    const asked = Buffer.from(JSON.stringify({ query, useLegacySql: false }))
    const type = { "content-type": "application/json" }
    const { body } = await forward("POST", `/bigquery/v2/projects/${project}/queries`, type, asked)
    const { schema } = JSON.parse(body) as { schema?: unknown }
    return { status: 200, body: JSON.stringify({ ...(JSON.parse(told.body) as object), schema }) }
  }

  const reply = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body: Buffer,
  ): Promise<Answer> => {
    const table = method === "GET" ? /\/datasets\/(\w+)\/tables\/(\w+)\??/.exec(path) : null
    if (table !== null)
      return described(table[1] ?? "", table[2] ?? "", await forward(method, path, headers, body))
    if (method !== "POST" || !/\/jobs(\?|$)/.test(path)) {
      const id = /\/jobs\/([^/?]+)/.exec(path)?.[1] ?? ""
      return forward(method, path.replace(id, uploads.get(id) ?? id), headers, body)
    }
    const job = JSON.parse(jsonOf(body)) as Job
    const id = job.jobReference?.jobId ?? ""
    if (job.configuration.dryRun !== true) {
      if (ids.has(id)) return failed(409, "duplicate", `Already Exists: Job ${id}`)
      ids.add(id)
      jobs.push({ id, configuration: job.configuration })
    }
    if (job.configuration.query === undefined) {
      const given = await forward(method, path, headers, body)
      if (given.location !== undefined) return given
      const { jobReference } = JSON.parse(given.body) as Job
      if (jobReference?.jobId !== undefined) uploads.set(id, jobReference.jobId)
      return given
    }
    const asked = job.configuration.query
    if (job.configuration.dryRun !== true) clones.wrote(asked.query)
    const understood = clones.understood(asTheEmulatorTakesIt(asked.query))
    const { query, opened } = await sessions.before({ ...asked, query: understood })
    const sent = Buffer.from(JSON.stringify({ ...job, configuration: { ...job.configuration, query } }))
    const given = await forward(method, path, headers, sent)
    if (/^export data/i.test(asked.query)) await exported()
    const { statistics } = JSON.parse(given.body) as { statistics?: { sessionInfo?: { sessionId: string } } }
    if (statistics?.sessionInfo !== undefined) opened(statistics.sessionInfo.sessionId)
    return given
  }

  const server = createHttpServer((request, response) => {
    requests++
    if (--left < 0) {
      request.socket.destroy()
      return
    }
    void (async () => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      const { authorization = "", "content-type": type = "application/json" } = request.headers
      const headers = { authorization, "content-type": type }
      const given = await reply(request.method ?? "GET", request.url ?? "/", headers, Buffer.concat(parts))
      if (losing && request.method === "POST") {
        losing = false
        request.socket.destroy()
      } else answer(response, given)
    })().catch((error: unknown) => answer(response, failed(500, "stub", String(error))))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    jobs,
    loseNextAnswer: () => {
      losing = true
    },
    requests: () => requests,
    goAwayAfter(more) {
      left = more
    },
    async comeBack() {
      left = Infinity
      await sessions.undoAll()
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      const ended = new Promise((resolve) => child.once("exit", resolve))
      child.kill("SIGKILL")
      await ended
    },
  }
}

/** The dataset of the tables that stand for temporary ones. */
const TEMPORARY = "temporary_tables"

interface Job {
  jobReference?: { jobId?: string }
  configuration: Record<string, unknown> & { dryRun?: boolean; query?: EmulatedQuery }
}

/** The job within a request: all of it, or the first part of an upload. */
function jsonOf(body: Buffer): string {
  const text = body.toString("latin1")
  if (!text.startsWith("--")) return body.toString("utf8")
  const start = text.indexOf("\r\n\r\n") + 4
  return body.subarray(start, text.indexOf("\r\n--", start)).toString("utf8")
}

async function isUp(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/bigquery/v2/projects/p/datasets`)).ok
  } catch {
    return false
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
