import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { duckDbOf } from "./open-warehouse.ts"
import type { Shop } from "./shop.ts"

/** The name of the profile that the shop's dbt project asks for. */
const PROFILE = "cartwright"

/**
 * Writes the `profiles.yml` with which a run connects, as cartwright.yaml says. What names no schema goes to silver, which
 * nobody publishes.
 * @returns the folder that holds it
 */
export function writeRunProfile(shop: Shop, folder: string): string {
  const { path, threads, memoryLimit } = duckDbOf(shop, "the step transform")
  const output = {
    type: "duckdb",
    path,
    schema: shop.layers.silver,
    threads: shop.config.transform.threads ?? DBT_THREADS,
    config_options: {
      ...(threads === undefined ? {} : { threads }),
      ...(memoryLimit === undefined ? {} : { memory_limit: memoryLimit }),
    },
  }
  // JSON is YAML.
  writeFileSync(
    join(folder, "profiles.yml"),
    `${JSON.stringify({ [PROFILE]: { target: "duckdb", outputs: { duckdb: output } } }, null, 2)}\n`,
  )
  return folder
}

/** Models built at once. DuckDB already uses every core for one; a second fills its gaps. */
export const DBT_THREADS = 2
