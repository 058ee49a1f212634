import { existsSync, statSync } from "node:fs"
import { join } from "node:path"
import type { HeldLanding } from "../bronze/held.ts"
import type { SchemaChange } from "../bronze/schema-changes.ts"
import type { WarehouseConfig } from "../project/config/warehouse-schema.ts"
import type { Layer } from "./layers.ts"
import type { Touched } from "./load-impact.ts"
import { readJsonFile, replaceJsonFile } from "./json-file.ts"
import type { Built } from "./publishable.ts"
import type { Watched } from "./watch.ts"

/**
 * `runs/ledger.json`: what is known of the shop without opening its warehouse, so that a run in which nothing changed is
 * quick. It is only believed while the warehouse file is as it was left; without it everything is looked up anew.
 */
export interface Ledger {
  format: 2
  /** The warehouse as the last command left it. */
  warehouse?: string
  /** Identifies the set of landings in bronze, as what they were taken, and how the shop declares its data sets. */
  loaded?: string
  /** Landings on which somebody has to decide; while there are any, nothing is published. */
  held?: HeldLanding[]
  /** The newest changes of columns, newest first. */
  changes?: RecordedChange[]
  /** By `source.dataset`. */
  datasets: Record<string, DatasetState>
  /** The last transformation that succeeded since the warehouse was changed otherwise. */
  transformed?: Transformed
  /** The layers that were built alone, where not all of them are yet. */
  layers?: Partial<Record<Layer, Transformed>>
  /** How the data sets fared when they were transformed last, and what was unlike their history. */
  watched?: Watched
  /** The last publication, and what it was made from. */
  published?: {
    inputs: string
    version: string
    run: string
    at: string
    tables: number
    rows: number
    bytes: number
  }
}

/** What was built, from which inputs, by which run. */
export interface Transformed extends Built {
  inputs: string
  run: string
  at: string
}

/** The newest landing of a data set that is in bronze, and its balance: read = loaded + unchanged + rejected. */
export interface DatasetState {
  landingId: string
  kind: string
  asOf: string
  loadedAt: string
  rowsRead: number
  rowsLoaded: number
  rowsUnchanged: number
  rowsRejected: number
}

/** A change of a data set's columns, as `bronze.schema_changes` has it. */
export interface RecordedChange extends SchemaChange {
  source: string
  dataset: string
  landingId: string
  asOf: string
  /** What of the dbt project it touches; absent where that is not known, and for a change of order. */
  touched?: Touched
}

const FILE = "ledger.json"

export function readLedger(runsFolder: string): Ledger {
  const ledger = readJsonFile(join(runsFolder, FILE)) as Ledger | undefined
  return ledger?.format === 2 ? ledger : { format: 2, datasets: {} }
}

export function writeLedger(runsFolder: string, ledger: Ledger): void {
  replaceJsonFile(join(runsFolder, FILE), ledger)
}

/**
 * What tells whether a shop's warehouse is as it was left. Of BigQuery only which one it is: to ask for more would be a job in a run
 * in which nothing changed.
 */
export function identityOf(warehouse: WarehouseConfig): string | undefined {
  if (warehouse.type === "duckdb") return warehouseIdentity(warehouse.path)
  return `${warehouse.project} in ${warehouse.location}`
}

/**
 * What tells whether a warehouse file is as it was left; undefined where there is none. What a killed program had
 * committed may stand in the log beside the file alone, the file itself being as before.
 */
export function warehouseIdentity(path: string): string | undefined {
  const file = statSync(path, { throwIfNoEntry: false })
  if (file === undefined) return undefined
  const log = statSync(logOf(path), { throwIfNoEntry: false })
  const unmerged = log === undefined ? "" : `+${log.ino}-${log.size}-${log.mtimeMs}`
  return `${file.ino}-${file.size}-${file.mtimeMs}${unmerged}`
}

/** Whether a log lies beside a warehouse file that nobody has open: a killed program left it. */
export function hasLog(path: string): boolean {
  return existsSync(logOf(path))
}

function logOf(path: string): string {
  return `${path}.wal`
}
