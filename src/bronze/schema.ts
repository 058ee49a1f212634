import { RESERVED_COLUMNS } from "../core/csv.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"
import type { LoadContext } from "./load-context.ts"

/** Names of bronze's tables in one warehouse, quoted and qualified. */
export interface BronzeNames {
  schema: string
  landings: string
  rejectedLines: string
  datasets: string
  landingColumns: string
  schemaChanges: string
  heldLandings: string
  /** The change log of a data set. */
  log(source: string, dataset: string): string
  /** A name in bronze's schema. */
  table(name: string): string
}

export function bronzeNames(warehouse: Warehouse, schema: string): BronzeNames {
  const qualified = `${warehouse.quote(warehouse.catalog)}.${warehouse.quote(schema)}`
  const table = (name: string) => `${qualified}.${warehouse.quote(name)}`
  return {
    schema,
    landings: table("landings"),
    rejectedLines: table("rejected_lines"),
    datasets: table("datasets"),
    landingColumns: table("landing_columns"),
    schemaChanges: table("schema_changes"),
    heldLandings: table("held_landings"),
    log: (source, dataset) => table(logTable(source, dataset)),
    table,
  }
}

export function logTable(source: string, dataset: string): string {
  return `${source}__${dataset}`
}

/** Creates bronze's dataset and own tables where they are not yet. */
export async function createBronze(
  warehouse: Warehouse,
  session: Session,
  names: BronzeNames,
): Promise<void> {
  await warehouse.ensureDataset(names.schema)
  await session.run(`create table if not exists ${names.landings} (
    landing_id string not null, source string not null, dataset string not null, kind string not null,
    as_of timestamp not null, extracted_at timestamp not null, files string not null,
    rows_read bigint not null, rows_loaded bigint not null, rows_unchanged bigint not null, rows_rejected bigint not null,
    first_seq bigint not null, last_seq bigint not null, loaded_at timestamp not null);
  create table if not exists ${names.rejectedLines} (
    landing_id string not null, source string not null, dataset string not null, file string not null,
    line bigint, row_number bigint not null, raw_text string, reason string not null,
    seq bigint not null, loaded_at timestamp not null);
  create table if not exists ${names.datasets} (
    source string not null, dataset string not null, reading string not null, engine string not null,
    seq_floor bigint not null);
  create table if not exists ${names.landingColumns} (
    landing_id string not null, source string not null, dataset string not null, position integer not null,
    column_name string not null, physical_type string, sampled_values integer not null, integers integer not null,
    numbers integer not null, booleans integer not null, dates integer not null, timestamps integer not null,
    other_dates integer not null, is_taken boolean not null);
  create table if not exists ${names.schemaChanges} (
    landing_id string not null, source string not null, dataset string not null, change string not null,
    column_name string, detail string not null, related_column string, predecessor_id string not null,
    as_of timestamp not null);
  create table if not exists ${names.heldLandings} (
    landing_id string not null, source string not null, dataset string not null, reason string not null,
    detail string not null, missing_keys bigint, predecessor_keys bigint, as_of timestamp not null,
    held_since timestamp not null, accepted_at timestamp, superseded_by string)`)
}

/** The delivered columns of a log, in order; undefined where there is no such log. */
export async function logColumns(
  session: Session,
  schema: string,
  table: string,
): Promise<string[] | undefined> {
  const stored = await session.columns(schema, table)
  return stored === undefined ? undefined : deliveredColumns(stored)
}

/** A log's columns without bronze's own. */
export function deliveredColumns(columns: readonly string[]): string[] {
  const reserved = new Set<string>(RESERVED_COLUMNS)
  return columns.filter((name) => !reserved.has(name))
}

/**
 * Makes a log for a data set whose records are brought to the warehouse: parts by the day of extraction, in the order of arrival.
 * The parts of one that full snapshots are compared with never go: what they hold would be missing, and come back as new.
 */
export async function createLog(
  { session, warehouse, kind, expiryDays }: LoadContext,
  log: string,
  delivered: readonly string[],
): Promise<void> {
  const columns = delivered.map((name) => `${warehouse.quote(name)} string`)
  const expires = expiryDays !== undefined && kind === "incremental"
  const expiry = expires ? ` options (partition_expiration_days = ${expiryDays})` : ""
  await session.run(`create table ${log} (${[...columns, RESERVED].join(", ")})
    partition by timestamp_trunc(_extracted_at, day) cluster by _seq${expiry}`)
}

const RESERVED = `_landing_id string not null, _row_number bigint not null, _row_hash bigint not null, _op string not null,
    _seq bigint not null, _extracted_at timestamp not null, _as_of timestamp not null, _loaded_at timestamp not null`

/** Adds columns of text to a log. */
export async function addColumns(
  { session, warehouse }: LoadContext,
  log: string,
  names: readonly string[],
): Promise<void> {
  const added = names.map((name) => `alter table ${log} add column ${warehouse.quote(name)} string`)
  if (added.length > 0) await session.run(added.join(";\n"))
}
