import { secondsToTimestamp } from "../sql.ts"

/** How a column's value is written. Money and coordinates are text already, with all the digits the original has. */
export type ColumnKind = "integer" | "text" | "quoted" | "money" | "coordinate" | "time"

export interface Column {
  name: string
  kind: ColumnKind
  /** SQL over the row query; a time is an epoch second. */
  sql: string
  nullable: boolean
}

export const column = (name: string, kind: ColumnKind, sql = name): Column => ({
  name,
  kind,
  sql,
  nullable: false,
})
export const nullable = (name: string, kind: ColumnKind, sql = name): Column => ({
  name,
  kind,
  sql,
  nullable: true,
})

/** SQL of a column's value as it stands in a CSV file, never null. */
export function csvText(column: Column, zone: string): string {
  const text = plainText(column, zone)
  return column.nullable ? `coalesce(${text}, '')` : text
}

function plainText({ kind, sql }: Column, zone: string): string {
  const quoted = `case when contains(${sql}, ',') or contains(${sql}, '"') then '"' || replace(${sql}, '"', '""') || '"' else ${sql} end`
  const texts: Record<ColumnKind, string> = {
    integer: `(${sql})::varchar`,
    time: `(${secondsToTimestamp(sql)}::varchar || '${zone}')`,
    quoted: `(${quoted})`,
    text: `(${sql})`,
    money: `(${sql})`,
    coordinate: `(${sql})`,
  }
  return texts[kind]
}

/** SQL of a column's value in a typed file. */
export function typedValue({ kind, sql }: Column): string {
  const values: Record<ColumnKind, string> = {
    integer: `(${sql})::bigint`,
    time: secondsToTimestamp(sql),
    quoted: `(${sql})`,
    text: `(${sql})`,
    money: `(${sql})::double`,
    coordinate: `(${sql})::double`,
  }
  return values[kind]
}
