const STRING_TYPES = ["text", "character varying", "character", "varchar"]
const INTEGER_TYPES = [
  "smallint",
  "integer",
  "bigint",
  "smallserial",
  "serial",
  "bigserial",
  "int2",
  "int4",
  "int8",
  "serial2",
  "serial4",
  "serial8",
  "tinyint",
  "hugeint",
  "utinyint",
  "usmallint",
  "uinteger",
  "ubigint",
  "uhugeint",
]
const FLOAT_TYPES = ["real", "float4", "float", "double precision", "float8", "double"]
const LABELS: Record<string, string> = { STRING: "TEXT" }

/** A column as macros see it: name and type, with the questions that they ask about types. */
export class TableColumn {
  readonly column: string
  readonly dtype: string
  readonly charSize: number | null
  readonly numericPrecision: number | null
  readonly numericScale: number | null

  constructor(
    column: string,
    dtype: string,
    charSize: number | null = null,
    numericPrecision: number | null = null,
    numericScale: number | null = null,
  ) {
    this.column = column
    this.dtype = dtype
    this.charSize = charSize
    this.numericPrecision = numericPrecision
    this.numericScale = numericScale
  }

  /** A type of dbt's own names in the engine's. */
  static translateType(dtype: string): string {
    return LABELS[dtype.toUpperCase()] ?? dtype
  }

  static stringType(size: number): string {
    return `character varying(${size})`
  }

  static numericType(dtype: string, precision: unknown, scale: unknown): string {
    return precision === null || precision === undefined || scale === null || scale === undefined
      ? dtype
      : `${dtype}(${String(precision)},${String(scale)})`
  }

  get quoted(): string {
    return `"${this.column}"`
  }

  get dataType(): string {
    if (this.isString()) return TableColumn.stringType(this.stringSize())
    if (this.isNumeric()) return TableColumn.numericType(this.dtype, this.numericPrecision, this.numericScale)
    return this.dtype
  }

  isString(): boolean {
    return STRING_TYPES.includes(this.dtype.toLowerCase())
  }

  isNumeric(): boolean {
    return ["numeric", "decimal"].includes(this.dtype.toLowerCase())
  }

  isInteger(): boolean {
    return INTEGER_TYPES.includes(this.dtype.toLowerCase())
  }

  isFloat(): boolean {
    return FLOAT_TYPES.includes(this.dtype.toLowerCase())
  }

  isNumber(): boolean {
    return this.isInteger() || this.isFloat() || this.isNumeric()
  }

  stringSize(): number {
    if (!this.isString()) throw new Error("Called string_size() on non-string field!")
    return this.dtype === "text" || this.charSize === null ? 256 : this.charSize
  }

  canExpandTo(other: TableColumn): boolean {
    return this.isString() && other.isString() && other.stringSize() > this.stringSize()
  }

  toString(): string {
    const size = [this.charSize, this.numericPrecision, this.numericScale].map((n) =>
      n === null ? "None" : String(n),
    )
    return `DuckDBColumn(column='${this.column}', dtype='${this.dtype}', char_size=${size[0]}, numeric_precision=${size[1]}, numeric_scale=${size[2]}, fields=[])`
  }
}
