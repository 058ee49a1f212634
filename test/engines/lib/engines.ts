import { existsSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, test } from "vitest"

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

/** A path that exists, or undefined: what a test needs and may have to skip without. */
export type Requirement = string | undefined

const engine = (...parts: string[]): Requirement => existing(join(root, ".engines", ...parts))

/** Real dbt-core with dbt-duckdb. */
export const dbtBin = (): Requirement => engine("dbt", "bin", "dbt")
/** The Python of real dbt: has jinja2 and duckdb. */
export const pythonBin = (): Requirement => engine("dbt", "bin", "python")
/** Real dbt-core with dbt-bigquery. */
export const dbtBigQueryBin = (): Requirement => engine("dbt-bigquery", "bin", "dbt")
/** A server that answers as Google Cloud Storage does. */
export const fakeGcsBin = (): Requirement => engine("fake-gcs-server", "bin", "fake-gcs-server")
/** The emulator of BigQuery. */
export const bigQueryEmulatorBin = (): Requirement => engine("bigquery", "bin", "bqemulator")
/** The npm folder that holds the GoogleSQL analyzer. */
export const googleSqlFolder = (): Requirement => engine("googlesql", "node_modules")

/** The npm folder that holds a reader of HCL and the schema of Terraform's provider for Google Cloud. */
export const terraformFolder = (): Requirement => engine("terraform", "node_modules")

/** The linter of Dockerfiles. */
export const hadolintBin = (): Requirement => engine("hadolint", "bin", "hadolint")
/** The linter of shell scripts. */
export const shellcheckBin = (): Requirement => engine("shellcheck", "bin", "shellcheck")
/** Renders charts of Kubernetes; installed on request. */
export const helmBin = (): Requirement => engine("helm", "bin", "helm")
/** The Compose Specification's own reader: checks files by its schema, writes the model that it read. */
export const composeBin = (): Requirement => engine("compose", "bin", "cmd")

/** The folder of kubeconform: its program in bin/, the schemas of Kubernetes in schemas/. */
export const kubeconformFolder = (): Requirement => engine("kubeconform")

/** The folder with the schemas of Cloud Run, in schemas/. */
export const cloudRunFolder = (): Requirement => engine("cloud-run")

/** Builds images without a daemon. */
export const buildahBin = (): Requirement => existing("/usr/bin/buildah")
/** A root file system that stands for Docker's Node image. */
export const imageBase = (): Requirement => engine("image-base", "rootfs")
/** Airflow 3. */
export const airflowBin = (): Requirement => engine("airflow", "bin", "airflow")
/** Airflow 2. */
export const airflow2Bin = (): Requirement => engine("airflow2", "bin", "airflow")

/** A browser. */
export const chromium = (): Requirement => existing("/usr/bin/chromium")

/** A path below the real data sets: `CARTWRIGHT_DATA`, else ../shared/data beside the project. */
export function sharedData(...parts: string[]): Requirement {
  const folder = process.env["CARTWRIGHT_DATA"] ?? resolve(root, "..", "shared", "data")
  return existing(join(folder, ...parts))
}

/** A suite that needs something: a visible skip where it is missing, a failure where `CI=true`. */
export function describeWith<T extends Record<string, Requirement>>(
  requirements: T,
  name: string,
  suite: (found: { [K in keyof T]: string }) => void,
): void {
  const missing = Object.keys(requirements).filter((key) => requirements[key] === undefined)
  if (missing.length === 0) {
    describe(name, () => suite(requirements as { [K in keyof T]: string }))
    return
  }
  const reason = `missing: ${missing.join(", ")} (run \`npm run engines\`; real data is looked for in CARTWRIGHT_DATA)`
  describe(name, () => {
    if (process.env["CI"] === "true") {
      test(reason, () => {
        throw new Error(reason)
      })
    } else test.skip(reason, () => {})
  })
}

function existing(path: string): Requirement {
  return existsSync(path) ? path : undefined
}
