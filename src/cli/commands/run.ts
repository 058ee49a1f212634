import type { Command } from "../command.ts"
import { INTERVAL_OPTION, SHOP_OPTION, SKIP_CODE_OPTION, SOURCE_OPTION } from "../options.ts"

export const run: Command = {
  name: "run",
  summary: "Does all: extract, load, transform, publish.",
  examples: [
    ["cartwright run --dir my-shop", "Takes what is new in the shop's files to a published version."],
    [
      "cartwright run --source thelook --as-of 2026-07-01",
      "Lands one source only, as the state of that day.",
    ],
    ["cartwright run --json", "Tells machines what happens, one JSON document per line."],
  ],
  description: [
    "Each step does only what is needed: files that did not change are not read, landings that are loaded are not loaded again, and where nothing changed nothing is built or published.",
    "A source that fails does not keep the others from going on; the exit code tells. What is published stays up until a whole new version is there.",
    "What a run did is in runs/<id>/ of the shop: plan.json, state.json, log.ndjson and dbt's artifacts.",
  ],
  words: [],
  options: {
    dir: SHOP_OPTION,
    source: SOURCE_OPTION,
    "as-of": {
      value: "TIME",
      help: "The time whose state the files show, in UTC unless it has an offset. Without it: the date in their path, else their modification time.",
    },
    "full-refresh": { help: "Rebuilds every model, also where nothing changed." },
    interval: INTERVAL_OPTION,
    "skip-code": SKIP_CODE_OPTION,
  },
  async run(input, context) {
    const { runShopSteps } = await import("../run-steps.ts")
    const { STEPS } = await import("../../pipeline/run-record.ts")
    return runShopSteps("run", STEPS, input, context)
  },
}
