import type { CartwrightError } from "./errors.ts"
import type { FileFormat, LandingKind } from "./file-format.ts"

/** What a source hands over at one time for one data set: the material of one landing. */
export interface Delivery {
  source: string
  dataset: string
  kind: Exclude<LandingKind, "partial">
  /** The time whose state of the source it shows. */
  asOf: Date
  /** Where `asOf` comes from: asked for, named by the path, or when the newest file was modified. */
  timeFrom: "request" | "path" | "modification"
  /** In the order in which their records count. */
  files: DeliveredFile[]
}

export interface DeliveredFile {
  /** Path below the source's folder, `/`-separated. */
  name: string
  size: number
  /** Changes whenever the content may have changed; compared before any byte is read. */
  version: string
  /** What `version` is made of, for people. @defaultValue size and modification time */
  versionIs?: string
  /** Hex, where the source keeps it: tells equal content without reading. */
  md5?: string
  read(): AsyncIterable<Uint8Array>
  /** A new look at the content, fed with every byte while it is copied. */
  inspect(): Inspection
}

/** Watches the bytes of one file go by and tells, at their end, how they are to be read. */
export interface Inspection {
  push(chunk: Uint8Array): Promise<void> | void
  /** @throws CartwrightError `extract` when the file is not whole or not readable */
  finish(): Promise<FileFacts>
}

export interface FileFacts extends FileFormat {
  columns: string[]
  /** False where the file holds no record: a header only, an empty array. */
  hasRecords: boolean
}

/** A delivery that cannot even be composed: nothing matches, a folder is missing. */
export interface FailedDelivery {
  dataset: string
  error: CartwrightError
}
