import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

/** fake-gcs-server behind a proxy that counts what it is asked, and can be told to break off. */
export interface FakeGcs {
  /** `http://127.0.0.1:<port>`, as STORAGE_EMULATOR_HOST has it. */
  endpoint: string
  /** Since the last look: method and kind of each request, in order. */
  takeRequests(): string[]
  /** From now on: connections are cut at the n-th request that `cuts` names, and at all after it. */
  cutAt(cuts: (request: string) => boolean, n: number): void
  mend(): void
  createBucket(name: string): Promise<void>
  /** Writes or overwrites an object. @param encoding what its metadata say of it */
  put(bucket: string, name: string, content: Uint8Array | string, encoding?: "gzip"): Promise<void>
  /** Takes in what another server wrote into its folder, of which it would not even list what lies beside. */
  adopt: () => Promise<void>
  /** The names of a bucket's objects that begin so, in order. */
  list(bucket: string, prefix: string): Promise<string[]>
  stop(): Promise<void>
}

/** @param folder where its buckets are folders, for a further server to read; in memory unless stated */
export async function startFakeGcs(program: string, folder?: string): Promise<FakeGcs> {
  const proxy = new CountingProxy()
  const endpoint = await proxy.listen()
  const port = await freePort()
  const host = endpoint.slice("http://".length)
  const child = spawn(
    program,
    [
      "-scheme",
      "http",
      "-host",
      "127.0.0.1",
      "-port",
      `${port}`,
      ...(folder === undefined
        ? ["-backend", "memory"]
        : ["-backend", "filesystem", "-filesystem-root", folder]),
      "-log-level",
      "error",
      "-public-host",
      host,
      "-external-url",
      endpoint,
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  )
  proxy.target = port
  await answers(`http://127.0.0.1:${port}/storage/v1/b?project=test`, child)
  const post = async (path: string, body: Uint8Array | string, type: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      body: Buffer.from(body),
      headers: { "content-type": type },
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  }
  const put: FakeGcs["put"] = (bucket, name, content, encoding) =>
    post(
      `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}${encoding === undefined ? "" : `&contentEncoding=${encoding}`}`,
      content,
      "application/octet-stream",
    )
  return {
    endpoint,
    takeRequests: () => proxy.requests.splice(0),
    cutAt: (cuts, n) => {
      proxy.cuts = cuts
      proxy.left = n
    },
    mend: () => {
      proxy.cuts = undefined
    },
    createBucket: (name) => post("/storage/v1/b?project=test", JSON.stringify({ name }), "application/json"),
    put,
    async adopt() {
      for (const path of readdirSync(folder ?? "", { recursive: true, encoding: "utf8" })) {
        if (!path.endsWith(".parquet")) continue
        const [bucket = "", ...name] = path.split("/")
        await put(bucket, name.join("/"), readFileSync(join(folder ?? "", path)))
      }
    },
    async list(bucket, prefix) {
      const answer = await fetch(
        `http://127.0.0.1:${port}/storage/v1/b/${bucket}/o?maxResults=1000&prefix=${encodeURIComponent(prefix)}`,
      )
      const { items = [] } = (await answer.json()) as { items?: { name: string }[] }
      return items.map(({ name }) => name).sort()
    },
    async stop() {
      await proxy.close()
      const ended = once(child, "exit")
      child.kill()
      await ended
    },
  }
}

class CountingProxy {
  readonly requests: string[] = []
  target = 0
  cuts: ((request: string) => boolean) | undefined
  left = 0
  readonly #server: Server = createServer((incoming, answer) => {
    const told = kindOf(incoming.method ?? "", incoming.url ?? "")
    this.requests.push(told)
    if (this.cuts !== undefined && (this.left <= 0 || (this.cuts(told) && --this.left <= 0))) {
      incoming.socket.destroy()
      return
    }
    if (incoming.method === "DELETE") void this.#removed(incoming, answer)
    else this.#forward(incoming, answer)
  })

  #forward(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method, url, headers } = incoming
    const onward = request({ host: "127.0.0.1", port: this.target, method, path: url, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    })
    onward.on("error", () => incoming.socket.destroy())
    incoming.pipe(onward)
  }

  /** The server removes an object whatever its generation is, unlike the service. */
  async #removed(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(incoming.url ?? "", "http://proxy")
    const found = await fetch(`http://127.0.0.1:${this.target}${pathname}`)
    const { generation } = found.ok ? ((await found.json()) as { generation: string }) : {}
    const seen = searchParams.get("ifGenerationMatch")
    if (seen === null || generation === undefined || generation === seen) this.#forward(incoming, answer)
    else answer.writeHead(412, { "content-type": "application/json" }).end('{"error": {"code": 412}}')
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1")
    await once(this.#server, "listening")
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** What a request does, without names that differ from run to run. */
function kindOf(method: string, url: string): string {
  if (url.startsWith("/upload/")) return method === "POST" ? "write" : "write on"
  if (/\/o(?:\?|$)/.test(url)) return "list"
  return url.includes("alt=media") ? "read" : method === "GET" ? "look" : method
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (child.exitCode !== null) throw new Error(`the server ended with exit code ${child.exitCode}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok === true) return
    await sleep(100)
  }
  throw new Error(`nothing answers at ${url}`)
}
