import * as z from "zod"
import { path } from "./values.ts"

/** The section `warehouse`: keys of two engines, of which a shop has one. */

/** As cartwright.yaml says; paths relative to the shop's folder. */
export type WarehouseConfig = DuckDbConfig | BigQueryConfig

export interface DuckDbConfig {
  type: "duckdb"
  path: string
  threads?: number
  memoryLimit?: string
}

export interface BigQueryConfig {
  type: "bigquery"
  project: string
  location: string
  /** The file of a service account's key or of workload identity federation. Without: Application Default Credentials. */
  credentials?: string
  maxBytesBilled?: number
  bronzeExpiryDays?: number
  labels: Record<string, string>
}

const SIZE = /^(\d+(?:\.\d+)?)\s*([KMGT])(i?)B$/i

export const projectId = z
  .string()
  .regex(
    /^(?:[a-z][a-z0-9.-]*:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    "a project's id, as `gcloud projects list` shows it",
  )

export const location = z
  .string()
  .regex(/^[a-z]+(?:-[a-z]+\d+)?$/i, "a location of BigQuery such as EU, US or europe-west1")

const labels = z.record(
  z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/, "a letter, then up to 62 small letters, digits, _ and -"),
  z
    .string()
    .regex(/^[a-z0-9_-]{0,63}$/, "up to 63 small letters, digits, _ and -")
    .meta({
      description: "A label of every BigQuery job and dataset, for the bill, beside those of ours.",
      examples: ["team: analytics"],
    }),
)

const DUCKDB_PATH = "warehouse.duckdb"

export const warehouse = z
  .strictObject({
    type: z.enum(["duckdb", "bigquery"]).default("duckdb").meta({
      description: "The engine: a DuckDB file on this machine, or BigQuery (docs/bigquery.md).",
    }),
    path: path.optional().meta({
      description:
        "The DuckDB file. Do not rename it later: its name is part of the views inside. Delete it to rebuild all from the lake.",
      default: DUCKDB_PATH,
    }),
    threads: z
      .int()
      .min(1)
      .max(256)
      .optional()
      .meta({ description: "Threads of DuckDB: as many as the machine has cores." }),
    memory_limit: z
      .string()
      .regex(SIZE, "a size such as 2GB")
      .optional()
      .meta({
        description:
          "What DuckDB may use for its buffers; the whole process peaks well above it. 80 % of the machine unless stated.",
        examples: ["2GB"],
      }),
    project: projectId.optional().meta({
      description: "BigQuery's project: it has the datasets, and pays.",
      examples: ["my-project"],
    }),
    location: location.optional().meta({
      description:
        "Where BigQuery keeps the datasets and runs jobs. It cannot be changed later; the bucket of the lake must fit it.",
      examples: ["EU", "europe-west1"],
    }),
    credentials: path.optional().meta({
      description:
        "BigQuery: the file of a service account's key or of workload identity federation. Unless stated, what `gcloud auth application-default login` or the machine provides (Application Default Credentials).",
      examples: ["gcp_credentials.json"],
    }),
    max_bytes_billed: z
      .string()
      .regex(SIZE, "a size such as 50GB")
      .optional()
      .meta({
        description:
          "What BigQuery may bill: `GB` is 10⁹ bytes, `GiB` 2³⁰. For all queries of a step of ours together, each of which is estimated first and refused before it costs anything; and for each query of dbt, which BigQuery refuses. No cap unless stated.",
        examples: ["50GB"],
      }),
    bronze_expiry_days: z.int().min(1).max(36_500).optional().meta({
      description:
        "After how many days BigQuery drops a partition of bronze, of logs that are made from then on and whose data sets are declared `kind: incremental`: full deliveries are compared with all that was before. Never unless stated; the lake keeps everything.",
    }),
    labels: labels.optional(),
  })
  .transform((written, context): WarehouseConfig => {
    const { type, path: file, threads, memory_limit: memoryLimit, ...cloud } = written
    const { max_bytes_billed: cap, bronze_expiry_days: bronzeExpiryDays, labels: named = {}, ...rest } = cloud
    const others = type === "duckdb" ? cloud : { path: file, threads, memory_limit: memoryLimit }
    const complain = (key: string, message: string) =>
      context.issues.push({ code: "custom", input: written, path: [key], message })
    for (const [key, value] of Object.entries(others))
      if (value !== undefined) complain(key, `left out where warehouse.type is ${type}`)
    if (type === "duckdb")
      return {
        type,
        path: file ?? DUCKDB_PATH,
        ...(threads === undefined ? {} : { threads }),
        ...(memoryLimit === undefined ? {} : { memoryLimit }),
      }
    const { project, location: place, credentials } = rest
    if (project === undefined) complain("project", "stated")
    if (place === undefined) complain("location", "stated")
    return {
      type,
      project: project ?? "",
      location: place ?? "",
      ...(credentials === undefined ? {} : { credentials }),
      ...(cap === undefined ? {} : { maxBytesBilled: bytesOf(cap) }),
      ...(bronzeExpiryDays === undefined ? {} : { bronzeExpiryDays }),
      labels: named,
    }
  })
  .prefault({})
  .meta({ description: "Where bronze, silver and gold are kept." })

/** "50GB" → 50 × 10⁹, "50GiB" → 50 × 2³⁰. */
function bytesOf(size: string): number {
  const [, number = "", unit = "", binary = ""] = SIZE.exec(size) ?? []
  const power = "KMGT".indexOf(unit.toUpperCase()) + 1
  return Math.round(Number(number) * (binary === "" ? 1000 : 1024) ** power)
}
