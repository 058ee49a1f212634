import type { TypeName } from "./report.ts"

/** One way of reading texts as values of a type. */
export interface Reading {
  type: TypeName
  /** How it differs from the plain way of writing the type. */
  format: string | null
  /** SQL: the value of a text `v`, null where the text does not fit. Times are TIMESTAMP, all else is a number. */
  value: string
  /** What a value that fits begins like; without any that does, the reading is not tried. */
  begins?: keyof typeof BEGINNINGS
  /** The reading is only thought of where the column's name matches. */
  named?: RegExp
}

/** How values of most types begin, as patterns. */
export const BEGINNINGS = {
  number: "^[+-]?[$£€]? ?[+-]?[.]?\\d",
  day: "^\\d\\d?[/.-]\\d",
  year: "^\\d{4}[-/]\\d",
} as const

const matched = (pattern: string, value: string) =>
  `case when regexp_full_match(v, '${pattern}') then ${value} end`
const shaped = (pattern: string, format: string) => matched(pattern, `try_strptime(v, '${format}')`)
const epoch = (digits: number, toMicros: string) =>
  matched(`\\d{${digits}}`, `make_timestamp(v::bigint${toMicros})`)

const TIME_NAME =
  /(?:^|[_\s])(?:time|timestamp|ts|at|date|datetime|created|updated|on)(?:$|[_\s])|time$|Time|Date|At$/
const DATE_NAME = /date|day|datum|tag$|_dt$/i

/**
 * Every way of reading that is tried, in order of preference. What a reading accepts is matched in full, because the
 * engine's casts are generous: it takes '1.5' for a whole number, and blanks around anything.
 */
export const READINGS: readonly Reading[] = [
  {
    type: "boolean",
    format: null,
    value: matched("(?i)true|false|yes|no", "(lower(v) in ('true', 'yes'))::integer::double"),
  },
  {
    type: "timestamp",
    begins: "number",
    format: "seconds since 1970",
    value: epoch(10, " * 1000000"),
    named: TIME_NAME,
  },
  {
    type: "timestamp",
    begins: "number",
    format: "milliseconds since 1970",
    value: epoch(13, " * 1000"),
    named: TIME_NAME,
  },
  {
    type: "timestamp",
    begins: "number",
    format: "microseconds since 1970",
    value: epoch(16, ""),
    named: TIME_NAME,
  },
  {
    type: "date",
    begins: "number",
    format: "yearmonthday",
    value: shaped("(?:19|20)\\d{6}", "%Y%m%d"),
    named: DATE_NAME,
  },
  {
    type: "integer",
    begins: "number",
    format: null,
    value: matched("[+-]?(?:0|[1-9]\\d{0,17})", "v::bigint"),
  },
  {
    type: "decimal",
    begins: "number",
    format: null,
    value: matched("[+-]?(?:(?:0|[1-9]\\d*)(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?", "try_cast(v as double)"),
  },
  {
    type: "decimal",
    begins: "number",
    format: "decimal comma",
    value: matched(
      "[+-]?(?:\\d{1,3}(?:\\.\\d{3})+|\\d+),\\d+",
      "try_cast(replace(replace(v, '.', ''), ',', '.') as double)",
    ),
  },
  {
    type: "decimal",
    begins: "number",
    format: "currency sign or thousands separator",
    value: matched(
      "[+-]?[$£€]? ?[+-]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)? ?[$£€]?",
      "try_cast(regexp_replace(v, '[$£€, ]', '', 'g') as double)",
    ),
  },
  {
    type: "date",
    begins: "year",
    format: null,
    value: matched("\\d{4}-\\d\\d?-\\d\\d?", "try_cast(v as date)::timestamp"),
  },
  {
    type: "timestamp",
    begins: "year",
    format: null,
    value: matched(
      "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d+)?)?(?: ?(?:UTC|Z|[+-]\\d\\d(?::?\\d\\d)?))?",
      "try_cast(replace(v, ',', '.') as timestamp)",
    ),
  },
  ...["/", ".", "-"].flatMap((s): Reading[] => {
    const separator = s === "." ? "\\." : s
    const day = `\\d\\d?${separator}\\d\\d?${separator}`
    return [
      ["month", "day", `%m${s}%d${s}`],
      ["day", "month", `%d${s}%m${s}`],
    ].flatMap(([first, second, start]): Reading[] => {
      const format = `${first}${s}${second}${s}year`
      return [
        { type: "date", begins: "day", format, value: shaped(`${day}\\d{4}`, `${start}%Y`) },
        {
          type: "timestamp",
          begins: "day",
          format,
          value: shaped(`${day}\\d{4} \\d\\d?:\\d\\d`, `${start}%Y %H:%M`),
        },
        {
          type: "timestamp",
          begins: "day",
          format: `${format} with seconds`,
          value: shaped(`${day}\\d{4} \\d\\d?:\\d\\d:\\d\\d`, `${start}%Y %H:%M:%S`),
        },
      ]
    })
  }),
  {
    type: "date",
    begins: "year",
    format: "year/month/day",
    value: shaped("\\d{4}/\\d\\d?/\\d\\d?", "%Y/%m/%d"),
  },
  {
    type: "text",
    format: "uuid",
    value: matched("(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", "1::double"),
  },
  { type: "text", format: "hash", value: matched("(?i)[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}", "1::double") },
  {
    type: "json",
    format: null,
    value: "case when v[1] in ('{', '[') and json_valid(v) then 1::double end",
  },
]

/** Text that stands for "no value", written out. */
const NULL_TEXTS =
  "null|(null)|none|(none)|nil|nan|n/a|#n/a|n.a.|na|-|--|?|\\n|undefined|unknown|missing|not set|(not set)|(data deleted)|<other>|tbd|tba"

export const isNullText = `lower(trim(v)) in (${NULL_TEXTS.split("|")
  .map((text) => `'${text}'`)
  .join(", ")})`

/** A whole number with zeros in front is a code: it loses them as a number. */
export const hasLeadingZero = "regexp_full_match(v, '0\\d+')"
