import type { Command } from "../command.ts"
import { SHOP_OPTION, SKIP_CODE_OPTION } from "../options.ts"

export const publish: Command = {
  name: "publish",
  summary: "Publishes gold as one new version.",
  examples: [
    [
      "cartwright publish --dir my-shop",
      "Makes a version of the star schema and the marts, and points readers to it.",
    ],
  ],
  description: [
    "A version is a folder published/<version>/<table>/ of Parquet files; the text file published/current names the one to read and is replaced at once. Tables and months that did not change are linked, not rewritten.",
    "In BigQuery a version is a clone of each table that changed, behind a view that keeps its name; `publish.dataset` has both.",
    "Nothing is published after a transformation that failed; the version before stays up.",
  ],
  words: [],
  options: { dir: SHOP_OPTION, "skip-code": SKIP_CODE_OPTION },
  async run(input, context) {
    const { runShopSteps } = await import("../run-steps.ts")
    return runShopSteps("publish", ["publish"], input, context)
  },
}
