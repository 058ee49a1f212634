/** Makes the value of a float, which must stay distinct from an integer: `1.0` is printed as `1.0`. */
export type MakeFloat = (value: number) => unknown

const WORDS = new Map<string, boolean | null>([
  ...["yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
])
const INTEGER = /^[-+]?(?:0b[0-1_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/

/** The value of an unquoted scalar by the rules of YAML 1.1, as PyYAML has them. Dates stay text. */
export function plainScalar(text: string, makeFloat: MakeFloat): unknown {
  const word = WORDS.get(text)
  if (word !== undefined) return word
  const first = text.charCodeAt(0)
  // Only digits, signs and a point can begin a number.
  if (first > 57 || first < 43) return text
  if (INTEGER.test(text)) return integer(text.replaceAll("_", ""))
  if (FLOAT.test(text)) return makeFloat(float(text.replaceAll("_", "")))
  return text
}

function integer(text: string): number | bigint {
  const negative = text.startsWith("-")
  const digits = text.replace(/^[-+]/, "")
  let value: bigint
  if (digits.includes(":")) value = digits.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n)
  else if (/^0[0-7]+$/.test(digits)) value = BigInt(`0o${digits.slice(1)}`)
  else value = BigInt(digits)
  if (negative) value = -value
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value
}

function float(text: string): number {
  const lower = text.toLowerCase()
  if (lower.endsWith(".inf"))
    return lower.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (lower === ".nan") return Number.NaN
  if (!lower.includes(":")) return Number(lower)
  const negative = lower.startsWith("-")
  const value = lower
    .replace(/^[-+]/, "")
    .split(":")
    .reduce((sum, part) => sum * 60 + Number(part), 0)
  return negative ? -value : value
}
