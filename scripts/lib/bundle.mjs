import { readFile } from "node:fs/promises"
import { build } from "esbuild"
import { root } from "./run.mjs"

/** Google's HTTP client asks for this CommonJS package by `import()`, of which the bundle would have no names. */
const proxyAgentByRequire = {
  name: "proxy-agent-by-require",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]gaxios[\\/]build[\\/].*[\\/]gaxios\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(
        "import('https-proxy-agent')",
        "Promise.resolve(require('https-proxy-agent'))",
      ),
    }))
  },
}

/** Makes a few files of src/, with all they need but native code. @returns what went into which of them (esbuild's metafile) */
export async function bundle({ write = true } = {}) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/cli/main.ts", "src/index.ts"],
    outdir: "dist",
    outbase: "src",
    write,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: ["@duckdb/node-bindings"],
    plugins: [proxyAgentByRequire],
    // `yaml` and DuckDB are CommonJS: they ask for modules of Node and for the native code.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
    // For the lines of src/ in what a bug reports (src/cli/source-lines.ts).
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
  })
  return metafile
}
