import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { type BigQueryOptions, type BigQueryWarehouse, openBigQuery } from "./bigquery-warehouse.ts"

export interface Answer {
  status: number
  /** JSON as text. */
  body: string
  /** Where the bytes of an upload go. */
  location?: string
}

export function answer(response: ServerResponse, { status, body, location }: Answer): void {
  const where = location === undefined ? {} : { location }
  response.writeHead(status, { "content-type": "application/json", ...where })
  response.end(body)
}

/** An error as Google's services answer. */
export function failed(code: number, reason: string, message: string): Answer {
  const error = { code, message, errors: [{ message, reason, domain: "global" }] }
  return { status: code, body: JSON.stringify({ error }) }
}

export interface StubRequest {
  method: string
  /** After the project, e.g. `jobs/x/cancel`. */
  path: string
  query: URLSearchParams
  /** What was sent, where it is JSON; of an upload, its first part. */
  body: StubJob
  text: string
  authorization: string | undefined
}

interface StubJob {
  jobReference?: { jobId: string; location?: string }
  configuration?: {
    dryRun?: boolean
    labels?: Record<string, string>
    query?: Record<string, unknown> & { query: string }
    load?: Record<string, unknown>
  }
}

/** What is answered to a request; undefined breaks the connection. */
export type Reply = (request: StubRequest) => object | Answer | undefined

export interface Stub {
  url: string
  requests: StubRequest[]
  /** The waits that there would have been, in milliseconds. */
  waits: number[]
  open: (options?: Partial<BigQueryOptions>) => Promise<BigQueryWarehouse>
  stop: () => void
}

/** A server that answers as BigQuery's documentation says that it does. Nobody waits. */
export async function startStub(reply: Reply): Promise<Stub> {
  const requests: StubRequest[] = []
  const waits: number[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://stub")
      const text = await textOf(request)
      const path = pathname.replace(/^(\/upload)?\/bigquery\/v2\/projects\/[^/]+\//, "")
      const json = /json|multipart/.test(request.headers["content-type"] ?? "") ? jsonOf(text) : ""
      const body = JSON.parse(json || "{}") as StubJob
      const { authorization } = request.headers
      const asked = { method: request.method ?? "", path, query: searchParams, body, text, authorization }
      requests.push(asked)
      const given = reply(asked)
      if (given === undefined) request.socket.destroy()
      else answer(response, "status" in given && "body" in given ? given : ok(given))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: endpoint,
    requests,
    waits,
    open: (options = {}) =>
      openBigQuery({
        project: "shop-1",
        location: "EU",
        shop: "Toy Shop",
        run: "20261121T080000",
        endpoint,
        credentials: { accessToken: "made-up" },
        pacing: {
          pause: async (milliseconds) => {
            waits.push(milliseconds)
          },
          random: () => 0.5,
        },
        ...options,
      }),
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A job that is done. */
export function done(id: string, more: { status?: object; statistics?: object } = {}): object {
  return {
    jobReference: { projectId: "shop-1", jobId: id, location: "EU" },
    status: { state: "DONE", ...more.status },
    statistics: more.statistics ?? {},
  }
}

/** The jobs that were started, dry runs too. */
export const inserts = ({ requests }: Stub) =>
  requests.filter(({ method, path }) => method === "POST" && path === "jobs")
export const idOf = ({ body }: StubRequest) => body.jobReference?.jobId ?? ""
export const NO_ROWS = { jobComplete: true, schema: { fields: [] }, totalRows: "0" }

/** Answers as when all goes well; what is special to a test comes first. */
export const fine =
  (special: Reply): Reply =>
  (request) => {
    const given = special(request)
    if (given !== undefined) return given
    if (request.path === "jobs") return done(idOf(request))
    if (request.path.startsWith("queries/")) return { ...NO_ROWS, numDmlAffectedRows: "3" }
    return done(request.path.split("/")[1] ?? "")
  }

function ok(body: object): Answer {
  return { status: 200, body: JSON.stringify(body) }
}

function jsonOf(text: string): string {
  if (!text.startsWith("--")) return text
  const start = text.indexOf("\r\n\r\n") + 4
  return text.slice(start, text.indexOf("\r\n--", start))
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
