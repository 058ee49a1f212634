import { join } from "node:path"
import { exitCodeOf, root } from "./run.mjs"

/** Where each suite leaves its counts, for the last line of CI. */
export const resultOf = (suite) => join(root, "node_modules", ".cache", "cartwright", `${suite}.json`)

/** Runs vitest with a config of ours; ends this script with its exit code. */
export async function vitest(suite, config, args) {
  const code = await exitCodeOf("node", [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    config,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${resultOf(suite)}`,
    ...args,
  ])
  process.exit(code)
}
