// Compiles src/ to dist/. The incremental state is not kept: a build is what a fresh clone would give.
import { chmodSync, rmSync } from "node:fs"
import { run } from "./lib/run.mjs"

rmSync("dist", { recursive: true, force: true })
await run("node", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"])
chmodSync("dist/cli/main.js", 0o755)
