import type { BigQueryWarehouse } from "../../../src/warehouse/bigquery/bigquery-warehouse.ts"
import { openDuckDb } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"
import type { Warehouse, WarehouseValue } from "../../../src/warehouse/warehouse.ts"
import { rowDifferences } from "../../invariants/lib/tables.ts"

/** What the relations above bronze hold, by `dataset.name`: one line a row, alike on every engine. */
export type Tables = Map<string, { columns: string[]; rows: string[] }>

/**
 * Stamps of the run that wrote a row, and the line of the file, which the program looks up after dbt; all else is the same
 * after the same landings.
 */
const OPERATIONAL = new Set(["_cut", "_closed_at", "source_line"])

export async function tablesOnDuckDb(path: string, datasets: readonly string[]): Promise<Tables> {
  // Opened under its own name: views hold it.
  const warehouse = await openDuckDb({ path, readOnly: true, threads: 1 })
  try {
    return await tablesOf(warehouse, datasets, "information_schema.columns")
  } finally {
    await warehouse.close()
  }
}

export async function tablesOnBigQuery(
  warehouse: BigQueryWarehouse,
  datasets: readonly string[],
): Promise<Tables> {
  const found = await Promise.all(
    datasets.map((dataset) => tablesOf(warehouse, [dataset], `${dataset}.INFORMATION_SCHEMA.COLUMNS`)),
  )
  return new Map(found.flatMap((tables) => [...tables]))
}

async function tablesOf(warehouse: Warehouse, datasets: readonly string[], catalog: string): Promise<Tables> {
  const session = await warehouse.session()
  const found = await session.rows<{ dataset: string; name: string; field: string }>(
    `select table_schema as dataset, table_name as name, column_name as field from ${catalog}
     where table_catalog = '${warehouse.catalog}' and table_schema in ('${datasets.join("', '")}') order by ordinal_position`,
  )
  const columns = new Map<string, string[]>()
  for (const { dataset, name, field } of found) {
    const relation = `${dataset}.${name}`
    if (!OPERATIONAL.has(field)) columns.set(relation, [...(columns.get(relation) ?? []), field])
  }
  const tables = new Map<string, { columns: string[]; rows: string[] }>()
  for (const [relation, names] of columns) {
    const { rows, types } = await session.result(
      `select ${names.map((name) => warehouse.quote(name)).join(", ")} from ${relation}`,
    )
    const lines = rows.map((row) => row.map((value, i) => textOf(value, types[i] ?? "")).join(" | "))
    tables.set(relation, { columns: names, rows: lines })
  }
  return tables
}

/** A value as both engines' values can be written: a decimal without the zeros at its end. */
function textOf(value: WarehouseValue, type: string): string {
  if (typeof value === "string" && /^(DECIMAL|NUMERIC)/.test(type))
    return value
      .replace(/^0E-\d+$/, "0")
      .replace(/([.]\d*?)0+$/, "$1")
      .replace(/[.]$/, "")
  return value === null ? "∅" : typeof value === "object" ? JSON.stringify(value) : String(value)
}

/** In what two sets of tables differ, with some rows of each. */
export function unequalTables(sides: Record<string, Tables>): string[] {
  const [labels, [left, right]] = [Object.keys(sides), Object.values(sides)] as [
    [string, string],
    [Tables, Tables],
  ]
  return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((name) => {
    const [one, other] = [left.get(name), right.get(name)]
    if (one !== undefined && other !== undefined && one.columns.join() !== other.columns.join())
      return [`${name}: ${one.columns.join()} / ${other.columns.join()}`]
    const differences = rowDifferences(one?.rows, other?.rows, labels)
    return differences.length === 0
      ? []
      : [[`${name} (${one?.columns.join(" | ")}):`, ...differences].join("\n")]
  })
}
