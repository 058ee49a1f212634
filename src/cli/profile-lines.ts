import type { ColumnProfile, ProfileReport, TableProfile } from "../quality/profile/report.ts"
import {
  count,
  counted,
  keyInShort,
  keySentence,
  missing,
  originSentence,
  personalByTable,
  referenceSentence,
  rowsSentence,
  timeSentence,
  typeWord,
  valuesInShort,
  worthALook,
} from "../quality/profile/wording.ts"
import type { Style } from "./terminal/style.ts"
import { table, wrapped } from "./terminal/text.ts"

const WIDTH = 100
const COLUMNS_SHOWN = 60

type Paint = (style: Style, text: string) => string

/** A profile for a person at a terminal of 100 columns. */
export function profileLines(report: ProfileReport, paint: Paint): string[] {
  const { tables, subject } = report
  const rows = tables.reduce((sum, each) => sum + each.rows, 0)
  const title = paint("bold", `Profile of ${cut(oneLine(subject), 50)}`)
  return [
    `${title} · ${counted(tables.length, "table")}, ${counted(rows, "row")}`,
    "",
    ...overview(tables, paint),
    ...verdictLines(tables),
    ...referenceLines(report),
    ...personalLines(report),
    ...unusableLines(report),
    ...tables.flatMap((each) => ["", ...tableLines(each, paint)]),
  ].map(clipped)
}

function overview(tables: readonly TableProfile[], paint: Paint): string[] {
  const rows = tables.map((profile) => {
    const { name, rows, columns, time, verdict } = profile
    return [
      cut(oneLine(name), 30),
      count(rows),
      String(columns.length),
      cut(oneLine(keyInShort(profile)), 20),
      time === null ? "" : `${time.from} to ${time.to}`,
      verdict.include ? "include" : "leave out",
    ]
  })
  const lines = table(["table", "rows", "columns", "key", "time covered", "verdict"], rows, [1, 2])
  return lines.map((line) => (line.endsWith("leave out") ? paint("dim", line) : line))
}

function verdictLines(tables: readonly TableProfile[]): string[] {
  const leftOut = tables.filter(({ verdict }) => !verdict.include)
  if (leftOut.length === 0) return []
  return [
    "",
    "Left out, and why",
    ...leftOut.flatMap(({ name, verdict }) => entry(name, verdict.why.join(" "))),
  ]
}

function referenceLines({ references }: ProfileReport): string[] {
  if (references.length === 0) return []
  const lines = references.flatMap((reference) =>
    entry(
      `${reference.table}.${reference.column} → ${reference.to.table}.${reference.to.column}`,
      referenceSentence(reference),
    ),
  )
  return ["", "How the tables hang together", ...lines]
}

function personalLines(report: ProfileReport): string[] {
  const found = personalByTable(report)
  if (found.length === 0) return []
  return [
    "",
    "Personal data, shown masked",
    ...found.flatMap(({ table, columns }) => entry(table, columns.join(", "))),
  ]
}

function unusableLines({ unusable }: ProfileReport): string[] {
  if (unusable.length === 0) return []
  return ["", "Cannot be read", ...unusable.flatMap(({ file, problem }) => entry(file, problem))]
}

function tableLines(profile: TableProfile, paint: Paint): string[] {
  const { name, columns, time, verdict } = profile
  const facts = [
    ["rows", rowsSentence(profile)],
    ["from", originSentence(profile)],
    ["key", keySentence(profile)],
    ...(time === null ? [] : [["time", timeSentence(time)]]),
    ...(time === null || time.perDay.length < 2 ? [] : [["", sparkline(time.perDay)]]),
    [verdict.include ? "include" : "leave out", verdict.why.join(" ")],
  ] as const
  const shown = columns.slice(0, COLUMNS_SHOWN)
  const hidden = columns.length - shown.length
  const look = worthALook(profile)
  return [
    `${paint("bold", oneLine(name))} ${paint("dim", "─".repeat(Math.max(3, WIDTH - name.length - 1)))}`,
    ...facts.flatMap(([label, text]) => hanging(label.padEnd(10), text)),
    "",
    ...columnTable(shown),
    ...(hidden === 0 ? [] : [`… and ${counted(hidden, "more column")}: see --html or --json`]),
    ...(look.length === 0 ? [] : ["", paint("yellow", "Worth a look")]),
    ...look.flatMap(({ column, text }) => entry(column, text)),
  ]
}

function columnTable(columns: readonly ColumnProfile[]): string[] {
  const rows = columns.map((column) => [
    cut(oneLine(column.name), 26),
    typeWord(column),
    missing(column),
    count(column.distinct),
    oneLine(valuesInShort(column)),
  ])
  return table(["column", "type", "missing", "distinct", "values"], rows, [2, 3]).map((line) => {
    const tooLong = line.length > WIDTH
    return tooLong ? `${line.slice(0, WIDTH - 1).trimEnd()}…` : line
  })
}

/** Rows over time in blocks of eight heights, each column an equal number of days. */
function sparkline(perDay: readonly [string, number][]): string {
  const first = Date.parse(perDay[0]?.[0] ?? "")
  const days = Math.round((Date.parse(perDay.at(-1)?.[0] ?? "") - first) / 86_400_000) + 1
  const width = Math.min(days, WIDTH - 14)
  const sums = Array.from({ length: width }, () => 0)
  for (const [day, rows] of perDay) {
    const place = Math.floor((Math.round((Date.parse(day) - first) / 86_400_000) * width) / days)
    sums[place] = (sums[place] ?? 0) + rows
  }
  const most = Math.max(...sums)
  return sums
    .map((rows) => (rows === 0 ? " " : ("▁▂▃▄▅▆▇█"[Math.ceil((rows / most) * 8) - 1] ?? "█")))
    .join("")
}

/** A name and what there is to say of it; the name on a line of its own where it is long. */
function entry(name: string, text: string): string[] {
  const label = cut(oneLine(name), WIDTH - 4)
  if (label.length > 24) return [`  ${label}`, ...hanging(" ".repeat(6), text)]
  return hanging(`  ${label.padEnd(24)}  `, text)
}

function hanging(label: string, text: string): string[] {
  const indent = " ".repeat(label.length)
  return wrapped(oneLine(text), WIDTH - label.length).map((line, i) =>
    `${i === 0 ? label : indent}${line}`.trimEnd(),
  )
}

function cut(text: string, width: number): string {
  const letters = Array.from(text)
  return letters.length <= width ? text : `${letters.slice(0, width - 1).join("")}…`
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u

/** A line as far as the terminal is wide, where Chinese and the like take two places. Colours are left alone. */
function clipped(line: string): string {
  if (!WIDE.test(line)) return line
  let places = 0
  let text = ""
  for (const letter of line) {
    places += WIDE.test(letter) ? 2 : 1
    if (places >= WIDTH) return `${text}…`
    text += letter
  }
  return text
}

/** Values come from files: what would move the cursor or end the line is shown as a sign of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu, "·")
}
