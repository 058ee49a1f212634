// Makes dist/: the program and the library as a few files that hold all they need but native code, since reading hundreds of
// small ones takes longer than most commands; and the types of the library. Nothing is kept of an earlier build.
import { chmodSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { bundle } from "./lib/bundle.mjs"
import { root, run } from "./lib/run.mjs"

const dist = join(root, "dist")
rmSync(dist, { recursive: true, force: true })
const types = run("node", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"])
const { inputs } = await bundle()
chmodSync(join(dist, "cli", "main.js"), 0o755)
writeFileSync(join(dist, "third-party-licenses.txt"), licensesOf(Object.keys(inputs)))
await types

/** The licences of the packages that are within dist/: they ask to go along. */
function licensesOf(paths) {
  const inside = paths.map((path) => /node_modules[/]((?:@[^/]+[/])?[^/]+)[/]/.exec(path)?.[1])
  const names = [...new Set(inside.filter((name) => name !== undefined))]
  const texts = names.map((name) => {
    const folder = join(root, "node_modules", name)
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`
  })
  return texts.join(`\n${"-".repeat(80)}\n\n`)
}
