import type { QueryReply } from "../src/server/api.ts"

export type Format = QueryReply["metrics"][number]["format"]

/** The reader's; where nobody reads, in tests, that of the machine. */
const locale = typeof navigator === "undefined" ? undefined : navigator.language

const DIGITS = { count: 0, money: 2, hours: 1, decimal: 2 }

/**
 * A number as its metric wants it, in the reader's locale.
 * @param as `short` for axes; `large` where cents are too much, by default from a thousand
 */
export function shown(
  value: number | null | undefined,
  format: Format,
  currency: string | undefined,
  as: { short?: boolean; large?: boolean } = {},
): string {
  if (value === null || value === undefined) return "–"
  const { short = false, large = Math.abs(value) >= 1000 } = as
  if (format === "percent")
    return value.toLocaleString(locale, {
      style: "percent",
      minimumFractionDigits: short ? 0 : 1,
      maximumFractionDigits: 1,
    })
  const money =
    format === "money" && currency !== undefined
      ? ({ style: "currency", currency, currencyDisplay: "narrowSymbol" } as const)
      : {}
  if (short && Math.abs(value) >= 10_000)
    return value.toLocaleString(locale, { ...money, notation: "compact", maximumFractionDigits: 1 })
  const whole = (format === "money" && large) || (short && Math.abs(value) >= 10) || value === 0
  const digits = whole ? 0 : DIGITS[format]
  return value.toLocaleString(locale, {
    ...money,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

/** The values of a column, all with the same number of decimals. */
export function columnOf(
  values: readonly (number | null | undefined)[],
  format: Format,
  currency: string | undefined,
): (value: number | null | undefined) => string {
  const most = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)))
  return (value) => shown(value, format, currency, { large: most >= 1000 })
}

/** The change against another period: of rates in percentage points. */
export function changeOf(
  value: number | null | undefined,
  before: number | null | undefined,
  format: Format,
): { amount: number; text: string } | undefined {
  if (value === null || value === undefined || before === null || before === undefined) return undefined
  const points = format === "percent"
  if (!points && before === 0) return undefined
  const amount = points ? (value - before) * 100 : ((value - before) / Math.abs(before)) * 100
  const size = Math.abs(amount)
  const digits = size >= 100 ? 0 : 1
  const text = points
    ? `${size.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })} pt`
    : (size / 100).toLocaleString(locale, {
        style: "percent",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      })
  return { amount: Number(amount.toFixed(digits)), text }
}

/** A day, or the part of time that begins on it. */
export function dayText(day: string, grain: string = "day", long = false): string {
  if (day === "") return "no date"
  const date = new Date(`${day}T00:00:00Z`)
  if (grain === "month")
    return date.toLocaleDateString(locale, {
      month: "short",
      year: long ? "numeric" : "2-digit",
      timeZone: "UTC",
    })
  if (grain === "year") return day.slice(0, 4)
  return date.toLocaleDateString(locale, {
    day: "numeric",
    month: "short",
    ...(long ? { year: "numeric" } : {}),
    timeZone: "UTC",
  })
}

/** A point in time, where the reader is. */
export function momentText(moment: string): string {
  return new Date(moment).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" })
}

export function periodText({ from, to }: { from: string; to: string }): string {
  return from === to
    ? dayText(from, "day", true)
    : `${dayText(from, "day", from.slice(0, 4) !== to.slice(0, 4))} – ${dayText(to, "day", true)}`
}

/** A dimension's value for a reader. */
export function valueText(value: string | null | undefined): string {
  return value === null || value === undefined ? "(none)" : value
}
