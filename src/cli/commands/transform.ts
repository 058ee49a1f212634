import type { Command } from "../command.ts"
import { usageError } from "../parse.ts"
import { SHOP_OPTION, SKIP_CODE_OPTION } from "../options.ts"

export const transform: Command = {
  name: "transform",
  summary: "Builds and tests silver and gold with the shop's dbt project.",
  examples: [
    ["cartwright transform --dir my-shop", "Builds every model and runs every test, where anything changed."],
    ["cartwright transform --full-refresh", "Builds everything, whether or not anything changed."],
  ],
  description: [
    "It is dbt's build: seeds, models and tests in the order of their dependencies. The embedded runner does it unless transform.engine in cartwright.yaml says dbt.",
    "A scheduler may build layer by layer: silver, star, marts, each a command of its own. What is neither a table of the star or the marts nor comes after one is silver.",
    "A model that fails ends the command with exit code 5, a test that fails with 6. For single models use `cartwright dbt`.",
  ],
  words: [],
  options: {
    dir: SHOP_OPTION,
    "full-refresh": { help: "Rebuilds every model, also where nothing changed." },
    layer: {
      value: "LAYER",
      choices: ["silver", "star", "marts"],
      help: "Builds this layer alone, from the one before it as it is. Nothing is published until all three are built. Without it: all.",
    },
    "skip-code": SKIP_CODE_OPTION,
  },
  async run(input, context) {
    if (input.has("layer") && input.has("full-refresh"))
      throw usageError(transform, "--full-refresh rebuilds all layers and takes no --layer")
    const { runShopSteps } = await import("../run-steps.ts")
    return runShopSteps("transform", ["transform"], input, context)
  },
}
