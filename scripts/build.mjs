// Makes dist/: the dashboard's page, and the program and the library as a few files that hold all they need but native code, since reading hundreds of
// small ones takes longer than most commands; and the types of the library. Nothing is kept of an earlier build.
import { chmodSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { bundle } from "./lib/bundle.mjs"
import { bundleWeb } from "./lib/bundle-web.mjs"
import { root, run } from "./lib/run.mjs"

const dist = join(root, "dist")
rmSync(dist, { recursive: true, force: true })
const types = run("node", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"])
const { inputs } = await bundle()
const { inputs: pageInputs } = await bundleWeb()
chmodSync(join(dist, "cli", "main.js"), 0o755)
writeFileSync(join(dist, "third-party-licenses.txt"), licensesOf(Object.keys({ ...inputs, ...pageInputs })))
await types

/** The licences of the packages that are within dist/: they ask to go along. A few have no file of their own, only a name. */
function licensesOf(paths) {
  const inside = paths.map((path) => /^.*node_modules[/](?:@[^/]+[/])?[^/]+(?=[/])/.exec(path)?.[0])
  const folders = [...new Set(inside.filter((folder) => folder !== undefined))]
  const texts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"))
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry))
    const text =
      file === undefined ? `${license} License` : readFileSync(join(root, folder, file), "utf8").trim()
    return `${name} ${version}\n\n${text}\n`
  })
  return [...new Set(texts)].join(`\n${"-".repeat(80)}\n\n`)
}
