// `npm run bench [-- NAME …] [--rounds N]`: the budgets, as ratios against a reference that runs in turn with us.
import { mkdirSync, writeFileSync } from "node:fs"
import { cpus, totalmem } from "node:os"
import { join } from "node:path"
import { BENCHMARKS, DEFAULT_BENCHMARKS } from "./bench/benchmarks.mjs"
import { prepare } from "./lib/prepare.mjs"
import { root } from "./lib/run.mjs"

const words = process.argv.slice(2)
const at = words.indexOf("--rounds")
const rounds = at >= 0 ? Number(words.splice(at, 2)[1]) : 5
const names = words.length > 0 ? words : DEFAULT_BENCHMARKS
const unknown = names.filter((name) => !(name in BENCHMARKS))
if (unknown.length > 0 || !(rounds >= 1)) {
  console.error(`usage: npm run bench -- [${Object.keys(BENCHMARKS).join("|")} …] [--rounds N]`)
  process.exit(2)
}

await prepare()
const home = join(root, ".bench")
mkdirSync(home, { recursive: true })
console.log(
  `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; medians of ${rounds} rounds, subjects in turn`,
)
const rows = []
for (const name of names) {
  console.log(`\n— ${name}: ${BENCHMARKS[name].what}`)
  for (const row of await BENCHMARKS[name].run({ home, rounds })) {
    rows.push({ benchmark: name, ...row })
    const verdict = row.met === undefined ? "" : row.met ? "  met" : "  MISSED"
    console.log(`  ${row.name}: ${row.figure}${row.bar ? `  (bar ${row.bar})` : ""}${verdict}`)
  }
}
writeFileSync(join(home, "results.json"), `${JSON.stringify(rows, null, 2)}\n`)
console.log(`\nAll figures: ${join(".bench", "results.json")}`)
