import type { Encoding, FileFormat, SchemaPolicy } from "../../core/file-format.ts"

/** A source of the shop, as `cartwright.yaml` declares it. */
export interface SourceDeclaration {
  name: string
  files: {
    /** The folder that holds the source's files, or `gs://bucket/prefix`. */
    path: string
    datasets: Record<string, DatasetDeclaration>
  }
}

/** One data set: the files that hold it, and how they are read. */
export interface DatasetDeclaration {
  /** A glob relative to the source's path, e.g. `events/*.csv.gz`. */
  files: string
  /** The columns that identify a record. Without them rows are compared as a multiset. */
  key?: string[]
  /** The column that tells when a record last changed at its source. */
  updatedAt?: string
  /** Whether a delivery holds all records or only new and changed ones. @defaultValue "full" */
  kind?: "full" | "incremental"
  /** @defaultValue found out from the content */
  format?: FileFormat["format"]
  /** @defaultValue found out from the content */
  delimiter?: string
  /** @defaultValue `"` */
  quote?: string
  /** @defaultValue found out from the content */
  encoding?: Encoding
  /** Whether the first record of a CSV file names its columns. @defaultValue true */
  header?: boolean
  /** Texts that mean "no value" in every column, beside the empty text. @defaultValue none */
  nullText?: string[]
  /** What a change of its columns does. @defaultValue "evolve" */
  schema?: SchemaPolicy
  /** False: the data set is known but left out. @defaultValue true */
  include?: boolean
}
