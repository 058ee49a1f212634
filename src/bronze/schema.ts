import { RESERVED_COLUMNS } from "../core/csv.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"

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

/** Creates bronze's own tables where they are not yet. */
export async function createBronze(session: Session, names: BronzeNames): Promise<void> {
  const schema = names.table("x").replace(/\."x"$/, "")
  await session.run(`create schema if not exists ${schema}`)
  await session.run(`create table if not exists ${names.landings} (
    landing_id varchar not null, source varchar not null, dataset varchar not null, kind varchar not null,
    as_of timestamp not null, extracted_at timestamp not null, files varchar not null,
    rows_read bigint not null, rows_loaded bigint not null, rows_unchanged bigint not null, rows_rejected bigint not null,
    first_seq bigint not null, last_seq bigint not null, loaded_at timestamp not null)`)
  await session.run(`create table if not exists ${names.rejectedLines} (
    landing_id varchar not null, source varchar not null, dataset varchar not null, file varchar not null,
    line bigint, row_number bigint not null, raw_text varchar, reason varchar not null,
    seq bigint not null, loaded_at timestamp not null)`)
  await session.run(`create table if not exists ${names.datasets} (
    source varchar not null, dataset varchar not null, reading varchar not null, engine varchar not null,
    seq_floor bigint not null)`)
  await session.run(`create table if not exists ${names.landingColumns} (
    landing_id varchar not null, source varchar not null, dataset varchar not null, position integer not null,
    column_name varchar not null, physical_type varchar, sampled_values integer not null, integers integer not null,
    numbers integer not null, booleans integer not null, dates integer not null, timestamps integer not null,
    other_dates integer not null, is_taken boolean not null)`)
  await session.run(`create table if not exists ${names.schemaChanges} (
    landing_id varchar not null, source varchar not null, dataset varchar not null, change varchar not null,
    column_name varchar, detail varchar not null, related_column varchar, predecessor_id varchar not null,
    as_of timestamp not null)`)
  await session.run(`create table if not exists ${names.heldLandings} (
    landing_id varchar not null, source varchar not null, dataset varchar not null, reason varchar not null,
    detail varchar not null, missing_keys bigint, predecessor_keys bigint, as_of timestamp not null,
    held_since timestamp not null, accepted_at timestamp, superseded_by varchar)`)
}

/** The delivered columns of a log, in order; undefined where there is no such log. */
export async function logColumns(
  session: Session,
  warehouse: Warehouse,
  schema: string,
  table: string,
): Promise<string[] | undefined> {
  const rows = await session.rows(
    `select column_name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ?
     order by column_index`,
    [warehouse.catalog, schema, table],
  )
  if (rows.length === 0) return undefined
  const reserved = new Set<string>(RESERVED_COLUMNS)
  return rows.map((row) => row["column_name"] as string).filter((name) => !reserved.has(name))
}
