import { HostObject, PythonError, Tuple, type HostFunction, callable } from "../jinja/index.ts"
import type { ResultSet } from "../../warehouse/warehouse.ts"
import { pythonRepr } from "../values.ts"
import { Attributes, method } from "./objects.ts"
import { agateType, fromWarehouse } from "./table-values.ts"

/** The result of a query as macros see it: dbt gives an agate table. Columns and rows by position or name. */
export class TableObject extends Attributes {
  override readonly typeName = "agate.Table"
  readonly names: readonly string[]
  readonly types: readonly string[]
  readonly values: readonly unknown[][]

  constructor(names: readonly string[], types: readonly string[], values: readonly unknown[][]) {
    super()
    this.names = names
    this.types = types
    this.values = values
  }

  static of(result: ResultSet): TableObject {
    const values = result.rows.map((row) =>
      row.map((value, i) => fromWarehouse(value, result.types[i] ?? "")),
    )
    return new TableObject(
      result.columns,
      result.types.map((_, i) => agateType(values, i)),
      values,
    )
  }

  protected read(name: string): unknown {
    switch (name) {
      case "columns":
        return this.#columns()
      case "rows":
        return new Sequence(
          this.values.map((row) => this.#row(row)),
          undefined,
        )
      case "column_names":
        return Tuple.from(this.names)
      case "column_types":
        return Tuple.from(this.types)
      case "print_table":
        return method(name, () => null)
      case "select":
        return method(name, ([names]) =>
          this.#select(Array.isArray(names) ? names.map(String) : [String(names)]),
        )
      case "exclude":
        return method(name, ([names]) => {
          const out = new Set(Array.isArray(names) ? names.map(String) : [String(names)])
          return this.#select(this.names.filter((column) => !out.has(column)))
        })
      case "limit":
        return method(
          name,
          ([count]) => new TableObject(this.names, this.types, this.values.slice(0, Number(count))),
        )
      case "rename":
        return method(name, ([names]) => {
          const renamed =
            names instanceof Map
              ? this.names.map((column) => String(names.get(column) ?? column))
              : (names as unknown[]).map(String)
          return new TableObject(renamed, this.types, this.values)
        })
      case "where":
      case "order_by":
      case "group_by":
      case "aggregate":
      case "compute":
      case "join":
      case "pivot":
        return method(name, () => {
          throw new PythonError(
            "AttributeError",
            `agate's ${name}() is not supported by the embedded runner; use --engine dbt`,
          )
        })
      default:
        return undefined
    }
  }

  #columns(): Sequence {
    const columns = this.names.map(
      (name, i) =>
        new Sequence(
          this.values.map((row) => row[i] ?? null),
          undefined,
          { name, data_type: this.types[i], index: i },
        ),
    )
    return new Sequence(columns, this.names)
  }

  #row(row: readonly unknown[]): Sequence {
    return new Sequence(row, this.names)
  }

  #select(names: readonly string[]): TableObject {
    const at = names.map((name) => this.names.indexOf(name))
    return new TableObject(
      names,
      at.map((i) => this.types[i] ?? "Text"),
      this.values.map((row) => at.map((i) => row[i] ?? null)),
    )
  }

  override iterate(): Iterable<unknown> {
    throw new PythonError("TypeError", "'Table' object is not iterable; use .rows or .columns")
  }

  override length(): number {
    return this.values.length
  }

  override toString(): string {
    const width = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length))
    const nameWidth = width(["column", ...this.names])
    const typeWidth = width(["data_type", ...this.types])
    const line = (a: string, b: string, fill = " "): string =>
      `| ${a.padEnd(nameWidth, fill)} | ${b.padEnd(typeWidth, fill)} |\n`
    return (
      line("column", "data_type") +
      line("", "", "-") +
      this.names.map((name, i) => line(name, this.types[i] ?? "")).join("")
    )
  }
}

/** agate's sequence with keys: a row, a column, or all columns. */
class Sequence extends HostObject {
  readonly #items: readonly unknown[]
  readonly #keys: readonly string[] | undefined
  readonly #extra: Readonly<Record<string, unknown>>

  constructor(
    items: readonly unknown[],
    keys: readonly string[] | undefined,
    extra: Readonly<Record<string, unknown>> = {},
  ) {
    super()
    this.#items = items
    this.#keys = keys
    this.#extra = extra
  }

  override attribute(name: string): unknown {
    if (Object.hasOwn(this.#extra, name)) return this.#extra[name]
    const run = this.#methods()[name]
    if (run !== undefined) return callable(run, name)
    return undefined
  }

  #methods(): Record<string, HostFunction> {
    const keys = this.#keys ?? []
    return {
      keys: () => (this.#keys === undefined ? null : Tuple.from(keys)),
      values: () => Tuple.from(this.#items),
      items: () => this.#items.map((item, i) => Tuple.of(keys[i] ?? null, item)),
      dict: () => new Map(this.#items.map((item, i) => [keys[i] ?? null, item])),
      get: ([key, fallback]) => this.item(key) ?? fallback ?? null,
      values_distinct: () => Tuple.from([...new Set(this.#items)]),
      values_without_nulls: () => Tuple.from(this.#items.filter((item) => item !== null)),
    }
  }

  override item(key: unknown): unknown {
    if (typeof key === "number") return this.#items.at(key)
    const at = this.#keys?.indexOf(String(key)) ?? -1
    return at < 0 ? undefined : this.#items[at]
  }

  override iterate(): Iterable<unknown> {
    return this.#items
  }

  override length(): number {
    return this.#items.length
  }

  override equals(other: unknown): boolean {
    return other === this || (Array.isArray(other) && pythonRepr(other) === pythonRepr([...this.#items]))
  }

  override toString(): string {
    const shown = this.#items.slice(0, 5).map(pythonRepr).join(", ")
    const label =
      this.#extra["name"] === undefined ? (this.#keys === undefined ? "MappedSequence" : "Row") : "Column"
    return `<agate.${label}: (${shown}${this.#items.length > 5 ? ", ..." : ""})>`
  }
}
