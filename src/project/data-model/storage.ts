/** A config that is one name or a list of them. */
export function textList(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  return typeof value === "string" && value !== "" ? [value] : []
}

/** BigQuery's `partition_by`, as dbt writes it. */
export interface PartitionConfig {
  field?: string
  /** @defaultValue day */
  granularity?: string | null
  range?: { start: number; end: number; interval: number } | null
}

/** BigQuery's `partition_by` in words; undefined where there is none. */
export function partitionText(config: PartitionConfig | null | undefined): string | undefined {
  const { field, granularity, range } = config ?? {}
  if (field === undefined) return undefined
  if (range !== undefined && range !== null)
    return `\`${field}\` from ${range.start} to ${range.end} in steps of ${range.interval}`
  return `${granularity ?? "day"} of \`${field}\``
}

/**
 * BigQuery's type of what DuckDB stores as `type`; undefined for one that has no counterpart. The analyzer of GoogleSQL
 * is asked whether it is so (test/engines/googlesql.test.ts).
 */
export function bigQueryType(type: string): string | undefined {
  const element = /^(.+)\[\]$/.exec(type)?.[1]
  if (element !== undefined) {
    const inner = bigQueryType(element)
    return inner === undefined ? undefined : `ARRAY<${inner}>`
  }
  if (type.startsWith("DECIMAL")) return "NUMERIC"
  return BIGQUERY[type]
}

/** A word for a type, whatever the engine: those of docs/data-model.md. */
export function plainType(type: string | undefined): string {
  if (type === undefined) return ""
  if (type.startsWith("DECIMAL")) return "money"
  const known = BIGQUERY[type]
  return (known === undefined ? undefined : PLAIN[known]) ?? type.toLowerCase()
}

const WHOLE = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER"]

const BIGQUERY: Readonly<Record<string, string>> = {
  VARCHAR: "STRING",
  UUID: "STRING",
  BOOLEAN: "BOOL",
  FLOAT: "FLOAT64",
  DOUBLE: "FLOAT64",
  DATE: "DATE",
  TIME: "TIME",
  TIMESTAMP: "TIMESTAMP",
  "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
  BLOB: "BYTES",
  JSON: "JSON",
  ...Object.fromEntries(WHOLE.map((type) => [type, "INT64"])),
}

const PLAIN: Readonly<Record<string, string>> = {
  STRING: "text",
  BOOL: "boolean",
  INT64: "integer",
  FLOAT64: "number",
  DATE: "date",
  TIME: "time",
  TIMESTAMP: "timestamp",
}
