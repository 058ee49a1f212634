import type { Command } from "../command.ts"
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
    "A model that fails ends the command with exit code 5, a test that fails with 6. For single models use `cartwright dbt`.",
  ],
  words: [],
  options: {
    dir: SHOP_OPTION,
    "full-refresh": { help: "Rebuilds every model, also where nothing changed." },
    "skip-code": SKIP_CODE_OPTION,
  },
  async run(input, context) {
    const { runShopSteps } = await import("../run-steps.ts")
    return runShopSteps("transform", ["transform"], input, context)
  },
}
