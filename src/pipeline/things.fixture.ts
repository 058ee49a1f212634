import { workshop } from "../bronze/bronze.fixture.ts"
import type { DatasetDeclaration } from "../connectors/files/declaration.ts"
import { loadLandings, type LoadOptions } from "./load.ts"

/** A day of March 2026, 1 to 9, as an as-of time. */
export const DAY = (n: number): string => `2026-03-0${n}T00:00:00Z`

export type Things = Awaited<ReturnType<typeof thingsWorkshop>>

/** A workshop with one data set, `things`, whose deliveries are loaded. */
export async function thingsWorkshop() {
  const shop = await workshop()
  const load = async (declared: DatasetDeclaration, deleteGuard?: LoadOptions["deleteGuard"]) => {
    const { warehouse, effects } = shop
    const sources = [shop.source({ things: declared })]
    return loadLandings({ lake: await shop.lake(), warehouse, sources, effects, deleteGuard })
  }
  return {
    ...shop,
    /** Loads what has landed. */
    load,
    /** Lands what is in the folder, and loads. */
    async landAndLoad(declared: DatasetDeclaration, asOf: string) {
      await shop.land("things", declared, asOf)
      return load(declared)
    },
    /** Lands a file as the state of a day, and loads. */
    async deliver(day: number, content: string | Uint8Array, declared: DatasetDeclaration) {
      shop.write(declared.files, content)
      const landingId = await shop.land("things", declared, DAY(day))
      const outcomes = await load(declared)
      return { landingId, outcome: outcomes.find((each) => each.landingId === landingId) }
    },
    /** The rows of the log. */
    log: (columns: string, order = "_seq") =>
      shop.rows(`select ${columns} from bronze.shop__things order by ${order}`),
    /** What changed of the columns, in the order of the deliveries. */
    schemaChanges: (columns = "change, column_name as c, related_column as r") =>
      shop.rows(`select ${columns} from bronze.schema_changes order by as_of, change, column_name`),
    /** The delivered columns of the log, in their order. */
    deliveredColumns: () =>
      shop.rows(`select column_name as c from duckdb_columns() where schema_name = 'bronze' and table_name = 'shop__things'
        and column_name not like '\\_%' escape '\\' order by column_index`),
  }
}

/** The things' declaration, with the key `id`. */
export const KEYED = { files: "things.csv", key: ["id"] }

/** The column of that key: the record's number. */
export const id = (i: number): number => i

/** A CSV text with so many records, each column's values made from the record's number. */
export function csv(columns: Record<string, (i: number) => string | number>, records = 20): string {
  const rows = Array.from({ length: records }, (_, i) => Object.values(columns).map((value) => value(i)))
  return [Object.keys(columns), ...rows].map((row) => `${row.join(",")}\n`).join("")
}
