import type { Manifest } from "../lake/manifest.ts"
import type { ColumnFacts, ValueType } from "./columns.ts"

/** One difference between a landing's columns and those of the landing before it in time. */
export interface SchemaChange {
  change: "added" | "dropped" | "retyped" | "reordered"
  /** Null for a change of their order. */
  column: string | null
  /** What is to be known of it, as the rest of a sentence. */
  detail: string
  /** A dropped column's probable new name, an added one's probable old name. */
  related: string | null
}

/** A landing as far as its columns go. */
export interface LandedSchema {
  landing: Manifest
  columns: readonly ColumnFacts[]
}

/**
 * What changed from one landing to the next in time. Letter case does not make another column.
 * @param renames probable new names by old names
 */
export function compareSchemas(
  before: LandedSchema,
  after: LandedSchema,
  renames: ReadonlyMap<string, string> = new Map(),
): SchemaChange[] {
  const dropped = columnsBeyond(before.columns, after.columns)
  const added = columnsBeyond(after.columns, before.columns)
  const oldNames = new Map([...renames].map(([from, to]) => [to, from]))
  const known = byName(before.columns)
  return [
    ...added.map(({ name, taken }): SchemaChange => {
      const related = oldNames.get(name) ?? null
      const detail = [
        ...(related === null ? [] : [`probably ${related} under another name: it has the same values`]),
        taken
          ? "rows from before have no value"
          : "left out of bronze, since the schema is frozen; kept in the lake",
      ]
      return { change: "added", column: name, detail: detail.join("; "), related }
    }),
    ...dropped.map(({ name }): SchemaChange => {
      const related = renames.get(name) ?? null
      const hint = related === null ? [] : [`probably renamed to ${related}, which has the same values`]
      return { change: "dropped", column: name, detail: [...hint, "null from here on"].join("; "), related }
    }),
    ...after.columns.flatMap((column): SchemaChange[] => {
      const earlier = known.get(column.name.toLowerCase())
      const detail = earlier === undefined ? undefined : retyping(earlier, column)
      return detail === undefined ? [] : [{ change: "retyped", column: column.name, detail, related: null }]
    }),
    ...reordering(before, after),
  ]
}

/** Whether a change is one that the policy `stop` stops at. The order of columns means nothing to bronze. */
export function stops({ change }: SchemaChange): boolean {
  return change !== "reordered"
}

/** A change as a clause, e.g. "column age is missing (null from here on)". */
export function describeChange({ change, column, detail }: SchemaChange): string {
  const what = {
    added: "is new",
    dropped: "is missing",
    retyped: "has values of another type",
    reordered: "",
  }[change]
  return column === null ? detail : `column ${column} ${what} (${detail})`
}

/** The columns that the others do not have; letter case aside. */
export function columnsBeyond<T extends { name: string }>(
  columns: readonly T[],
  others: readonly { name: string }[],
): T[] {
  const known = byName(others)
  return columns.filter(({ name }) => !known.has(name.toLowerCase()))
}

function byName<T extends { name: string }>(columns: readonly T[]): Map<string, T> {
  return new Map(columns.map((column) => [column.name.toLowerCase(), column]))
}

/** Fewer values say nothing about a column's type. */
const FEWEST_VALUES = 5
/** A column is of a type when so many of its values can be read as it, and no more of it when fewer than half can. */
const MOST = 0.9
const TOO_FEW = 0.5

const TYPE_NAMES: Record<ValueType | "text", string> = {
  integer: "whole numbers",
  number: "numbers",
  boolean: "true and false",
  date: "dates",
  timestamp: "times",
  other_date: "dates in another notation",
  text: "text",
}

/**
 * How a column's type changed; undefined where it did not. The shares are far apart, so that a few odd values, or a sample
 * that happens to hold none, are no change.
 */
function retyping(before: ColumnFacts, after: ColumnFacts): string | undefined {
  const [from, to] = [before.physicalType, after.physicalType]
  if (from !== null && to !== null && from !== to && isJson(from) === isJson(to)) return `${from} → ${to}`
  if (before.values < FEWEST_VALUES || after.values < FEWEST_VALUES) return undefined
  const [old, fresh] = [typeOf(before), typeOf(after)]
  const changed =
    old === "text"
      ? fresh !== "text" && share(before, fresh) < TOO_FEW
      : old !== fresh && share(after, old) < TOO_FEW
  return changed ? `${TYPE_NAMES[old]} → ${TYPE_NAMES[fresh]}` : undefined
}

function isJson(type: string): boolean {
  return type.startsWith("JSON ")
}

function typeOf(column: ColumnFacts): ValueType | "text" {
  const types = Object.keys(column.reads) as ValueType[]
  return types.find((type) => share(column, type) >= MOST) ?? "text"
}

function share({ reads, values }: ColumnFacts, type: ValueType): number {
  return reads[type] / values
}

/** The order of keys in JSON objects means nothing. */
function reordering(before: LandedSchema, after: LandedSchema): SchemaChange[] {
  if (!hasOrder(before.landing) || !hasOrder(after.landing)) return []
  const common = byName(after.columns)
  const old = before.columns.map(({ name }) => name.toLowerCase()).filter((name) => common.has(name))
  const known = new Set(old)
  const fresh = after.columns.filter(({ name }) => known.has(name.toLowerCase()))
  if (fresh.every(({ name }, i) => name.toLowerCase() === old[i])) return []
  return [
    {
      change: "reordered",
      column: null,
      detail: "the columns come in another order, which changes nothing: they are matched by name",
      related: null,
    },
  ]
}

function hasOrder({ files }: Manifest): boolean {
  return files.every(({ format }) => format === "csv" || format === "parquet")
}
