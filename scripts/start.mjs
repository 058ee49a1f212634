// `npm start`: from a fresh clone to a shop with its first answers, in ./demo-shop.
import { prepare } from "./lib/prepare.mjs"
import { run } from "./lib/run.mjs"

await prepare()
await run("node", ["dist/cli/main.js", "demo", ...process.argv.slice(2)])
