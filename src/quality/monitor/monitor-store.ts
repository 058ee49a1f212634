import { columnList, type ColumnKind, isoTime, rowsFromJson, tablesIn } from "../../warehouse/dialect.ts"
import type { Session, Warehouse } from "../../warehouse/warehouse.ts"
import { type Anomaly, LANDINGS_READ } from "./anomalies.ts"
import type { Measurement } from "./measures.ts"
import { COUNTS_READ, type RowCount } from "./table-rows.ts"

/** The table that holds what was found; the transformation makes it anew from the measures. */
export const ANOMALIES = "anomalies"

interface MeasurementRow extends Omit<Measurement, "asOf" | "at" | "ofRows"> {
  as_of: string
  extracted_at: string
  of_rows: bigint | number | null
}

/** What was measured of the newest landings of each data set. */
export async function readMeasurements(
  session: Session,
  warehouse: Warehouse,
  schema: string,
): Promise<Measurement[]> {
  const measures = relation(warehouse, schema, "landing_measures")
  const rows = await session.rows<MeasurementRow>(
    `with landings as (
        select landing_id,
          row_number() over (partition by source_name, data_set order by extracted_at desc, landing_id desc) as from_newest
        from ${measures} where measure = 'rows_delivered'
      )
      select measures.landing_id as landing, measures.source_name as source, measures.data_set as dataset, measures.series,
        measures.as_of, measures.extracted_at, measures.measure, measures.subject, measures.value, measures.of_rows
      from ${measures} as measures join landings on landings.landing_id = measures.landing_id
      where landings.from_newest <= ${LANDINGS_READ}`,
  )
  return rows.map(({ as_of, extracted_at, of_rows, ...rest }) => ({
    ...rest,
    asOf: isoTime(as_of),
    at: isoTime(extracted_at),
    ofRows: of_rows === null ? null : Number(of_rows),
  }))
}

const FOUND: Readonly<Record<string, ColumnKind>> = {
  source_name: "string",
  data_set: "string",
  measure: "string",
  subject: "string",
  landing_id: "string",
  as_of: "timestamp",
  value: "number",
  expected: "number",
  low: "number",
  high: "number",
  direction: "string",
  since: "timestamp",
  is_open: "bool",
  message: "string",
}

/** Makes the table anew. Who is killed in between leaves it empty, and the transformation to be done again. */
export async function writeAnomalies(
  session: Session,
  warehouse: Warehouse,
  schema: string,
  anomalies: readonly Anomaly[],
): Promise<void> {
  const table = relation(warehouse, schema, ANOMALIES)
  await session.run(`create or replace table ${table} (${columnList(warehouse, FOUND)})`)
  if (anomalies.length === 0) return
  const rows = anomalies.map(({ source, dataset, landing, asOf, isOpen, ...rest }) => ({
    ...rest,
    source_name: source,
    data_set: dataset,
    landing_id: landing,
    as_of: asOf,
    is_open: isOpen,
  }))
  await session.run(
    `insert into ${table} (${Object.keys(FOUND).join(", ")}) ${rowsFromJson(warehouse, FOUND)}`,
    [JSON.stringify(rows)],
  )
}

/** With what cannot be built again from the landings. */
const TABLE_ROWS = "table_rows"
const COUNTED: Readonly<Record<string, ColumnKind>> = {
  relation: "string",
  counted_at: "timestamp",
  row_count: "bigint",
}

/**
 * Counts the rows of tables, which costs nothing where the engine keeps the number, and notes those that are other than before.
 * @param tables as `dataset.table`; views among them are left out, because counting them means reading what is below
 * @returns the newest counts of each
 */
export async function countRows(
  session: Session,
  warehouse: Warehouse,
  metaDataset: string,
  tables: readonly string[],
  at: Date,
): Promise<RowCount[]> {
  const ledger = relation(warehouse, metaDataset, TABLE_ROWS)
  await session.run(`create table if not exists ${ledger} (${columnList(warehouse, COUNTED)})`)
  const counted = await storedAmong(session, warehouse, tables)
  if (counted.length === 0) return []
  const counts = counted.map(
    (table) =>
      `select '${table}' as relation, count(*) as row_count from ${relation(warehouse, ...table.split("."))}`,
  )
  await session.run(
    `insert into ${ledger} (relation, counted_at, row_count)
      with known as (
        select relation, row_count from ${ledger}
        where true qualify row_number() over (partition by relation order by counted_at desc) = 1
      )
      select counted.relation, cast(? as timestamp), counted.row_count
      from (${counts.join(" union all ")}) as counted left join known on known.relation = counted.relation
      where known.row_count is distinct from counted.row_count`,
    [at.toISOString().replace("T", " ").replace("Z", "")],
  )
  const rows = await session.rows<{ relation: string; counted_at: string; row_count: bigint }>(
    `select relation, counted_at, row_count from ${ledger} where relation in (${counted.map(() => "?").join(", ")})
      qualify row_number() over (partition by relation order by counted_at desc) <= ${COUNTS_READ}`,
    counted,
  )
  return rows.map((row) => ({
    table: row.relation,
    at: isoTime(row.counted_at),
    rows: Number(row.row_count),
  }))
}

/** Those that are tables, and there. */
async function storedAmong(
  session: Session,
  warehouse: Warehouse,
  tables: readonly string[],
): Promise<string[]> {
  const stored: string[] = []
  for (const dataset of new Set(tables.map((table) => table.split(".")[0] as string))) {
    for (const { name, isView } of await tablesIn(session, warehouse, dataset))
      if (!isView) stored.push(`${dataset}.${name}`)
  }
  return tables.filter((table) => stored.includes(table))
}

function relation(warehouse: Warehouse, ...names: string[]): string {
  return [warehouse.catalog, ...names].map((part) => warehouse.quote(part)).join(".")
}
