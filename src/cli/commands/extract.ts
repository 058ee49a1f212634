import type { Command } from "../command.ts"
import { INTERVAL_OPTION, SHOP_OPTION, SKIP_CODE_OPTION, SOURCE_OPTION } from "../options.ts"

export const extract: Command = {
  name: "extract",
  summary: "Lands new files in the lake, as delivered.",
  examples: [
    ["cartwright extract --dir my-shop", "Lands what is new of every source."],
    [
      "cartwright extract --source thelook.events --as-of 2026-07-01T06:00:00Z",
      "Lands one data set as the state of that time.",
    ],
  ],
  description: [
    "Files are copied byte for byte, with a manifest. Files that did not change are told by size and modification time, then by content, and are not copied.",
    "A file that is not whole (cut off, empty, not what it claims to be) is refused; what landed before stays.",
  ],
  words: [],
  options: {
    dir: SHOP_OPTION,
    source: SOURCE_OPTION,
    "as-of": {
      value: "TIME",
      help: "The time whose state the files show, in UTC unless it has an offset. Without it: the date in their path, else their modification time.",
    },
    interval: INTERVAL_OPTION,
    "skip-code": SKIP_CODE_OPTION,
  },
  async run(input, context) {
    const { runShopSteps } = await import("../run-steps.ts")
    return runShopSteps("extract", ["extract"], input, context)
  },
}
