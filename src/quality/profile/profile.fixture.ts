import { silentEffects } from "../../core/effects.ts"
import { openDuckDb, quoteIdentifier, quoteLiteral } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import { type CandidateTable, profileTables } from "./profile.ts"
import type { ColumnProfile, ProfileReport, TableProfile } from "./report.ts"

/** A table by hand: its columns, each with its values from the first row on; null is no value. */
export type HandMade = Record<string, readonly (string | number | null)[]>

export const NOW = new Date("2026-06-15T12:00:00Z")

/** Profiles tables made by hand, at {@link NOW}. */
export async function profileOf(tables: Record<string, HandMade>): Promise<ProfileReport> {
  const warehouse = await openDuckDb({ path: ":memory:", threads: 2 })
  try {
    const session = await warehouse.session()
    const candidates: CandidateTable[] = []
    for (const [i, [name, made]] of Object.entries(tables).entries()) {
      const columns = Object.keys(made)
      const rows = made[columns[0] ?? ""]?.length ?? 0
      const types = columns.map((column) => `${quoteIdentifier(column)} varchar`).join(", ")
      await session.run(`create table handmade_${i} (${types})`)
      const texts = Array.from({ length: rows }, (_, row) => {
        const values = columns.map((column) => {
          const value = made[column]?.[row] ?? null
          return value === null ? "null" : quoteLiteral(String(value))
        })
        return `(${values.join(", ")})`
      })
      if (rows > 0) await session.run(`insert into handmade_${i} values ${texts.join(", ")}`)
      candidates.push({
        name,
        table: `handmade_${i}`,
        columns,
        rows,
        rejected: { rows: 0, reasons: [] },
        origin: ORIGIN,
      })
    }
    return await profileTables(
      session,
      candidates,
      { subject: "hand-made", unusable: [] },
      silentEffects({ now: () => NOW }),
    )
  } finally {
    await warehouse.close()
  }
}

/** The profile of a single table made by hand. */
export async function tableOf(made: HandMade, name = "things"): Promise<TableProfile> {
  const { tables } = await profileOf({ [name]: made })
  return tables[0] as TableProfile
}

/** The profile of a single column made by hand. */
export async function columnOf(
  name: string,
  values: readonly (string | number | null)[],
): Promise<ColumnProfile> {
  const { columns } = await tableOf({ [name]: values })
  return columns[0] as ColumnProfile
}

export const numbers = (upTo: number, make: (n: number) => string | number | null = (n) => n) =>
  Array.from({ length: upTo }, (_, i) => make(i + 1))

const ORIGIN: CandidateTable["origin"] = {
  files: "things.csv",
  fileCount: 1,
  bytes: 1000,
  format: "csv",
  compression: "none",
  encoding: "utf-8",
  delimiter: ",",
  deliveries: { found: 1, read: "all" },
  partial: false,
}
