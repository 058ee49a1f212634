// `npm start`: from a fresh clone to a shop's dashboard; without a terminal it ends when the shop is there.
import { parseArgs } from "node:util"
import { prepare } from "./lib/prepare.mjs"
import { run } from "./lib/run.mjs"

const args = process.argv.slice(2)
await prepare()
await run("node", ["dist/cli/main.js", "demo", ...args])
if (process.stdin.isTTY && process.stdout.isTTY && !args.includes("--json")) {
  const { dir = "demo-shop" } = parseArgs({
    args,
    strict: false,
    options: { dir: { type: "string" } },
  }).values
  await run("node", ["dist/cli/main.js", "serve", "--dir", dir])
}
