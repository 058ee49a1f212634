import { float, PyDecimal } from "../jinja/index.ts"
import type { WarehouseValue } from "../../warehouse/warehouse.ts"
import { pythonStr } from "../values.ts"
import { DateTime } from "./datetime.ts"

/** A value of a query's result as dbt hands it to macros: dates as such, other types of the engine as text. */
export function fromWarehouse(value: WarehouseValue, type: string): unknown {
  if (value === null || typeof value === "boolean") return value
  if (typeof value === "bigint") return safe(value)
  if (typeof value === "number")
    return /^(FLOAT|DOUBLE)/.test(type) ? new PyDecimal(pythonStr(float(value))) : value
  if (typeof value === "object") return jsonText(value)
  if (/^(DATE|TIMESTAMP)/.test(type)) return DateTime.parse(value) ?? value
  if (type.startsWith("DECIMAL")) return new PyDecimal(value)
  if (type === "HUGEINT" || type === "UHUGEINT") return safe(BigInt(value))
  return value
}

/** The type that agate finds for a column. */
export function agateType(values: readonly (readonly unknown[])[], column: number): string {
  const present = values.map((row) => row[column]).filter((value) => value !== null && value !== undefined)
  const all = (test: (value: unknown) => boolean): boolean => present.every(test)
  if (all((value) => typeof value === "bigint" || Number.isInteger(value))) return "Integer"
  if (all((value) => typeof value === "number" || typeof value === "bigint" || value instanceof PyDecimal))
    return "Number"
  if (all((value) => value instanceof DateTime && value.kind === "date")) return "Date"
  if (all((value) => value instanceof DateTime)) return "DateTime"
  return all((value) => typeof value === "boolean") ? "Boolean" : "Text"
}

function safe(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}

/** Lists and structs reach macros as JSON text. */
function jsonText(value: WarehouseValue): string {
  if (value === null) return "null"
  if (typeof value === "string") return JSON.stringify(value)
  if (typeof value !== "object") return String(value)
  if (Array.isArray(value)) return `[${value.map(jsonText).join(", ")}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${jsonText(item)}`)
    .join(", ")}}`
}
