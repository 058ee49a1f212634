import type { Command } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"

export const status: Command = {
  name: "status",
  summary: "Shows the last run, the data sets and what is published.",
  examples: [
    ["cartwright status --dir my-shop", "Shows how fresh the shop's data is and how the last run went."],
  ],
  description: [
    "Reads the shop's records only, never the warehouse: it is quick, and works while a run runs.",
  ],
  words: [],
  options: { dir: SHOP_OPTION },
  async run(input, context) {
    const { openShop } = await import("../../project/shop.ts")
    const { shopStatus } = await import("../../pipeline/status.ts")
    const { statusLines } = await import("../status-lines.ts")
    const { output, effects } = context
    const found = await shopStatus(openShop(input.text("dir"), context.workingDirectory), effects.now())
    for (const line of statusLines(found, effects.now(), output.style)) output.print(line)
    output.result({ ok: true, exitCode: 0, command: "status", ...found })
    return 0
  },
}
