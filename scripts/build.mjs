// Makes dist/: the program and the library as a few files that hold all they need but native code, since reading hundreds of
// small ones takes longer than most commands; and the types of the library. Nothing is kept of an earlier build.
import { chmodSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { build } from "esbuild"
import { root, run } from "./lib/run.mjs"

process.chdir(root)
rmSync("dist", { recursive: true, force: true })
const types = run("node", ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"])
const { metafile } = await build({
  entryPoints: ["src/cli/main.ts", "src/index.ts"],
  outdir: "dist",
  outbase: "src",
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20.19",
  external: ["@duckdb/node-bindings"],
  // `yaml` and DuckDB are CommonJS: they ask for modules of Node and for the native code.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
  // For the lines of src/ in what a bug reports (src/cli/source-lines.ts).
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
})
chmodSync("dist/cli/main.js", 0o755)
writeFileSync("dist/third-party-licenses.txt", licensesOf(Object.keys(metafile.inputs)))
await types

/** The licences of the packages that are within dist/: they ask to go along. */
function licensesOf(inputs) {
  const inside = inputs.map((path) => /node_modules[/]((?:@[^/]+[/])?[^/]+)[/]/.exec(path)?.[1])
  const names = [...new Set(inside.filter((name) => name !== undefined))]
  const texts = names.map((name) => {
    const folder = join("node_modules", name)
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
    return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`
  })
  return texts.join(`\n${"-".repeat(80)}\n\n`)
}
