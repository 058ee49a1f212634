/**
 * A value as it comes back from a warehouse: 64-bit integers are bigint, decimals and times are text. A time is UTC and reads
 * `2026-01-02 03:04:05.000006`, without zeros at its end; how many of them a decimal has is the engine's.
 */
export type WarehouseValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | WarehouseValue[]
  | { [key: string]: WarehouseValue }
export type Row = Record<string, WarehouseValue>

/** Rows with their column names in order, also when there are no rows. */
export interface ResultSet {
  columns: string[]
  /** The engine's type name per column, e.g. `BIGINT`, `DECIMAL(18,6)`. */
  types: string[]
  rows: WarehouseValue[][]
}

/** One session: statements run one after the other; transactions and temporary tables belong to a session. */
export interface Session {
  /** Runs one or more statements; returns the rows changed by the last one. */
  run(sql: string, parameters?: readonly WarehouseValue[]): Promise<number>
  /** Runs one statement and returns all its rows as objects. For small results. The caller states their type. */
  rows<T = Row>(sql: string, parameters?: readonly WarehouseValue[]): Promise<T[]>
  /** As {@link rows}, with column names and types. */
  result(sql: string, parameters?: readonly WarehouseValue[]): Promise<ResultSet>
  /** Runs `work` in a transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** The names of a stored table's columns, in order; undefined where there is no such table. */
  columns(dataset: string, table: string): Promise<string[] | undefined>
  close(): void
}

/** A warehouse: DuckDB on one machine, BigQuery at scale. Differences are told by capabilities, never by its name. */
export interface Warehouse {
  readonly dialect: "duckdb" | "bigquery"
  /** The database (DuckDB: the file's stem; BigQuery: the project) that qualifies every relation. */
  readonly catalog: string
  /** Whether tables can be made, altered and dropped within a transaction; where not, the engine refuses to. */
  readonly transactionalDdl: boolean
  /** Quotes an identifier, escaping what needs it. */
  quote(identifier: string): string
  /** Quotes a text. */
  literal(text: string): string
  /** What names columns may have; absent where any will do. */
  readonly columnNames?: { allowed(name: string): boolean; rule: string }
  /** Makes the dataset (schema) where there is none. @returns whether it did */
  ensureDataset(name: string): Promise<boolean>
  /**
   * Brings a Parquet file of this machine into a table, which it makes, or whose rows it replaces: all or nothing. Absent where
   * sessions read such files themselves.
   */
  loadParquet?(dataset: string, table: string, file: ParquetFile): Promise<void>
  /**
   * A further session, for work that runs beside this one.
   * @param step whose work it is, where the engine keeps account of that
   */
  session(step?: string): Promise<Session>
  /** Releases the engine; the DuckDB file is checkpointed and unlocked. */
  close(): Promise<void>
}

export interface ParquetFile {
  path: string
  /** Its columns, with the engine's names of their types. */
  columns: readonly { name: string; type: string }[]
}
