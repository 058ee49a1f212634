import { join } from "node:path"
import type { Command } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"

/** Where it is found again tomorrow. */
const PORT = 4321

export const serve: Command = {
  name: "serve",
  summary: "Serves the shop's numbers to a browser and to programs, on this machine.",
  examples: [["cartwright serve --dir my-shop", "Opens http://127.0.0.1:4321/ until Ctrl-C."]],
  description: [
    "Answers the questions of `cartwright query` from what is published, and takes over a new version when one is published. It listens on 127.0.0.1 only and changes nothing; from elsewhere, use a tunnel: ssh -L 4321:127.0.0.1:4321 <this machine>.",
    "Programs use /api/query; /api/openapi.json describes it.",
  ],
  words: [],
  options: {
    dir: SHOP_OPTION,
    port: { value: "N", help: `Another port; 0 for any that is free. Without it: ${PORT}.` },
  },
  async run(input, context) {
    const { output, effects, workingDirectory } = context
    const { openShop } = await import("../../project/shop.ts")
    const { installationFolder } = await import("../../project/installation.ts")
    const { serveShop } = await import("../../server/serve.ts")
    const { manifestOf } = await import("../metrics/run-manifest.ts")
    const { duckDbOf } = await import("../../project/open-warehouse.ts")
    const shop = openShop(input.text("dir"), workingDirectory)
    duckDbOf(shop, "`cartwright serve`")
    const serving = await serveShop({
      served: {
        name: shop.config.shop.name,
        places: { published: shop.paths.published, dbtProject: shop.paths.dbtProject },
        manifestOf: (runId) => manifestOf(shop.paths.runs, runId),
      },
      page: join(installationFolder(), "dist", "web"),
      port: input.number("port") ?? PORT,
      onBug: (error) => output.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    })
    try {
      output.print(
        serving.hasPage
          ? `The dashboard is at ${serving.address}`
          : `The API is at ${serving.address}api/openapi.json`,
      )
      output.note("Press Ctrl-C to end.")
      output.result({ ok: true, exitCode: 0, command: "serve", address: serving.address })
      await aborted(effects.signal)
    } finally {
      await serving.close()
    }
    return 0
  },
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done()
    else signal.addEventListener("abort", () => done(), { once: true })
  })
}
