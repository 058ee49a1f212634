import { PythonError } from "../jinja/index.ts"

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
]

/** A point in time as its parts are printed. */
export interface Formattable {
  utcDate: Date
  microsecond: number
  zone: object | undefined
  offset: number
  abbreviation: string
  instant: bigint
}

/** Formats as Python's `strftime` does in the C locale. */
export function strftime(time: Formattable, format: string): string {
  const date = time.utcDate
  return format.replace(/%(-?)([a-zA-Z%])/g, (whole, minus: string, code: string) => {
    const pad = (value: number, width = 2): string =>
      minus ? String(value) : String(value).padStart(width, "0")
    switch (code) {
      case "Y":
        return String(date.getUTCFullYear())
      case "y":
        return pad(date.getUTCFullYear() % 100)
      case "m":
        return pad(date.getUTCMonth() + 1)
      case "d":
        return pad(date.getUTCDate())
      case "H":
        return pad(date.getUTCHours())
      case "I":
        return pad(date.getUTCHours() % 12 || 12)
      case "M":
        return pad(date.getUTCMinutes())
      case "S":
        return pad(date.getUTCSeconds())
      case "f":
        return String(time.microsecond).padStart(6, "0")
      case "p":
        return date.getUTCHours() < 12 ? "AM" : "PM"
      case "A":
        return DAYS[date.getUTCDay()] ?? ""
      case "a":
        return (DAYS[date.getUTCDay()] ?? "").slice(0, 3)
      case "B":
        return MONTHS[date.getUTCMonth()] ?? ""
      case "b":
        return (MONTHS[date.getUTCMonth()] ?? "").slice(0, 3)
      case "j":
        return pad(dayOfYear(date), 3)
      case "w":
        return String(date.getUTCDay())
      case "u":
        return String(date.getUTCDay() || 7)
      case "s":
        return String(time.instant / 1_000_000n)
      case "Z":
        return time.abbreviation
      case "z":
        return time.zone === undefined ? "" : zoneText(time.offset)
      case "F":
        return strftime(time, "%Y-%m-%d")
      case "T":
        return strftime(time, "%H:%M:%S")
      case "%":
        return "%"
      default:
        throw new PythonError(
          "ValueError",
          `strftime: ${whole} is not supported by the embedded runner; use --engine dbt`,
        )
    }
  })
}

/** Parses as Python's `strptime` does. @returns microseconds since 1970 */
export function strptime(text: string, format: string): bigint {
  const parts = { year: 1900, month: 1, day: 1, hours: 0, minutes: 0, seconds: 0, micros: 0 }
  const setters: ((value: string) => void)[] = []
  const regex = format
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/%([a-zA-Z])/g, (whole, code: string) => {
      const field = FIELDS[code]
      if (field === undefined)
        throw new PythonError(
          "ValueError",
          `strptime: ${whole} is not supported by the embedded runner; use --engine dbt`,
        )
      setters.push((value) => field.set(parts, value))
      return field.pattern
    })
  const match = new RegExp(`^${regex.replace(/\s+/g, "\\s+")}$`).exec(text)
  if (match === null)
    throw new PythonError("ValueError", `time data '${text}' does not match format '${format}'`)
  for (const [i, set] of setters.entries()) set(match[i + 1] ?? "")
  const date = new Date(Date.UTC(2000, parts.month - 1, parts.day, parts.hours, parts.minutes, parts.seconds))
  date.setUTCFullYear(parts.year, parts.month - 1, parts.day)
  if (date.getUTCDate() !== parts.day) throw new PythonError("ValueError", "day is out of range for month")
  return BigInt(date.getTime()) * 1000n + BigInt(parts.micros)
}

type Parts = {
  year: number
  month: number
  day: number
  hours: number
  minutes: number
  seconds: number
  micros: number
}

const FIELDS: Record<string, { pattern: string; set(parts: Parts, value: string): void }> = {
  Y: { pattern: "(\\d{4})", set: (parts, value) => void (parts.year = Number(value)) },
  y: {
    pattern: "(\\d\\d)",
    set: (parts, value) => void (parts.year = Number(value) + (Number(value) < 69 ? 2000 : 1900)),
  },
  m: { pattern: "(1[0-2]|0?[1-9])", set: (parts, value) => void (parts.month = Number(value)) },
  d: { pattern: "(3[01]|[12]\\d|0?[1-9])", set: (parts, value) => void (parts.day = Number(value)) },
  H: { pattern: "(2[0-3]|[01]?\\d)", set: (parts, value) => void (parts.hours = Number(value)) },
  M: { pattern: "([0-5]?\\d)", set: (parts, value) => void (parts.minutes = Number(value)) },
  S: { pattern: "(6[01]|[0-5]?\\d)", set: (parts, value) => void (parts.seconds = Number(value)) },
  f: { pattern: "(\\d{1,6})", set: (parts, value) => void (parts.micros = Number(value.padEnd(6, "0"))) },
  b: {
    pattern: "([A-Za-z]{3})",
    set: (parts, value) =>
      void (parts.month =
        MONTHS.findIndex((month) => month.slice(0, 3).toLowerCase() === value.toLowerCase()) + 1),
  },
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
}

/** `+0900` */
function zoneText(minutes: number): string {
  const size = Math.abs(minutes)
  const two = (value: number): string => String(value).padStart(2, "0")
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${two(size % 60)}`
}
