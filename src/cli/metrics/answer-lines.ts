import type { Answer, AnswerRow } from "../../metrics/answer.ts"
import type { Query } from "../../metrics/query.ts"
import { table } from "../terminal/text.ts"

type Format = Answer["metrics"][number]["format"]

/** The answer as a table for a person. */
export function answerLines(answer: Answer, { by, grain, compare }: Query): string[] {
  const times = grain === undefined ? [] : [grain]
  const header = [
    ...times,
    ...by,
    ...answer.metrics.flatMap(({ name }) => (compare === undefined ? [name] : [name, "before", "change"])),
  ]
  const rows = answer.rows.map((row) => [
    ...(row.time === undefined ? [] : [row.time === "" ? "(none)" : row.time]),
    ...by.map((name) => row.by[name] ?? "(none)"),
    ...answer.metrics.flatMap(({ name, format }) => cells(row, name, format)),
  ])
  const texts = times.length + by.length
  return rows.length === 0
    ? ["There are no rows."]
    : table(
        header,
        rows,
        header.flatMap((_, i) => (i < texts ? [] : [i])),
      )
}

/** Periods, currency and version, in one line. */
export function aboutLine({ period, previousPeriod, currency, version, truncated, rows }: Answer): string {
  return [
    period === undefined ? "all days" : `${period.from} to ${period.to}`,
    ...(previousPeriod === undefined ? [] : [`against ${previousPeriod.from} to ${previousPeriod.to}`]),
    ...(currency === undefined ? [] : [`amounts in ${currency}`]),
    `version ${version}`,
    ...(truncated ? [`the first ${rows.length} rows; --limit shows more`] : []),
  ].join(" · ")
}

function cells(row: AnswerRow, name: string, format: Format): string[] {
  const value = row.values[name] ?? null
  if (row.previous === undefined) return [shown(value, format)]
  const before = row.previous[name] ?? null
  return [shown(value, format), shown(before, format), change(value, before, format)]
}

export function shown(value: number | null, format: Format): string {
  if (value === null) return "–"
  if (format === "percent") return `${(100 * value).toFixed(2)} %`
  const digits = { count: 0, money: 2, decimal: 2, hours: 1 }[format]
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** Of rates the difference in points, of all else the relative change. */
function change(value: number | null, before: number | null, format: Format): string {
  if (value === null || before === null) return "–"
  const signed = (number: number) => `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(1)}`
  if (format === "percent") return `${signed(100 * (value - before))} pt`
  return before === 0 ? "–" : `${signed((100 * (value - before)) / Math.abs(before))} %`
}
