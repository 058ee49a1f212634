import { CartwrightError, nearest } from "../../core/errors.ts"
import type { TableName } from "../files/tables.ts"
import type { Settings } from "../options.ts"
import { secondsToTimestamp } from "../sql.ts"

/** How often each kind of defect is planted: a share of the rows that can have it. */
export interface DirtRates {
  /** A time that is none: words, February 30, another order of day and month, zeros. */
  badDate: number
  /** A time decades ahead. */
  futureDate: number
  /** A price below zero. */
  negativePrice: number
  /** A reference to an order, customer or product that does not exist. */
  orphan: number
  /** The same row once more, at the end of the file. */
  exactDuplicate: number
  /** The same key once more with other content, at the end of the file. */
  changedDuplicate: number
  /** CSV: a field too few or too many. */
  wrongFieldCount: number
  /**
   * CSV: a field that opens a quote and never closes it. A reader that does not begin anew at the next line loses
   * the rest of the file.
   */
  unclosedQuote: number
  /** CSV: bytes that are not UTF-8. */
  invalidBytes: number
  /** No value in the key. */
  nullKey: number
  /** A status that the times deny. */
  contradictoryStatus: number
  /** `num_of_item` is not the number of items. */
  wrongItemCount: number
  /** Shipped before it was ordered. */
  shippedBeforeCreated: number
  /** An age below zero or above 200. */
  impossibleAge: number
  /** An e-mail address without an @. */
  badEmail: number
}
export type DirtKind = keyof DirtRates

export const DEFAULT_DIRT: DirtRates = {
  badDate: 0.0004,
  futureDate: 0.0002,
  negativePrice: 0.0005,
  orphan: 0.0006,
  exactDuplicate: 0.001,
  changedDuplicate: 0.0005,
  wrongFieldCount: 0.0003,
  unclosedQuote: 0,
  invalidBytes: 0.0003,
  nullKey: 0.0003,
  contradictoryStatus: 0.001,
  wrongItemCount: 0.001,
  shippedBeforeCreated: 0.001,
  impossibleAge: 0.0005,
  badEmail: 0.0005,
}

/** SQL of a delivered column's value in the row query. */
type Sql = (column: string) => string

/** One way to spoil a row of a table. All SQL is over the table's row query. */
export interface Defect {
  kind: DirtKind
  /** The share of the kind's rate that this way has. */
  part: number
  /** The column whose value is replaced; none where the line as a whole is spoilt or repeated. */
  column?: string
  /** SQL: the new value, in the terms of the column's own SQL. */
  value?: (of: Sql) => string
  /** The new value is a text whatever the column is. */
  asText?: boolean
  /** SQL: whether the row can have this defect. @defaultValue always */
  applies?: (of: Sql) => string
  /** Makes the spoilt line out of the good one (SQL). CSV only. */
  line?: (good: string) => string
  /** The row comes once more, at the end of the file. */
  repeats?: boolean
}

/** Stands for two bytes that are not UTF-8 until the file is written; occurs nowhere else. */
export const PLACEHOLDER = "\u07ff"
export const INVALID_BYTES = Buffer.from([0xc3, 0x28])

const DAY = 86_400
const variant = (count: number) => `1 + dirt_variant % ${count}`

const badDate: Defect = {
  kind: "badDate",
  part: 1,
  column: "created_at",
  asText: true,
  value: (of) => {
    const time = secondsToTimestamp(of("created_at"))
    return `([strftime(${time}, '%d/%m/%Y %H:%M'), 'yesterday', '0000-00-00 00:00:00',
      left(${time}::varchar, 4) || '-02-30 12:00:00'])[${variant(4)}]`
  },
}
const futureDate: Defect = {
  kind: "futureDate",
  part: 1,
  column: "created_at",
  value: (of) => `${of("created_at")} + ${75 * 31_556_952}`,
}
const negativePrice = (column: string): Defect => ({
  kind: "negativePrice",
  part: 1,
  column,
  value: (of) => `'-' || ${of(column)}`,
})
const orphan = (column: string, part: number): Defect => ({
  kind: "orphan",
  part,
  column,
  value: (of) => `${of(column)} + 900000000`,
  applies: (of) => `${of(column)} is not null`,
})
const nullKey = (column: string): Defect => ({
  kind: "nullKey",
  part: 1,
  column,
  value: () => "null::bigint",
})
const exactDuplicate: Defect = { kind: "exactDuplicate", part: 1, repeats: true }
const changedDuplicate = (column: string, value: (old: string) => string): Defect => ({
  kind: "changedDuplicate",
  part: 1,
  column,
  value: (of) => value(of(column)),
  repeats: true,
})
/** No last field of these tables is ever quoted. */
const wrongFieldCount: Defect = {
  kind: "wrongFieldCount",
  part: 1,
  line: (good) =>
    `case dirt_variant % 2 when 0 then regexp_replace(${good}, ',[^,]*$', '') else ${good} || ',1' end`,
}
/** @param at the field, from 0, that opens the quote; no field up to it is ever quoted */
const unclosedQuote = (at: number): Defect => ({
  kind: "unclosedQuote",
  part: 1,
  line: (good) => String.raw`regexp_replace(${good}, '^((?:[^,]*,){${at}})', '\1"')`,
})
const invalidBytes = (column: string): Defect => ({
  kind: "invalidBytes",
  part: 1,
  column,
  value: (of) => `left(${of(column)}, 2) || '${PLACEHOLDER}' || substr(${of(column)}, 3)`,
  applies: (of) => `${of(column)} is not null`,
})
const contradictoryStatus: Defect = {
  kind: "contradictoryStatus",
  part: 1,
  column: "status",
  value: (of) =>
    `case when ${of("delivered_at")} is not null then 'Processing' when ${of("shipped_at")} is not null then 'Cancelled' else 'Complete' end`,
}
const shippedBeforeCreated: Defect = {
  kind: "shippedBeforeCreated",
  part: 1,
  column: "shipped_at",
  value: (of) => `${of("created_at")} - 3600 - dirt_variant % ${2 * DAY}`,
  applies: (of) => `${of("shipped_at")} is not null`,
}
const half = (price: string) => `((${price})::double / 2)::varchar`

const DEFECTS: Partial<Record<TableName, readonly Defect[]>> = {
  products: [
    negativePrice("retail_price"),
    exactDuplicate,
    changedDuplicate("retail_price", half),
    wrongFieldCount,
    invalidBytes("name"),
    nullKey("id"),
  ],
  users: [
    badDate,
    futureDate,
    exactDuplicate,
    changedDuplicate("email", (email) => `'new.' || ${email}`),
    wrongFieldCount,
    unclosedQuote(7),
    invalidBytes("last_name"),
    nullKey("id"),
    {
      kind: "impossibleAge",
      part: 1,
      column: "age",
      value: (of) => `([-1, 0 - ${of("age")}, 200 + ${of("age")}, 999])[${variant(4)}]`,
    },
    { kind: "badEmail", part: 1, column: "email", value: (of) => `replace(${of("email")}, '@', ' at ')` },
  ],
  orders: [
    badDate,
    futureDate,
    orphan("user_id", 1),
    exactDuplicate,
    changedDuplicate(
      "status",
      (status) => `case ${status} when 'Cancelled' then 'Complete' else 'Cancelled' end`,
    ),
    wrongFieldCount,
    unclosedQuote(2),
    nullKey("order_id"),
    contradictoryStatus,
    {
      kind: "wrongItemCount",
      part: 1,
      column: "num_of_item",
      value: (of) => `${of("num_of_item")} + ${variant(3)}`,
    },
    shippedBeforeCreated,
  ],
  order_items: [
    badDate,
    futureDate,
    negativePrice("sale_price"),
    orphan("order_id", 1 / 3),
    orphan("user_id", 1 / 3),
    orphan("product_id", 1 / 3),
    exactDuplicate,
    changedDuplicate("sale_price", half),
    wrongFieldCount,
    unclosedQuote(5),
    nullKey("id"),
    contradictoryStatus,
    shippedBeforeCreated,
  ],
  events: [
    badDate,
    futureDate,
    orphan("user_id", 1),
    exactDuplicate,
    changedDuplicate("browser", (browser) => `case ${browser} when 'Chrome' then 'Other' else 'Chrome' end`),
    wrongFieldCount,
    unclosedQuote(11),
    nullKey("id"),
  ],
}

/** The ways to spoil rows of a table that a format can hold, with their rates. */
export function defectsOf(
  table: TableName,
  rates: DirtRates,
  format: Settings["format"],
): { defect: Defect; rate: number }[] {
  const csv = format === "csv" || format === "csv.gz"
  return (DEFECTS[table] ?? [])
    .filter((defect) => csv || (defect.line === undefined && defect.kind !== "invalidBytes"))
    .filter((defect) => format !== "parquet" || !defect.asText)
    .map((defect) => ({ defect, rate: rates[defect.kind] * defect.part }))
    .filter(({ rate }) => rate > 0)
}

/** @throws CartwrightError `usage` for a kind that does not exist or a rate that is none */
export function checkedRates(dirt: boolean | Partial<DirtRates> | undefined): DirtRates | undefined {
  if (!dirt) return undefined
  if (dirt === true) return DEFAULT_DIRT
  const rates: DirtRates = { ...NO_DIRT }
  for (const [kind, rate] of Object.entries(dirt) as [DirtKind, number | undefined][]) {
    if (!(kind in DEFAULT_DIRT)) {
      const near = nearest(kind, KINDS)
      throw new CartwrightError("usage", `there is no defect called ${kind}`, {
        choices: KINDS,
        next: near ? `Did you mean ${near}?` : "Choose one of the kinds.",
        state: "Nothing was written.",
      })
    }
    if (rate === undefined) continue
    if (!(rate >= 0 && rate <= MAX_RATE)) {
      throw new CartwrightError("usage", `the rate of ${kind} is ${String(rate)}`, {
        next: `Give a share of the rows from 0 to ${MAX_RATE}.`,
        state: "Nothing was written.",
      })
    }
    rates[kind] = rate
  }
  return rates
}

const MAX_RATE = 0.05
const KINDS = Object.keys(DEFAULT_DIRT) as DirtKind[]
const NO_DIRT = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as unknown as DirtRates
