import type { Workshop } from "../bronze/bronze.fixture.ts"
import type { DatasetDeclaration } from "../connectors/files/declaration.ts"
import { loadLandings } from "./load.ts"

/** A day of March 2026, 1 to 9, as an as-of time. */
export const DAY = (n: number): string => `2026-03-0${n}T00:00:00Z`

/** Loads what landed of a workshop's data set `things`, as it is declared. */
export async function loadThings(shop: Workshop, declared: DatasetDeclaration) {
  const { warehouse, effects } = shop
  const sources = [shop.source({ things: declared })]
  return loadLandings({ lake: await shop.lake(), warehouse, sources, effects })
}

/** Lands `things` as they are in the folder, and loads. */
export async function deliverThings(shop: Workshop, asOf: string, declared: DatasetDeclaration) {
  const landingId = await shop.land("things", declared, asOf)
  const outcomes = await loadThings(shop, declared)
  return { landingId, outcomes, outcome: outcomes.find((each) => each.landingId === landingId) }
}

/** A CSV text with so many records, each column's values made from the record's number. */
export function csv(columns: Record<string, (i: number) => string | number>, records = 20): string {
  const rows = Array.from({ length: records }, (_, i) => Object.values(columns).map((value) => value(i)))
  return [Object.keys(columns), ...rows].map((row) => `${row.join(",")}\n`).join("")
}

/** The columns of the log of `things` that were delivered, in their order. */
export async function deliveredColumns(shop: Workshop) {
  return shop.rows(`select column_name as c from duckdb_columns() where schema_name = 'bronze' and table_name = 'shop__things'
    and column_name not like '\\_%' escape '\\' order by column_index`)
}
