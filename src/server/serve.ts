import type { Server } from "node:http"
import { createAdaptorServer } from "@hono/node-server"
import { CartwrightError } from "../core/errors.ts"
import { addressOf, type Door, namesOf } from "./access/door.ts"
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
 * Serves a shop until it is closed.
 * @param page the folder of the built page
 * @throws CartwrightError `usage` where nothing is published, `environment` where the port is taken
 */
export async function serveShop(options: {
  served: ServedShop
  page: string
  door: Door
  /** 0 for any that is free. */
  port: number
  now: () => Date
  onBug: (error: unknown) => void
}): Promise<Serving> {
  const { served, page, door, port, now, onBug } = options
  const live = await openLiveShop(served.places, { memoryLimit: "512MB" })
  try {
    const files = await readPageFiles(page)
    const app = createApp({ live, served, files, door, now, onBug })
    const server = createAdaptorServer({ fetch: app.fetch }) as Server
    // Longer than a client leaves a connection unused, so that none is closed in the moment in which it is used again.
    server.keepAliveTimeout = 120_000
    const bound = await listen(server, port, door.host)
    door.hosts.push(...namesOf(door, bound))
    return {
      address: addressOf(door, bound),
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

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((done, failed) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === "EADDRINUSE"
      const foreign = ["EADDRNOTAVAIL", "ENOTFOUND", "EAI_AGAIN"].includes(cause.code ?? "")
      failed(
        new CartwrightError(
          "environment",
          taken ? `port ${port} is taken` : `cannot listen on ${host}, port ${port}: ${cause.message}`,
          {
            next: foreign
              ? "Name an address of this machine with --host, or 0.0.0.0 for all of them."
              : "Choose another with --port, or 0 for any that is free.",
            state: "Nothing was changed.",
            cause,
          },
        ),
      )
    })
    server.listen(port, host, () => {
      const address = server.address()
      done(typeof address === "object" && address !== null ? address.port : port)
    })
  })
}
