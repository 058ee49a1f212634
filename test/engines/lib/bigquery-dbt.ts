import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { writeRunProfile } from "../../../src/project/profile.ts"
import type { Shop } from "../../../src/project/shop.ts"
import type { DbtOptions, DbtOutcome } from "../../../src/transform/dbt.ts"
import { runRealDbt } from "../../../src/transform/real-dbt.ts"
import { type BigQueryWarehouse, openBigQuery } from "../../../src/warehouse/bigquery/bigquery-warehouse.ts"
import { copyBronze } from "./bigquery-bronze.ts"
import { type BigQueryEmulator, startBigQueryEmulator } from "./bigquery-emulator.ts"

/** A project on the emulator of BigQuery, in which real dbt builds what is above bronze. */
export interface EmulatedProject {
  emulator: BigQueryEmulator
  warehouse: BigQueryWarehouse
  /** Brings bronze up to that of a DuckDB file. */
  copyBronze(of: string): Promise<void>
  /** The same, and runs dbt. */
  build(bronzeOf: string, options: DbtOptions): Promise<DbtOutcome>
  stop(): Promise<void>
}

export const PROJECT = "shop-project"
/** Where the emulator makes each dataset that a statement asks for. */
export const LOCATION = "US"

/** @param gcs a server of Cloud Storage that has its buckets in a folder, which the project reads and writes */
export async function startEmulatedProject(
  bins: { emulator: string; dbt: string },
  gcs?: { folder: string; adopt: () => Promise<void> },
): Promise<EmulatedProject> {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-bigquery-dbt-"))
  const buckets = gcs?.folder ?? join(folder, "buckets")
  mkdirSync(join(buckets, "bronze"), { recursive: true })
  const emulator = await startBigQueryEmulator(bins.emulator, PROJECT, buckets, gcs?.adopt)
  const warehouse = await openBigQuery({
    project: PROJECT,
    location: LOCATION,
    shop: "toys",
    run: "test",
    endpoint: emulator.url,
    credentials: { accessToken: "made-up" },
  })
  const shop = {
    warehouse: { type: "bigquery", project: PROJECT, location: LOCATION, labels: {} },
    layers: { silver: "silver" },
    config: { transform: { threads: 4 } },
  } as unknown as Shop
  let copies = 0
  const copy = (of: string) => copyBronze(of, warehouse, buckets, `copy-${++copies}`)
  return {
    emulator,
    warehouse,
    copyBronze: copy,
    async build(bronzeOf, options) {
      await copy(bronzeOf)
      return runRealDbt({
        ...options,
        profilesDir: writeRunProfile(shop, folder, { BIGQUERY_EMULATOR_HOST: emulator.url }),
        targetPath: join(folder, "target"),
        threads: 4,
        executable: bins.dbt,
      })
    },
    async stop() {
      await warehouse.close()
      await emulator.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What went wrong, for a test that expects nothing. */
export function failuresOf({ success, results }: DbtOutcome): string[] {
  const failed = results.filter(({ status }) => status === "error" || status === "fail")
  if (!success && failed.length === 0) return ["dbt failed"]
  return failed.map(({ name, message }) => `${name}: ${message}`)
}
