import type { WarehouseValue } from "../warehouse.ts"

/** A column as BigQuery's interface describes it. */
export interface Field {
  name?: string
  type?: string
  mode?: string
  precision?: string
  scale?: string
  fields?: Field[]
}

/** A value as BigQuery's interface gives it: text, a list of cells, or the cells of a struct. */
type Raw = string | null | Cell[] | { f: Cell[] }
export interface Cell {
  v: Raw
}

/** The interface's names for types that SQL calls otherwise. */
const SQL_NAMES: Record<string, string> = {
  INTEGER: "INT64",
  FLOAT: "FLOAT64",
  BOOLEAN: "BOOL",
  RECORD: "STRUCT",
}

/** The type of a column as GoogleSQL writes it, e.g. `ARRAY<STRUCT<a INT64>>`. */
export function typeName(field: Field): string {
  const name = SQL_NAMES[field.type ?? ""] ?? field.type ?? ""
  const sized = [field.precision, field.scale].filter((size) => size !== undefined && size !== "0")
  const inner = (field.fields ?? []).map((each) => `${each.name} ${typeName(each)}`)
  const type =
    name === "STRUCT"
      ? `STRUCT<${inner.join(", ")}>`
      : sized.length > 0
        ? `${name}(${sized.join(", ")})`
        : name
  return field.mode === "REPEATED" ? `ARRAY<${type}>` : type
}

export function fromBigQuery(field: Field, raw: Raw): WarehouseValue {
  if (field.mode === "REPEATED") {
    const one = { ...field, mode: "NULLABLE" }
    return Array.isArray(raw) ? raw.map(({ v }) => fromBigQuery(one, v)) : []
  }
  if (raw === null || raw === undefined) return null
  if (typeof raw === "object") {
    const cells = "f" in raw ? raw.f : []
    return Object.fromEntries(
      (field.fields ?? []).map((each, i) => [each.name ?? "", fromBigQuery(each, cells[i]?.v ?? null)]),
    )
  }
  const type: string = SQL_NAMES[field.type ?? ""] ?? field.type ?? ""
  switch (type) {
    case "INT64":
      return BigInt(raw)
    case "FLOAT64":
      return Number(raw.replace(/^([+-]?)inf$/i, "$1Infinity"))
    case "BOOL":
      return raw.toLowerCase() === "true"
    case "TIMESTAMP":
      return instantText(raw)
    case "DATETIME":
    case "TIME":
      return withoutZeros(raw)
    default:
      return raw
  }
}

/** An instant as UTC text. @param raw microseconds since 1970 */
function instantText(raw: string): string {
  const micros = BigInt(raw)
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const text = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19).replace("T", " ")
  return withoutZeros(`${text}.${fraction.toString().padStart(6, "0")}`)
}

function withoutZeros(time: string): string {
  const [whole = "", fraction = ""] = time.replace("T", " ").split(".")
  const digits = fraction.replace(/0+$/, "")
  return digits === "" ? whole : `${whole}.${digits}`
}

interface ParameterType {
  type: string
  arrayType?: ParameterType
  structTypes?: { name: string; type: ParameterType }[]
}

interface ParameterValue {
  value?: string | null
  arrayValues?: ParameterValue[]
  structValues?: Record<string, ParameterValue>
}

/** A parameter as BigQuery's interface takes it. */
export interface QueryParameter {
  parameterType: ParameterType
  parameterValue: ParameterValue
}

/**
 * A value with its type: bigint and whole numbers are INT64, other numbers FLOAT64. Null is a STRING, which every type can be
 * cast from; so is what an empty list holds.
 */
export function toParameter(value: WarehouseValue): QueryParameter {
  return { parameterType: typeOf(value), parameterValue: valueOf(value) }
}

function typeOf(value: WarehouseValue): ParameterType {
  if (Array.isArray(value)) {
    const given = value.filter((each) => each !== null)
    const fraction = given.find((each) => typeof each === "number" && !Number.isSafeInteger(each))
    return { type: "ARRAY", arrayType: typeOf(fraction ?? given[0] ?? null) }
  }
  if (value === null) return { type: "STRING" }
  if (typeof value === "object") {
    const fields = Object.entries(value)
    return { type: "STRUCT", structTypes: fields.map(([name, each]) => ({ name, type: typeOf(each) })) }
  }
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return { type: "INT64" }
  return { type: typeof value === "number" ? "FLOAT64" : typeof value === "boolean" ? "BOOL" : "STRING" }
}

function valueOf(value: WarehouseValue): ParameterValue {
  if (value === null) return { value: null }
  if (Array.isArray(value)) return { arrayValues: value.map(valueOf) }
  if (typeof value === "object")
    return {
      structValues: Object.fromEntries(Object.entries(value).map(([name, each]) => [name, valueOf(each)])),
    }
  return { value: String(value) }
}
