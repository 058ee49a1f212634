import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { quoteIdentifier, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Answer } from "./answer.ts"
import type { PublishedShop } from "./published-shop.ts"
import type { Query } from "./query.ts"

/** An answer as one table: the part of time, the dimensions, then each metric, beside it what it was before. */
export interface FlatAnswer {
  columns: { name: string; type: "date" | "varchar" | "double" }[]
  rows: (string | number | null)[][]
}

export function flatAnswer(answer: Answer, { by, grain, compare }: Query): FlatAnswer {
  const names = answer.metrics.map(({ name }) => name)
  const measured = names.flatMap((name) => (compare === undefined ? [name] : [name, `${name}_before`]))
  return {
    columns: [
      ...(grain === undefined ? [] : [{ name: grain, type: "date" as const }]),
      ...by.map((name) => ({ name, type: "varchar" as const })),
      ...measured.map((name) => ({ name, type: "double" as const })),
    ],
    rows: answer.rows.map((row) => [
      ...(grain === undefined ? [] : [row.time === undefined || row.time === "" ? null : row.time]),
      ...by.map((name) => row.by[name] ?? null),
      ...names.flatMap((name) => {
        const value = row.values[name] ?? null
        return compare === undefined ? [value] : [value, row.previous?.[name] ?? null]
      }),
    ]),
  }
}

/** As CSV (RFC 4180), line by line; the numbers as they are, rates as shares of 1. */
export function csvLines({ columns, rows }: FlatAnswer): string[] {
  return [columns.map(({ name }) => name), ...rows].map((cells) => cells.map(csvCell).join(","))
}

function csvCell(cell: string | number | null): string {
  const text = cell?.toString() ?? ""
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** As a Parquet file. */
export async function parquetOf(
  shop: PublishedShop,
  { columns, rows }: FlatAnswer,
  signal: AbortSignal,
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "cartwright-"))
  try {
    const file = join(folder, "answer.parquet")
    const values = columns.map(
      ({ name, type }, i) => `cast(line ->> ${i} as ${type}) as ${quoteIdentifier(name)}`,
    )
    const lines = `select unnest(cast(${quoteLiteral(JSON.stringify(rows))} as json[])) as line`
    await shop.ask(
      `copy (select ${values.join(", ")} from (${lines})) to ${quoteLiteral(file)} (format parquet)`,
      [],
      signal,
    )
    return await readFile(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
