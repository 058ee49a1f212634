// `npm run check`: format, lint, types, layer rules, dead code, package, tests. The same here and in CI.
import { prepare } from "./lib/prepare.mjs"
import { run } from "./lib/run.mjs"

const GATES = [
  { name: "format", command: "node_modules/.bin/biome", args: ["format", "."] },
  { name: "lint", command: "node_modules/.bin/oxlint", args: ["--type-aware", "--deny-warnings"] },
  { name: "types", command: "node_modules/.bin/tsc", args: ["-p", "tsconfig.json"] },
  { name: "types of the page", command: "node_modules/.bin/tsc", args: ["-p", "web/tsconfig.json"] },
  {
    name: "layer rules",
    command: "node_modules/.bin/depcruise",
    args: ["--config", ".dependency-cruiser.cjs", "src"],
  },
  { name: "dead code", command: "node_modules/.bin/knip", args: [] },
  { name: "package", command: "node_modules/.bin/publint", args: ["--strict"] },
  { name: "tests", command: "node", args: ["scripts/test.mjs"] },
]

await prepare()
for (const { name, command, args } of GATES) {
  console.log(`\n— ${name}`)
  await run(command, args)
}
