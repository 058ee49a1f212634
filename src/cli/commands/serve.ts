import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { messageOf } from "../../core/errors.ts"
import type { Command } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"

/** Where it is found again tomorrow. */
const PORT = 4321

export const serve: Command = {
  name: "serve",
  summary: "Serves the shop's numbers to a browser and to programs.",
  examples: [
    ["cartwright serve --dir my-shop", "Serves http://127.0.0.1:4321/ until Ctrl-C."],
    [
      "cartwright serve --public-url https://numbers.example.com",
      "The same behind a proxy that speaks TLS; people sign in.",
    ],
  ],
  description: [
    "Answers the questions of `cartwright query` from what is published, and takes over a new version when one is published (with the warehouse in BigQuery, within a minute). It listens on 127.0.0.1, where nobody needs to sign in; with --host or --public-url everybody must (`cartwright users`). docs/serving.md has a sample for the proxy.",
    "Programs use /api/query; /api/openapi.json describes it.",
  ],
  words: [],
  options: {
    dir: SHOP_OPTION,
    host: {
      value: "ADDRESS",
      help: "Another address of this machine; 0.0.0.0 for all. Without it: 127.0.0.1.",
    },
    "public-url": {
      value: "URL",
      help: "The address that people use, where a proxy stands before it: https://numbers.example.com.",
    },
    port: { value: "N", help: `Another port; 0 for any that is free. Without it: ${PORT}.` },
  },
  async run(input, context) {
    const { output, effects, workingDirectory } = context
    const { openShop } = await import("../../project/shop.ts")
    const { installationFolder } = await import("../../project/installation.ts")
    const { doorOf } = await import("../../server/access/door.ts")
    const { serveShop } = await import("../../server/serve.ts")
    const { servedShop } = await import("../metrics/served-shop.ts")
    const { bringPublished } = await import("../../pipeline/bring-published.ts")
    const shop = openShop(input.text("dir"), workingDirectory)
    await bringPublished(shop, effects)
    const door = doorOf(shop.folder, input.text("host") ?? "127.0.0.1", input.text("public-url"))
    const serving = await serveShop({
      served: servedShop(shop),
      page: join(installationFolder(), "dist", "web"),
      door,
      port: input.number("port") ?? PORT,
      now: () => effects.now(),
      onBug: (error) => output.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    })
    try {
      output.print(
        serving.hasPage
          ? `The dashboard is at ${serving.address}`
          : `The API is at ${serving.address}api/openapi.json`,
      )
      if (door.users !== undefined && door.publicUrl === undefined)
        output.warn(
          "Passwords travel to this address unencrypted: put a proxy that speaks TLS before it (docs/serving.md), unless the network is your own.",
        )
      output.note("Press Ctrl-C to end.")
      output.result({ ok: true, exitCode: 0, command: "serve", address: serving.address })
      await keepBringing(
        () => bringPublished(shop, effects),
        (problem) => output.warn(`no new version can be looked for: ${problem}`),
        effects.signal,
      )
    } finally {
      await serving.close()
    }
    return 0
  },
}

const LOOK_EVERY_MS = 60_000

/** Looks for a new version until stopped. A problem is told once; what is served stays up. */
async function keepBringing(
  bring: () => Promise<void>,
  tell: (problem: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let told: string | undefined
  for (;;) {
    await setTimeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const problem = await bring().then(() => undefined, messageOf)
    if (problem !== undefined && problem !== told) tell(problem)
    told = problem
  }
}
