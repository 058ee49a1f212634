import type { Server } from "node:http"
import { createAdaptorServer } from "@hono/node-server"
import { CartwrightError } from "../core/errors.ts"
import { createApp } from "./app.ts"
import { openLiveShop } from "./live-shop.ts"
import { readPageFiles } from "./page-files.ts"
import type { ServedShop } from "./replies.ts"

export interface Serving {
  address: string
  /** Whether there is a page beside the API. */
  hasPage: boolean
  close(): Promise<void>
}

/**
 * Serves a shop on this machine only, until it is closed.
 * @param page the folder of the built page
 * @throws CartwrightError `usage` where nothing is published, `environment` where the port is taken
 */
export async function serveShop(options: {
  served: ServedShop
  page: string
  /** 0 for any that is free. */
  port: number
  onBug: (error: unknown) => void
}): Promise<Serving> {
  const { served, page, port, onBug } = options
  const live = await openLiveShop(served.places, { memoryLimit: "512MB" })
  try {
    const files = await readPageFiles(page)
    const hosts: string[] = []
    const app = createApp({ live, served, files, hosts, onBug })
    const server = createAdaptorServer({ fetch: app.fetch }) as Server
    // Longer than a client leaves a connection unused, so that none is closed in the moment in which it is used again.
    server.keepAliveTimeout = 120_000
    const bound = await listen(server, port)
    hosts.push(`127.0.0.1:${bound}`, `localhost:${bound}`)
    return {
      address: `http://127.0.0.1:${bound}/`,
      hasPage: files.size > 0,
      async close() {
        const closed = new Promise((done) => server.close(done))
        server.closeAllConnections()
        await closed
        await live.close()
      },
    }
  } catch (error) {
    await live.close()
    throw error
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, failed) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === "EADDRINUSE"
      failed(
        new CartwrightError(
          "environment",
          taken ? `port ${port} is taken` : `cannot listen on port ${port}: ${cause.message}`,
          {
            next: "Choose another with --port, or 0 for any that is free.",
            state: "Nothing was changed.",
            cause,
          },
        ),
      )
    })
    server.listen(port, "127.0.0.1", () => {
      const address = server.address()
      done(typeof address === "object" && address !== null ? address.port : port)
    })
  })
}
