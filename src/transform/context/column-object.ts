import { TableColumn } from "../adapter/column.ts"
import { PythonError } from "../jinja/index.ts"
import { argument, Attributes, method, textArgument } from "./objects.ts"

/** A column as templates see it. */
export class ColumnObject extends Attributes {
  override readonly typeName = "DuckDBColumn"
  readonly column: TableColumn

  constructor(column: TableColumn) {
    super()
    this.column = column
  }

  protected read(name: string): unknown {
    const { column } = this
    switch (name) {
      case "name":
      case "column":
        return column.column
      case "dtype":
        return column.dtype
      case "data_type":
        return column.dataType
      case "quoted":
        return column.quoted
      case "char_size":
        return column.charSize
      case "numeric_precision":
        return column.numericPrecision
      case "numeric_scale":
        return column.numericScale
      case "is_string":
        return method(name, () => column.isString())
      case "is_number":
        return method(name, () => column.isNumber())
      case "is_numeric":
        return method(name, () => column.isNumeric())
      case "is_integer":
        return method(name, () => column.isInteger())
      case "is_float":
        return method(name, () => column.isFloat())
      case "string_size":
        return method(name, () => {
          if (!column.isString())
            throw new PythonError("RuntimeError", "Called string_size() on non-string field!")
          return column.stringSize()
        })
      case "can_expand_to":
        return method(name, (args) => column.canExpandTo(columnOf(args[0])))
      case "literal":
        return method(name, (args) => `${String(args[0])}::${column.dataType}`)
      default:
        return undefined
    }
  }

  override equals(other: unknown): boolean {
    return other instanceof ColumnObject && other.column.toString() === this.column.toString()
  }

  override toString(): string {
    return this.column.toString()
  }
}

/** The column behind a value that a macro was given. */
export function columnOf(value: unknown): TableColumn {
  if (value instanceof ColumnObject) return value.column
  throw new PythonError("TypeError", "needs a column, for example one of adapter.get_columns_in_relation(…)")
}

/** `api.Column`: makes columns and translates types. */
export class ColumnClass extends Attributes {
  protected read(name: string): unknown {
    switch (name) {
      case "create":
        return method(
          name,
          ([column, type]) =>
            new ColumnObject(new TableColumn(String(column), TableColumn.translateType(String(type)))),
        )
      case "translate_type":
        return method(name, (args) => TableColumn.translateType(textArgument(args, {}, 0, "dtype")))
      case "string_type":
        return method(name, (args) => TableColumn.stringType(Number(args[0])))
      case "numeric_type":
        return method(name, ([type, precision, scale]) =>
          TableColumn.numericType(String(type), precision, scale),
        )
      default:
        return undefined
    }
  }

  override call(args: unknown[], kwargs: Record<string, unknown>): unknown {
    const number = (index: number, name: string): number | null => {
      const value = argument(args, kwargs, index, name)
      return typeof value === "number" ? value : null
    }
    return new ColumnObject(
      new TableColumn(
        textArgument(args, kwargs, 0, "column"),
        textArgument(args, kwargs, 1, "dtype"),
        number(2, "char_size"),
        number(3, "numeric_precision"),
        number(4, "numeric_scale"),
      ),
    )
  }

  override toString(): string {
    return "<class 'dbt.adapters.duckdb.column.DuckDBColumn'>"
  }
}
