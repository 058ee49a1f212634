import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import * as z from "zod"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import { ConfigError, type ConfigProblem } from "./config-error.ts"
import type { JsonSchema } from "./json-schema.ts"
import { problemsOf } from "./problems.ts"
import { gcpConfigSchema } from "./schema.ts"
import { readYamlText, type YamlText } from "./yaml-text.ts"

/** Beside `cartwright.yaml`: another way to write some of its keys, for shops on BigQuery. */
export const GCP_CONFIG_FILE = join("config", "gcp_config.json")

/** A key of gcp_config.json, and the key of cartwright.yaml that says the same. */
interface Counterpart {
  from: readonly string[]
  to: readonly string[]
  value: unknown
}

/**
 * `cartwright.yaml` with what `config/gcp_config.json` beside it says. It counts for BigQuery only, so that a shop may be tried on
 * DuckDB with the file in its place.
 * @returns the value of cartwright.yaml, with the keys that only the other file states
 * @throws ConfigError for a wrong gcp_config.json, and where the two say different things
 */
export function withGcpConfig(yaml: YamlText, file: string): unknown {
  const beside = join(dirname(file), GCP_CONFIG_FILE)
  if (at(yaml.value, ["warehouse", "type"]) !== "bigquery" || !existsSync(beside)) return yaml.value
  const json = readGcpConfig(beside)
  const conflicts: ConfigProblem[] = []
  let merged = yaml.value
  for (const { from, to, value } of counterparts(json.value)) {
    const written = at(yaml.value, to)
    if (written === undefined) merged = withValue(merged, to, value)
    else if (!agree(to, written, value)) {
      const { line, column } = json.valueAt(from)
      conflicts.push({
        ...yaml.valueAt(to),
        path: to.join("."),
        offence: `${to.join(".")} is ${JSON.stringify(written)} here, but ${from.join(".")} is ${JSON.stringify(at(json.value, from))} in ${beside}:${line}:${column}`,
        choices: [],
      })
    }
  }
  if (conflicts.length > 0) throw new ConfigError(file, conflicts)
  return merged
}

function readGcpConfig(file: string): YamlText {
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (cause) {
    throw new CartwrightError("config", `cannot read the configuration: ${messageOf(cause)}`, {
      place: file,
      next: "Let the account that runs Cartwright read the file.",
      state: "Nothing was run.",
      cause,
    })
  }
  // JSON is YAML, and read as such it keeps the place of every key.
  const json = readYamlText(text)
  if (json.problems.length > 0) throw new ConfigError(file, json.problems)
  const parsed = gcpConfigSchema.safeParse(json.value)
  if (!parsed.success) {
    const schema = z.toJSONSchema(gcpConfigSchema, { io: "input" }) as JsonSchema
    throw new ConfigError(file, problemsOf(parsed.error.issues, json, schema))
  }
  return json
}

function counterparts(value: unknown): Counterpart[] {
  const { project, location, bucket, datasets } = gcpConfigSchema.parse(value)
  return [
    { from: ["project"], to: ["warehouse", "project"], value: project },
    { from: ["location"], to: ["warehouse", "location"], value: location },
    { from: ["bucket"], to: ["lake", "path"], value: bucket === undefined ? undefined : lakeIn(bucket) },
    ...Object.entries(datasets ?? {}).map(([key, name]) => ({
      from: ["datasets", key],
      to: ["datasets", key],
      value: name,
    })),
  ].filter((counterpart) => counterpart.value !== undefined)
}

/** A bucket is named with or without its scheme. */
function lakeIn(bucket: string): string {
  return `gs://${bucket.replace(/^gs:\/\//, "").replace(/\/+$/, "")}/lake`
}

/** A lake anywhere in the bucket agrees with it. */
function agree(to: readonly string[], written: unknown, value: unknown): boolean {
  if (to[0] !== "lake") return written === value
  return bucketOf(String(written)) === bucketOf(String(value))
}

function bucketOf(uri: string): string | undefined {
  return /^gs:\/\/([^/]+)/.exec(uri)?.[1]
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], value)
}

function withValue(tree: unknown, [key = "", ...rest]: readonly string[], value: unknown): unknown {
  const node = (tree ?? {}) as Record<string, unknown>
  return { ...node, [key]: rest.length === 0 ? value : withValue(node[key], rest, value) }
}
