/** How a delivered file is to be read. Found out from its content, or stated. */
export interface FileFormat {
  format: "csv" | "ndjson" | "json" | "parquet"
  compression: "none" | "gzip" | "zstd"
  encoding: Encoding
  /** CSV only. */
  delimiter: string
  /** CSV only; the same character, doubled, is a quote inside a quoted field. Empty: the file has no quoting. */
  quote: string
  /** CSV only: whether the first record names the columns. */
  header: boolean
}

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "iso-8859-1" | "windows-1252"
export const ENCODINGS: readonly Encoding[] = ["utf-8", "utf-16le", "utf-16be", "iso-8859-1", "windows-1252"]
export const FORMATS = ["csv", "ndjson", "json", "parquet"] as const

/** What a landing says about its data set: all rows, a part of them (asserts only the keys it holds), or what changed. */
export type LandingKind = "full" | "partial" | "incremental"

/**
 * What happens when a delivery's columns differ from those of the one before: they are taken as they are; new ones are left
 * out of bronze; or the delivery is held until a person accepts it.
 */
export type SchemaPolicy = (typeof SCHEMA_POLICIES)[number]
export const SCHEMA_POLICIES = ["evolve", "freeze", "stop"] as const
