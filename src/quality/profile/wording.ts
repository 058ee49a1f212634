import { isIdLike } from "./names.ts"
import type {
  ColumnProfile,
  NearlyKey,
  ProfileReport,
  Reference,
  TableProfile,
  TimeCoverage,
} from "./report.ts"

/** Sentences about a profile, the same on the terminal and on the page. */

const TYPE_WORDS: Record<ColumnProfile["type"]["name"], string> = {
  boolean: "yes/no",
  integer: "whole number",
  decimal: "number",
  date: "date",
  timestamp: "time",
  json: "nested",
  text: "text",
  nothing: "empty",
}

export function typeWord({ type }: ColumnProfile): string {
  return TYPE_WORDS[type.name]
}

export function count(n: number): string {
  return n.toLocaleString("en-US")
}

/** `1 row`, `2 rows`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

function nearlyKeySentence({ column, missing, repeated }: NearlyKey): string {
  const failings = [
    missing === 0 ? "" : `${counted(missing, "row has", "rows have")} none`,
    repeated === 0 ? "" : `${counted(repeated, "row repeats", "rows repeat")} another row's`,
  ].filter((failing) => failing !== "")
  return `${column} would be the key, but ${failings.join(" and ")}`
}

/** `12 %`; what is not nothing is not rounded to it, nor what is not all to all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return "< 1 %"
  if (share < 1 && share > 0.99) return "> 99 %"
  return `${Math.round(share * 100)} %`
}

/** Few missing values are counted, many told as a share. */
export function missing({ nulls, type }: ColumnProfile): string {
  const rows = nulls + type.of
  if (nulls === 0) return "–"
  return nulls < rows * 0.01 ? count(nulls) : percent(nulls / rows)
}

/** The values in a few words: the most frequent of few, the range of many. */
export function valuesInShort(column: ColumnProfile): string {
  const { type, distinct, top, min, max, personal } = column
  if (type.of === 0) return ""
  if (personal !== null) return `${top[0]?.value ?? ""} (${personal.kind})`
  if (type.name === "json") return top[0]?.value ?? ""
  const [first] = top
  const few = (first?.rows ?? 0) > 1 && (distinct <= 20 || (first?.share ?? 0) >= 0.05)
  const named = type.name === "integer" && isIdLike(column.name)
  if (few && !named && !["date", "timestamp", "decimal"].includes(type.name))
    return top.map(({ value, share }) => `${value} ${percent(share)}`).join(", ")
  const [least, greatest] = [inShort(min ?? "", type.name), inShort(max ?? "", type.name)]
  return least === greatest ? least : `${least} … ${greatest}`
}

/** Times to the minute, numbers to four decimals. */
export function inShort(value: string, type: ColumnProfile["type"]["name"]): string {
  if (type === "timestamp" && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value))
    return value.slice(0, 16).replace("T", " ")
  const number = Number(value)
  return type === "decimal" && /[.]\d{5,}$/.test(value) && Math.abs(number) >= 0.01
    ? String(Number(number.toFixed(4)))
    : value
}

export function keyInShort({ keys, nearlyKeys }: TableProfile): string {
  const [nearly] = nearlyKeys
  return keys[0]?.join(" + ") ?? (nearly === undefined ? "–" : `${nearly.column} (nearly)`)
}

export function keySentence({ keys, nearlyKeys, rows, columns, duplicates }: TableProfile): string {
  const [first, ...others] = keys
  const [nearly] = nearlyKeys
  const missed = nearly === undefined ? "" : nearlyKeySentence(nearly)
  if (first !== undefined) {
    const more = others.length === 0 ? "" : `; also ${others.map((key) => key.join(" + ")).join(", ")}`
    return `${first.join(" + ")} tells the rows apart${more}${missed === "" ? "" : `; ${missed}`}`
  }
  if (missed !== "") return missed
  if (rows < 2) return "too few rows to tell"
  const chance = columns.find(({ distinct, nulls }) => nulls === 0 && distinct === duplicates.distinctRows)
  return chance === undefined
    ? "none: no column, and no two or three together, tell the rows apart"
    : `none that is meant as one, though ${chance.name} differs in every row`
}

export function rowsSentence({ rows, duplicates, rejected, origin }: TableProfile): string {
  const which = origin.partial ? "the first " : ""
  const repeats =
    duplicates.surplusRows === 0
      ? "no two are the same"
      : `${counted(duplicates.surplusRows, "repeats", "repeat")} another row exactly`
  const [reason] = rejected.reasons
  const broken =
    rejected.rows === 0
      ? ""
      : `; ${counted(rejected.rows, "broken record")} left aside (${reason?.reason ?? ""}, first at ${reason?.firstLine ?? ""})`
  return `${which}${counted(rows, "row")}${rows < 2 ? "" : `, ${repeats}`}${broken}`
}

export function originSentence({ origin }: TableProfile): string {
  const { files, fileCount, bytes, format, compression, encoding, delimiter, deliveries } = origin
  const parts = [
    fileCount === 1 ? files : `${files} (${fileCount} files)`,
    size(bytes),
    format === "csv" ? "CSV" : format === "parquet" ? "Parquet" : format.toUpperCase(),
    compression === "none" ? "" : compression,
    format === "parquet" || encoding === "utf-8" ? "" : encoding,
    delimiter === null || delimiter === "," ? "" : `separated by ${JSON.stringify(delimiter)}`,
    deliveries.found === 1
      ? ""
      : deliveries.read === "newest"
        ? `the newest of ${deliveries.found} deliveries`
        : `${deliveries.found} deliveries together`,
  ]
  return parts.filter((part) => part !== "").join(", ")
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  return bytes < 1e6
    ? `${(bytes / 1e3).toFixed(0)} kB`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(1)} GB`
}

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

export function timeSentence(time: TimeCoverage): string {
  const { column, from, to, days, daysWithRows, quietWeekdays, gaps, gapCount, median, busiest, outside } =
    time
  const [longest] = gaps
  const quiet = quietWeekdays.map((day) => WEEKDAYS[day - 1]).join(" or ")
  const parts = [
    `${column}, ${from === to ? from : `${from} to ${to}`}`,
    days === daysWithRows ? "rows on every day" : `rows on ${count(daysWithRows)} of ${counted(days, "day")}`,
    quiet === "" ? "" : `never on a ${quiet}`,
    longest === undefined
      ? ""
      : `${counted(gapCount, "gap")}, the longest ${counted(longest.days, "day")} from ${longest.from}`,
    `${count(median)} on a usual day, ${count(busiest.rows)} on ${busiest.day}`,
    outside === 0 ? "" : `${counted(outside, "row has", "rows have")} no usable time`,
  ]
  return parts.filter((part) => part !== "").join("; ")
}

export function referenceSentence({ rows, orphans, orphanExample, by }: Reference): string {
  if (orphans === 0) return `all ${counted(rows, "row")} found`
  const example = orphanExample === null ? "" : `, for example ${orphanExample}`
  const weak = { inclusion: "", name: "by name only: ", agreement: "by what the rows repeat: " }[by]
  return `${weak}${count(orphans)} of ${counted(rows, "row")} (${percent(orphans / rows)}) find nothing there${example}`
}

/** Personal data by table: `email (email address)`. */
export function personalByTable({ tables }: ProfileReport): { table: string; columns: string[] }[] {
  return tables.flatMap(({ name, columns }) => {
    const found = columns.flatMap((column) =>
      column.personal === null
        ? []
        : [
            column.personal.by === "inside"
              ? `${column.name} (${column.personal.kind} inside ${counted(column.personal.values, "text")})`
              : `${column.name} (${column.personal.kind})`,
          ],
    )
    return found.length === 0 ? [] : [{ table: name, columns: found }]
  })
}

/** Where something is to be looked at, the most rows first. */
export function worthALook({
  columns,
}: TableProfile): { column: string; rule: string; text: string; rows: number }[] {
  return columns
    .flatMap(({ name, suspicious }) =>
      suspicious.map(({ rule, what, rows, example }) => ({
        column: name,
        rule,
        rows,
        text: `${count(rows)} × ${what}${example === null || example === "" ? "" : `, e.g. ${JSON.stringify(example)}`}`,
      })),
    )
    .toSorted((a, b) => Number(isMild(a.rule)) - Number(isMild(b.rule)))
}

/** What is merely worth knowing, and comes last. */
export function isMild(rule: string): boolean {
  return ["constant", "no-values", "unrounded-amount", "zero-price"].includes(rule)
}
