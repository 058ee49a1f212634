import { open } from "node:fs/promises"
import { quoteLiteral } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import type { Column } from "../files/columns.ts"
import type { TableShape } from "../files/tables.ts"
import type { Settings } from "../options.ts"
import type { Randomness } from "../random.ts"
import { type Defect, defectsOf, type DirtRates, INVALID_BYTES, PLACEHOLDER } from "./kinds.ts"

/** The record of what was planted, over all files. */
export const DIRT_TABLE = `create or replace table dirt (kind varchar, "table" varchar, file varchar, line bigint, "row" bigint,
  key varchar, "column" varchar, original varchar, planted varchar, copy_of bigint)`

/** What is needed to plant defects in one file. */
export interface Planting {
  shape: TableShape
  /** As the record names the file. */
  file: string
  rates: DirtRates
  format: Settings["format"]
  random: Randomness
  /** SQL of a column's value as text, for the record and as a CSV field. */
  text: (column: Column) => string
  /** SQL of a whole row in the file's terms: a line, or a struct of its values. */
  payload: (columns: readonly Column[]) => string
}

/** A defect with the draws that bring it: [from, upto) of 2^32. */
interface Chance {
  defect: Defect
  from: number
  upto: number
}

/**
 * Chooses rows of a file and records what is wrong with them. Afterwards `planted` holds the rows that follow once more at
 * the end of the file (`again`), in order of `at_row`; the others are spoilt as they are written, by {@link spoilt}.
 * @returns how many defects there are
 */
export async function plant(session: Session, planting: Planting): Promise<number> {
  const { shape, format, file } = planting
  const all = chances(planting)
  const range = all.at(-1)?.upto ?? 0
  if (range === 0) return 0
  await session.run(
    `create or replace table hits as select file_row as dirt_row, key as dirt_key, entity from (${shape.keys})
      where ${draw(planting)} < ${range}`,
  )
  await session.run(
    `create or replace table dirty as select r.*, dirt_row
      from hits join (${drawn(planting, shape.rows("select entity from hits"))}) r on r.key = hits.dirt_key`,
  )
  const parts = all.map((chance) => recorded(planting, chance))
  await session.run(
    `create or replace table planted as
      select *, case when again then ${shape.size ?? `(select count(*) from (${shape.keys}))`} + row_number() over (partition by again order by file_row)
          else file_row end as at_row
      from (${parts.join(" union all ")}) order by at_row`,
  )
  const line = format === "parquet" ? "null" : format === "ndjson" ? "at_row" : "at_row + 1"
  const shown = `replace(value, '${PLACEHOLDER}', '${INVALID_SHOWN}')`
  return session.run(
    `insert into dirt select kind, '${shape.name}', ${quoteLiteral(file)}, ${line}, at_row, named_key, column_name, original, ${shown},
      case when again then file_row end from planted order by at_row`,
  )
}

/** SQL: a row query with the draws that decide on defects, `dirt_draw` and `dirt_variant`. */
export function drawn(planting: Planting, rows: string): string {
  return `select *, ${draw(planting)} as dirt_draw, (${hash(planting)} >> 40)::bigint as dirt_variant from (${rows})`
}

/**
 * SQL: a value of a row, good or spoilt.
 * @param good the value when nothing is wrong; @param bad the value that a defect gives it, undefined where it gives none
 */
export function spoilt(
  planting: Planting,
  good: string,
  bad: (defect: Defect) => string | undefined,
): string {
  const all = chances(planting)
  const arms = all.flatMap(({ defect, from, upto }) => {
    const value = defect.repeats ? undefined : bad(defect)
    if (value === undefined) return []
    return [
      `when dirt_draw >= ${from} and dirt_draw < ${upto} and (${condition(planting.shape, defect)}) then ${value}`,
    ]
  })
  if (arms.length === 0) return good
  return `(case when dirt_draw >= ${all.at(-1)?.upto ?? 0} then ${good} ${arms.join(" ")} else ${good} end)`
}

/** The columns of a row with a defect. */
export function spoiltColumns({ columns }: TableShape, defect: Defect): Column[] {
  return columns.map((column) =>
    column.name !== defect.column
      ? column
      : {
          name: column.name,
          kind: defect.asText ? "text" : column.kind,
          sql: `(${defect.value?.(sqlOf(columns)) ?? column.sql})`,
          nullable: column.nullable || defect.kind === "nullKey",
        },
  )
}

function condition({ columns }: TableShape, defect: Defect): string {
  return defect.applies?.(sqlOf(columns)) ?? "true"
}

function sqlOf(columns: readonly Column[]): (name: string) => string {
  return (name) => `(${columns.find((column) => column.name === name)?.sql ?? name})`
}

function chances({ shape, rates, format }: Planting): Chance[] {
  let from = 0
  return defectsOf(shape.name, rates, format).map(({ defect, rate }) => {
    const chance = { defect, from, upto: from + Math.round(rate * 2 ** 32) }
    from = chance.upto
    return chance
  })
}

/** By key, not by row: what is wrong in a source stays wrong in its next snapshot. */
function hash({ shape, random }: Planting): string {
  return random.hash(`dirt in ${shape.name}`, "key")
}

function draw(planting: Planting): string {
  return `(${hash(planting)} & 4294967295)::bigint`
}

function recorded(planting: Planting, { defect, from, upto }: Chance): string {
  const { shape, text, payload } = planting
  const columns = spoiltColumns(shape, defect)
  const at = shape.columns.findIndex((column) => column.name === defect.column)
  const [before, after, key] = [shape.columns[at], columns[at], shape.columns[0] as Column]
  const whole = defect.line ? defect.line(payload(shape.columns)) : payload(columns)
  const original = before ? text(before) : defect.line ? payload(shape.columns) : "null::varchar"
  const value = after ? text(after) : defect.line ? whole : "null::varchar"
  return `select key, dirt_row as file_row, ${String(defect.repeats === true)} as again, '${defect.kind}' as kind,
      ${text(key)} as named_key, ${before ? quoteLiteral(before.name) : "null"} as column_name,
      ${original} as original, ${value} as value, ${whole} as payload
    from dirty where dirt_draw >= ${from} and dirt_draw < ${upto} and (${condition(shape, defect)})`
}

/** How the record, which must be UTF-8, shows the invalid bytes. */
const INVALID_SHOWN = `\\x${INVALID_BYTES.toString("hex").slice(0, 2)}\\x${INVALID_BYTES.toString("hex").slice(2)}`

/** Puts the invalid bytes where the written file has their placeholder; both are two bytes. */
export async function spoilBytes(path: string): Promise<void> {
  const placeholder = Buffer.from(PLACEHOLDER)
  const file = await open(path, "r+")
  try {
    const buffer = Buffer.alloc(1 << 20)
    let start = 0
    while (true) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start)
      const chunk = buffer.subarray(0, bytesRead)
      for (let at = chunk.indexOf(placeholder); at !== -1; at = chunk.indexOf(placeholder, at + 2)) {
        await file.write(INVALID_BYTES, 0, INVALID_BYTES.length, start + at)
      }
      if (bytesRead < buffer.length) return
      start += bytesRead - 1
    }
  } finally {
    await file.close()
  }
}
