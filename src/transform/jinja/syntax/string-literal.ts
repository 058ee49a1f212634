import type { Source } from "./source.ts"

const SIMPLE: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
}

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([xuUN])|(.))/gsu

/** The value of a string literal without its quotes, by Python's escapes; unknown escapes stay as they are. */
export function unescapeString(body: string, source: Source, at: number): string {
  if (!body.includes("\\")) return body
  return body.replace(ESCAPE, (whole: string, ...groups: (string | undefined)[]) => {
    const [two, four, eight, octal, broken, other] = groups
    const hex = two ?? four ?? eight
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16)
      if (code > 0x10ffff) throw source.error("illegal Unicode character", at)
      return String.fromCodePoint(code)
    }
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    if (broken === "N") throw source.error("named characters (\\N{…}) are not supported", at)
    if (broken !== undefined) throw source.error(`truncated \\${broken} escape`, at)
    const char = other ?? ""
    return SIMPLE[char] ?? (char > "\x7f" ? backslashed(char) : whole)
  })
}

/** Python turns a character outside ASCII into an escape first, so that a backslash before it takes its backslash. */
function backslashed(char: string): string {
  const code = char.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code < 0x100) return `\\x${hex}`
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`
}
