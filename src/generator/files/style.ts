import type { Settings } from "../options.ts"

/** What differs between theLook's extracts from BigQuery and the CSV files on Kaggle. */
export interface Style {
  /** Follows `2026-01-02 03:04:05`. */
  zone: string
  /** Whether the *_geom columns are there. */
  geometry: boolean
  /** SQL: a double as text. */
  money(this: void, sql: string): string
}

export function styleOf(name: Settings["style"]): Style {
  return name === "kaggle"
    ? { zone: "+00:00", geometry: false, money: (sql) => `((${sql})::double::varchar)` }
    : { zone: ".000000 UTC", geometry: true, money: bigQueryDouble }
}

/** BigQuery writes 15 digits where they suffice to read the same double back, else 17. */
function bigQueryDouble(sql: string): string {
  return `(select case when x = trunc(x) then format('{:.1f}', x)
      when format('{:.15g}', x)::double = x then format('{:.15g}', x) else format('{:.17g}', x) end
    from (select (${sql})::double as x))`
}
