import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"
import { silentEffects } from "../core/effects.ts"
import type { DbtOptions } from "./dbt.ts"

/** A project in a folder of its own, for the length of a test: `dbt_project.yml` and `profiles.yml` are made unless they are given. */
export function project(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-dbt-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const all = {
    "dbt_project.yml": "name: shop\nprofile: shop\n",
    "profiles.yml": `shop: {target: dev, outputs: {dev: {type: duckdb, path: '${join(folder, "shop.duckdb")}', threads: 2}}}\n`,
    ...files,
  }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

export function options(folder: string, more: Partial<DbtOptions> = {}): DbtOptions {
  return {
    command: "build",
    projectDir: folder,
    profilesDir: folder,
    environment: {},
    effects: silentEffects(),
    ...more,
  }
}
