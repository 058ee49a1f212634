import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { labelValue } from "../warehouse/bigquery/names.ts"
import type { BigQueryConfig, DuckDbConfig } from "./config/warehouse-schema.ts"
import { emulatorIn } from "./open-warehouse.ts"
import type { Shop } from "./shop.ts"

/** The name of the profile that the shop's dbt project asks for. */
const PROFILE = "cartwright"

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Writes the `profiles.yml` with which a run connects, as cartwright.yaml says; it holds no secret. What names no schema goes to
 * silver, which nobody publishes.
 * @param environment BIGQUERY_EMULATOR_HOST as for `openShopBigQuery`
 * @returns the folder that holds it
 */
export function writeRunProfile(shop: Shop, folder: string, environment: Environment): string {
  const { warehouse } = shop
  const engine = warehouse.type === "duckdb" ? duckDb(warehouse) : bigQuery(warehouse, environment)
  const output = {
    type: warehouse.type,
    schema: shop.layers.silver,
    threads: shop.config.transform.threads ?? DBT_THREADS[warehouse.type],
    ...engine,
  }
  // JSON is YAML.
  writeFileSync(
    join(folder, "profiles.yml"),
    `${JSON.stringify({ [PROFILE]: { target: warehouse.type, outputs: { [warehouse.type]: output } } }, null, 2)}\n`,
  )
  return folder
}

/**
 * What dbt finds in its environment beside what is there: on BigQuery the key file, which Google's libraries take as the application's
 * default, and the labels of its jobs (macro `job_labels` of the package).
 */
export function dbtEnvironment(
  { warehouse, config }: Shop,
  environment: Environment,
  runId: string,
): Environment {
  if (warehouse.type === "duckdb") return environment
  const ours = { application: "cartwright", shop: labelValue(config.shop.name), run: labelValue(runId) }
  return {
    ...environment,
    CARTWRIGHT_JOB_LABELS: JSON.stringify({ ...warehouse.labels, ...ours, step: "transform" }),
    ...(warehouse.credentials === undefined ? {} : { GOOGLE_APPLICATION_CREDENTIALS: warehouse.credentials }),
  }
}

/** Models built at once. DuckDB already uses every core for one; a second fills its gaps. BigQuery's cores are not ours. */
export const DBT_THREADS = { duckdb: 2, bigquery: 8 }

function duckDb({ path, threads, memoryLimit }: DuckDbConfig): object {
  return {
    path,
    config_options: {
      ...(threads === undefined ? {} : { threads }),
      ...(memoryLimit === undefined ? {} : { memory_limit: memoryLimit }),
    },
  }
}

function bigQuery({ project, location, maxBytesBilled }: BigQueryConfig, environment: Environment): object {
  const emulator = emulatorIn(environment)
  return {
    project,
    location,
    priority: "interactive",
    job_retries: 3,
    ...(maxBytesBilled === undefined ? {} : { maximum_bytes_billed: maxBytesBilled }),
    ...(emulator === undefined
      ? { method: "oauth" }
      : { method: "oauth-secrets", token: "emulator", api_endpoint: emulator }),
  }
}
