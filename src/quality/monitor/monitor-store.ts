import type { Session, Warehouse } from "../../warehouse/warehouse.ts"
import { type Anomaly, LANDINGS_READ } from "./anomalies.ts"
import type { Measurement } from "./measures.ts"
import { COUNTS_READ, type RowCount } from "./table-rows.ts"

/** The table that holds what was found; the transformation makes it anew from the measures. */
export const ANOMALIES = "anomalies"

/** What was measured of the newest landings of each data set. */
export async function readMeasurements(
  session: Session,
  warehouse: Warehouse,
  schema: string,
): Promise<Measurement[]> {
  return session.rows<Measurement>(
    `with landings as (
        select source_name, data_set, landing_id,
          row_number() over (partition by source_name, data_set order by extracted_at desc, landing_id desc) as from_newest
        from ${relation(warehouse, schema, "landing_measures")} where measure = 'rows_delivered'
      )
      select measures.landing_id as landing, measures.source_name as source, measures.data_set as dataset, measures.series,
        strftime(measures.as_of, '%Y-%m-%dT%H:%M:%S.%gZ') as "asOf", strftime(measures.extracted_at, '%Y-%m-%dT%H:%M:%S.%gZ') as "at",
        measures.measure, measures.subject, measures.value, measures.of_rows::double as "ofRows"
      from ${relation(warehouse, schema, "landing_measures")} measures join landings using (landing_id)
      where landings.from_newest <= ${LANDINGS_READ}`,
  )
}

/** Makes the table anew. */
export async function writeAnomalies(
  session: Session,
  warehouse: Warehouse,
  schema: string,
  anomalies: readonly Anomaly[],
): Promise<void> {
  await session.transaction(async () => {
    const table = relation(warehouse, schema, ANOMALIES)
    await session.run(`create or replace table ${table} (
      source_name varchar, data_set varchar, measure varchar, subject varchar, landing_id varchar, as_of timestamp, value double,
      expected double, low double, high double, direction varchar, since timestamp, is_open boolean, message varchar)`)
    await session.run(
      `insert into ${table}
        select found.source, found.dataset, found.measure, found.subject, found.landing, found."asOf", found.value, found.expected,
          found.low, found.high, found.direction, found.since, found."isOpen", found.message
        from (select unnest(from_json(?, '[${JSON.stringify(SHAPE)}]')) as found)`,
      [JSON.stringify(anomalies)],
    )
  })
}

/** Where the numbers of rows are kept: with what cannot be built again from the landings (var `meta_schema`). */
const META_SCHEMA = "meta"
const TABLE_ROWS = "table_rows"

/**
 * Counts the rows of tables, which costs nothing where the engine keeps the number, and notes those that are other than before.
 * @param tables as `dataset.table`; views among them are left out, because counting them means reading what is below
 * @returns the newest counts of each
 */
export async function countRows(
  session: Session,
  warehouse: Warehouse,
  tables: readonly string[],
  at: Date,
): Promise<RowCount[]> {
  const ledger = relation(warehouse, META_SCHEMA, TABLE_ROWS)
  await session.run(`create schema if not exists ${relation(warehouse, META_SCHEMA)}`)
  await session.run(
    `create table if not exists ${ledger} (relation varchar, counted_at timestamp, row_count bigint)`,
  )
  const stored = await session.rows<{ schema: string; name: string }>(
    "select table_schema as schema, table_name as name from information_schema.tables where table_catalog = ? and table_type = 'BASE TABLE'",
    [warehouse.catalog],
  )
  const counted = stored.filter(({ schema, name }) => tables.includes(`${schema}.${name}`))
  if (counted.length === 0) return []
  const counts = counted.map(
    ({ schema, name }) =>
      `select '${schema}.${name}' as relation, count(*) as row_count from ${relation(warehouse, schema, name)}`,
  )
  await session.run(
    `insert into ${ledger} select counted.relation, ?::timestamp, counted.row_count
      from (${counts.join(" union all ")}) as counted
      left join (select relation, arg_max(row_count, counted_at) as row_count from ${ledger} group by relation) as known
        on known.relation = counted.relation
      where known.row_count is distinct from counted.row_count`,
    [at.toISOString().replace("T", " ").replace("Z", "")],
  )
  return session.rows<RowCount>(
    `select relation as "table", strftime(counted_at, '%Y-%m-%dT%H:%M:%S.%gZ') as "at", row_count::double as rows from ${ledger}
      where list_contains(?::varchar[], relation)
      qualify row_number() over (partition by relation order by counted_at desc) <= ${COUNTS_READ}`,
    [JSON.stringify(counted.map(({ schema, name }) => `${schema}.${name}`))],
  )
}

const SHAPE = {
  source: "varchar",
  dataset: "varchar",
  measure: "varchar",
  subject: "varchar",
  landing: "varchar",
  asOf: "timestamp",
  value: "double",
  expected: "double",
  low: "double",
  high: "double",
  direction: "varchar",
  since: "timestamp",
  isOpen: "boolean",
  message: "varchar",
}

function relation(warehouse: Warehouse, ...names: string[]): string {
  return [warehouse.catalog, ...names].map((part) => warehouse.quote(part)).join(".")
}
