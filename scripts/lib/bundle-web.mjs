import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { build } from "esbuild"
import { root } from "./run.mjs"

/** Makes dist/web/ of web/: one page, its script, styles and font, with the content's hash in their names. @returns esbuild's metafile */
export async function bundleWeb() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["web/main.tsx", "web/style.css"],
    outdir: "dist/web",
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".woff2": "file" },
    legalComments: "none",
    metafile: true,
  })
  const made = Object.keys(metafile.outputs).map((path) => basename(path))
  const named = (ending) => `/${made.find((name) => name.endsWith(ending))}`
  const page = readFileSync(join(root, "web", "index.html"), "utf8")
  mkdirSync(join(root, "dist", "web"), { recursive: true })
  writeFileSync(
    join(root, "dist", "web", "index.html"),
    page.replace("%style%", named(".css")).replace("%script%", named(".js")),
  )
  await bundleQuestions()
  return metafile
}

/** Makes dist/questions.js of web/questions.tsx: the same pages for Node, which say what they would ask. */
async function bundleQuestions() {
  await build({
    absWorkingDir: root,
    entryPoints: ["web/questions.tsx"],
    outdir: "dist",
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
  })
}
