import { createHash } from "node:crypto"
import type { TextRecord } from "../records.ts"

/** The readers of the silver layer, told in a few lines of JavaScript; `null` where the text is no such value. */

/** @param nullText a text that means "no value" in this column */
export function text(record: TextRecord, column: string, nullText?: string): string | null {
  const value = (record[column] ?? "").trim()
  return value === "" || value === nullText ? null : value
}

export function id(record: TextRecord, column: string): string | null {
  return text(record, column)?.replace(/[.]0$/, "") ?? null
}

export function integer(record: TextRecord, column: string): string | null {
  const value = text(record, column)
  return value !== null && /^[+-]?\d+([.]0+)?$/.test(value)
    ? String(BigInt(value.split(".")[0] as string))
    : null
}

export function number(record: TextRecord, column: string): number | null {
  const value = text(record, column)
  return value !== null && /^[+-]?(\d+[.]?\d*|[.]\d+)$/.test(value) ? Number(value) : null
}

/** Millionths, rounded half away from zero. */
export function money(record: TextRecord, column: string): bigint | null {
  const value = text(record, column)
  const parts = /^([+-]?)(\d+)[.]?(\d*)$/.exec(value ?? "")
  if (parts === null) return null
  const digits = `${parts[3] ?? ""}0000000`
  const micros = BigInt(`${parts[2]}${digits.slice(0, 6)}`) + (Number(digits[6]) >= 5 ? 1n : 0n)
  return parts[1] === "-" ? -micros : micros
}

/** Microseconds since 1970. */
export function time(record: TextRecord, column: string): bigint | null {
  const value = text(record, column)
  const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)([.]\d+)?(?: UTC|Z|[+]00:00)$/.exec(value ?? "")
  const us = /^(\d+)\/(\d+)\/(\d{4}) (\d+):(\d+)$/.exec(value ?? "")
  if (us !== null) {
    const [month, day, year, hour, minute] = us.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ]
    return BigInt(Date.UTC(year, month - 1, day, hour, minute)) * 1000n
  }
  if (parts === null) return null
  const seconds = Date.parse(`${parts[1]}T${parts[2]}Z`)
  return Number.isNaN(seconds)
    ? null
    : BigInt(seconds) * 1000n + BigInt((parts[3] ?? ".").slice(1).padEnd(6, "0"))
}

/** Millionths as the warehouse prints an amount. */
export function amountText(micros: bigint): string {
  const digits = String(micros < 0n ? -micros : micros).padStart(7, "0")
  return `${micros < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`
}

/** The first 60 bits of the md5 of the parts, joined by `|`. */
export function keyOf(...parts: string[]): bigint {
  const joined = parts.map((part) => part.replace(/[\\|]/g, "\\$&")).join("|")
  return BigInt(`0x${createHash("md5").update(joined).digest("hex").slice(0, 15)}`)
}
