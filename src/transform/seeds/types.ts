/** The SQL types that dbt gives to a seed's columns when the project states none. */
export type SeedType = "integer" | "float8" | "date" | "timestamp without time zone" | "boolean" | "text"

interface Tester {
  type: "number" | "date" | "datetime" | "isodatetime" | "boolean"
  accepts: (text: string) => boolean
}

const CURRENCY = "$؋ƒ៛¡₡₱£€¢﷼₪₩₭₮₦฿₤₫¥₴₲₵₸₹₺₽"

// In the order in which they are tried; the first that takes every value of a column is its type.
const TESTERS: readonly Tester[] = [
  { type: "number", accepts: isNumber },
  { type: "date", accepts: isDate },
  { type: "datetime", accepts: isDateTime },
  { type: "isodatetime", accepts: isIsoDateTime },
  { type: "boolean", accepts: (text) => /^(true|false)$/i.test(text.replaceAll(",", "").trim()) },
]

/**
 * Infers the type of a column from its texts. Empty values and the word null count as missing.
 */
export function inferType(values: readonly string[]): SeedType {
  const present = values.filter((value) => !isMissing(value))
  const tester = TESTERS.find(({ accepts }) => present.every(accepts))
  switch (tester?.type) {
    case "number":
      return present.some(hasFraction) ? "float8" : "integer"
    case "date":
      return "date"
    case "boolean":
      return "boolean"
    case "datetime":
    case "isodatetime":
      return "timestamp without time zone"
    case undefined:
    default:
      return "text"
  }
}

function isMissing(text: string): boolean {
  const word = text.trim().toLowerCase()
  return word === "" || word === "null"
}

/** A number as written with %, a currency sign or thousands separators. */
function plainNumber(text: string): string {
  let digits = text.trim().replace(/^%+|%+$/g, "")
  while (digits !== "" && CURRENCY.includes(digits.charAt(0))) digits = digits.slice(1)
  while (digits !== "" && CURRENCY.includes(digits.charAt(digits.length - 1))) digits = digits.slice(0, -1)
  return digits.replaceAll(",", "").trim().replaceAll("_", "")
}

function isNumber(text: string): boolean {
  return /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|s?nan\d*)$/i.test(plainNumber(text))
}

/** Whether digits other than zeros follow the decimal point once the exponent is applied. */
function hasFraction(text: string): boolean {
  const match = /^[+-]?(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(plainNumber(text))
  if (match === null) return false
  const [, whole = "", fraction = "", exponent = "0"] = match
  const digits = `${whole}${fraction}`.replace(/0+$/, "")
  return digits !== "" && digits.length > whole.length + Number(exponent)
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim())
  return match !== null && isCalendarDate(Number(match[1]), Number(match[2]), Number(match[3]))
}

function isDateTime(text: string): boolean {
  const match = /^(\d{4}-\d{1,2}-\d{1,2})\s+(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(text.trim())
  return match !== null && isDate(match[1] ?? "") && isTime(match[2], match[3], match[4])
}

function isIsoDateTime(text: string): boolean {
  const match =
    /^(\d{4})-?(\d{2})-?(\d{2})T(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      text.trim(),
    )
  return (
    match !== null &&
    isCalendarDate(Number(match[1]), Number(match[2]), Number(match[3])) &&
    isTime(match[4], match[5] ?? "0", match[6] ?? "0")
  )
}

function isCalendarDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day))
  date.setUTCFullYear(year, month - 1, day)
  return year >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function isTime(hours = "", minutes = "", seconds = ""): boolean {
  return Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) <= 61
}
