import type { Command } from "../command.ts"
import { SHOP_OPTION, SKIP_CODE_OPTION, SOURCE_OPTION } from "../options.ts"

export const load: Command = {
  name: "load",
  summary: "Loads what landed into bronze, as a log of changes.",
  examples: [
    [
      "cartwright load --dir my-shop",
      "Loads every landing that bronze does not have yet, and prints its balance.",
    ],
  ],
  description: [
    "A full delivery is compared with the one before it, and only what changed is appended. Loading twice changes nothing.",
    "For every landing, rows read = loaded + unchanged + rejected. Rejected lines are kept with file, line, text and reason in bronze.rejected_lines.",
  ],
  words: [],
  options: { dir: SHOP_OPTION, source: SOURCE_OPTION, "skip-code": SKIP_CODE_OPTION },
  async run(input, context) {
    const { runShopSteps } = await import("../run-steps.ts")
    return runShopSteps("load", ["load"], input, context)
  },
}
