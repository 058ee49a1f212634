import { createHash } from "node:crypto"
import { quoteIdentifier } from "../warehouse/duckdb/duckdb-warehouse.ts"

/**
 * A 64-bit hash of a row as SQL. It does not depend on the order of the columns, nor on columns without a value: a
 * column that is added, empty, leaves the hash as it was. It is comparable within one version of the engine only.
 */
export function rowHash(columns: readonly string[]): string {
  // Hashed once more after the column's name went in: the engine combines hashes by xor, so that equal values in two
  // columns would otherwise cancel each other out.
  const parts = columns.map((column) => {
    const value = quoteIdentifier(column)
    return `case when ${value} is null then 0::ubigint else hash(xor(hash(${value}), ${nameHash(column)}::ubigint)) end`
  })
  return `(${exclusiveOr(parts)}::hugeint - 9223372036854775808)::bigint`
}

function nameHash(column: string): bigint {
  return createHash("sha256").update(column.toLowerCase()).digest().readBigUInt64LE()
}

/** `xor` of all, nested like a tournament: hundreds of columns stay within the engine's nesting depth. */
function exclusiveOr(parts: readonly string[]): string {
  if (parts.length === 0) return "0::ubigint"
  if (parts.length === 1) return parts[0] as string
  const middle = parts.length >> 1
  return `xor(${exclusiveOr(parts.slice(0, middle))}, ${exclusiveOr(parts.slice(middle))})`
}
