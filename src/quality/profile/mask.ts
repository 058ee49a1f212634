import { isCardNumber } from "./check-digits.ts"
import type { ColumnProfile } from "./report.ts"

/**
 * A column as it may be shown: of personal values only the first character and the marks between the words stay, and
 * what looks personal among other text is masked wherever it stands.
 */
export function shown(profile: ColumnProfile): ColumnProfile {
  const show = (value: string | null) => (value === null ? null : showValue(value, profile))
  return {
    ...profile,
    min: show(profile.min),
    max: show(profile.max),
    // A quartile is the value of somebody.
    numbers: profile.personal === null ? profile.numbers : null,
    top: profile.top.map((entry) => ({ ...entry, value: showValue(entry.value, profile) })),
    suspicious: profile.suspicious.map((each) => ({ ...each, example: show(each.example) })),
  }
}

/** Characters. */
const LONGEST_SHOWN = 60

export function showValue(
  value: string,
  { personal, type }: Pick<ColumnProfile, "personal" | "type">,
): string {
  const masked = maskedValue(value, personal, type)
  return masked.length > LONGEST_SHOWN ? `${masked.slice(0, LONGEST_SHOWN - 1)}…` : masked
}

function maskedValue(
  value: string,
  personal: ColumnProfile["personal"],
  { name: type }: ColumnProfile["type"],
): string {
  if (personal !== null && personal.by !== "inside") return mask(value)
  if (type === "json") return scrub(shapeOf(value))
  return type === "text" ? scrub(value) : value
}

/**
 * The keys of a nested value, with signs for what they hold, because nobody told what that is: `{"buyer":"…","n":9}`.
 * @param value may be cut off anywhere
 */
export function shapeOf(value: string): string {
  return value.replaceAll(
    /"(?:[^"\\]|\\.)*"(\s*:)?|"(?:[^"\\]|\\.)*\\?$|-?\d[\d.eE+-]*/g,
    (part, colon: string | undefined) => (colon !== undefined ? part : part.startsWith('"') ? '"…"' : "9"),
  )
}

/** `angela@example.com` → `a•••@•••.•••`, `2844 Jenkins Heights` → `2••• ••• •••`. */
export function mask(value: string): string {
  let first = true
  return value.replaceAll(/[\p{L}\p{M}\p{N}\p{S}\p{C}]+/gu, (word) => {
    const start = first ? (Array.from(word)[0] ?? "") : ""
    first = false
    return Array.from(word).length === 1 && start === "" ? "•" : `${start}•••`
  })
}

const EMAIL = /[^\s@"<>,;]+@[^\s@"<>,;]*/gu
const IP = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g
const CARD = /\b\d(?:[ -]?\d){12,18}\b/g

/** Masks e-mail addresses, IP addresses and card numbers inside a text. */
export function scrub(value: string): string {
  return value
    .replaceAll(EMAIL, mask)
    .replaceAll(IP, mask)
    .replaceAll(CARD, (digits) => (isCardNumber(digits) ? mask(digits) : digits))
}
