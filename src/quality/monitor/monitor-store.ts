import type { Session, Warehouse } from "../../warehouse/warehouse.ts"
import { type Anomaly, LANDINGS_READ } from "./anomalies.ts"
import type { Measurement } from "./measures.ts"

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

function relation(warehouse: Warehouse, schema: string, name: string): string {
  return [warehouse.catalog, schema, name].map((part) => warehouse.quote(part)).join(".")
}
