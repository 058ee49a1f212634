import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Metafile } from "esbuild"
import { beforeAll, expect, test } from "vitest"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
let outputs: Metafile["outputs"]

beforeAll(async () => {
  const { bundle } = (await import(join(root, "scripts", "lib", "bundle.mjs"))) as {
    bundle: (options: { write: boolean }) => Promise<Metafile>
  }
  ;({ outputs } = await bundle({ write: false }))
})

/** The packages within all that a module of ours brings along when it is loaded; what it imports when it runs is no part of it. */
function packagesWith(module: string): { packages: string[]; bytes: number } {
  const at = Object.keys(outputs).find((output) => outputs[output]?.inputs[module] !== undefined)
  const loaded = new Set<string>()
  const load = (output: string): void => {
    if (loaded.has(output)) return
    loaded.add(output)
    for (const { path, kind, external } of outputs[output]?.imports ?? [])
      if (kind === "import-statement" && external !== true) load(path)
  }
  load(at ?? "")
  const inputs = [...loaded].flatMap((output) => Object.keys(outputs[output]?.inputs ?? {}))
  const packages = inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? [])
  const bytes = [...loaded].reduce((sum, output) => sum + (outputs[output]?.bytes ?? 0), 0)
  return { packages: [...new Set(packages)].sort(), bytes }
}

test("before a command is known, little is loaded", () => {
  const { packages, bytes } = packagesWith("src/cli/main.ts")
  expect(packages).toEqual([])
  expect(bytes).toBeLessThan(60_000)
})

test("no CommonJS package is the target of import(): it would have no names in the bundle", () => {
  const targets = Object.values(outputs).flatMap(({ entryPoint }) => entryPoint ?? [])
  expect(targets).toContain("src/transform/yaml/full-yaml.ts")
  expect(targets.filter((target) => target.includes("node_modules") && !isModule(target))).toEqual([])
})

/** Whether a file's nearest package.json says that it is an ES module. */
function isModule(file: string): boolean {
  const folder = dirname(file)
  const description = join(root, folder, "package.json")
  if (!existsSync(description)) return isModule(folder)
  return (JSON.parse(readFileSync(description, "utf8")) as { type?: string }).type === "module"
}

test("a dbt project outside a shop is compiled without the configuration's packages and without DuckDB", () => {
  expect(packagesWith("src/cli/dbt/run-dbt-command.ts").packages).toEqual([])
  expect(packagesWith("src/transform/run/command.ts").packages).toEqual([])
  expect(packagesWith("src/transform/run/run-selected.ts").packages).toEqual([])
})

test("Google's client is loaded by those who open a bucket, and by nobody else", () => {
  const client = "@google-cloud/storage"
  for (const module of ["cli/main.ts", "pipeline/run.ts", "pipeline/status.ts", "storage/gcs/gcs-storage.ts"])
    expect(packagesWith(`src/${module}`).packages, module).not.toContain(client)
  expect(packagesWith("src/storage/gcs/client.ts").packages).toContain(client)
})

test("a shop is opened without DuckDB, which comes with the warehouse", () => {
  expect(packagesWith("src/project/shop.ts").packages).toEqual(["yaml", "zod"])
  expect(packagesWith("src/warehouse/duckdb/duckdb-warehouse.ts").packages).toContain("@duckdb/node-api")
})
