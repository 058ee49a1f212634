import { DuckDBInstance, DuckDBListValue, DuckDBMapValue, DuckDBStructValue } from "@duckdb/node-api"
import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import type { ResultSet, Row, Session, Warehouse, WarehouseValue } from "../warehouse.ts"

export interface DuckDbOptions {
  /** The database file; `:memory:` for none. Its stem is the catalog name inside stored views: do not rename it. */
  path: string
  /** @defaultValue the number of cores */
  threads?: number
  /**
   * What DuckDB may use for its buffers, e.g. `2GB`. The process peaks well above it.
   * @defaultValue DuckDB's own: 80 % of the machine
   */
  memoryLimit?: string
  /** Where larger-than-memory work spills. @defaultValue beside the file */
  tempDirectory?: string
  readOnly?: boolean
  /** Aborting it interrupts the statements that run; each throws. */
  signal?: AbortSignal
}

/** A session whose statement can be broken off from outside. */
export interface InterruptibleSession extends Session {
  /** The statement that runs throws. */
  interrupt(): void
}

export interface DuckDbWarehouse extends Warehouse {
  session(): Promise<InterruptibleSession>
}

/**
 * Opens (and creates, unless read-only) a DuckDB warehouse. A file that this process has open already, with the same settings,
 * is shared; it is checkpointed and unlocked when the last one closes it.
 * @throws CartwrightError `locked` when another process has the file open for writing, `environment` when it cannot be opened
 */
export async function openDuckDb(options: DuckDbOptions): Promise<DuckDbWarehouse> {
  const settings: Record<string, string> = {
    storage_compatibility_version: "latest",
    // Merged while a run publishes, or when the file is closed, and not between the models.
    checkpoint_threshold: "256MB",
    autoinstall_known_extensions: "false",
  }
  if (options.threads !== undefined) settings["threads"] = String(options.threads)
  if (options.memoryLimit !== undefined) settings["memory_limit"] = options.memoryLimit
  if (options.tempDirectory !== undefined) settings["temp_directory"] = options.tempDirectory
  if (options.readOnly) settings["access_mode"] = "READ_ONLY"
  const isMemory = options.path === ":memory:"
  let instance: DuckDBInstance
  try {
    instance = isMemory
      ? await DuckDBInstance.create(options.path, settings)
      : await DuckDBInstance.fromCache(options.path, settings)
  } catch (cause) {
    throw openingError(options.path, cause)
  }
  const catalog = isMemory ? "memory" : fileStem(options.path)
  const open = new Set<DuckDBConnection>()
  const interrupt = () => open.forEach((connection) => connection.interrupt())
  options.signal?.addEventListener("abort", interrupt)
  return {
    dialect: "duckdb",
    catalog,
    transactionalDdl: true,
    quote: quoteIdentifier,
    literal: quoteLiteral,
    async ensureDataset(name) {
      const connection = await instance.connect()
      try {
        const known = await connection.runAndReadAll(KNOWN_SCHEMA, [catalog, name])
        if (known.currentRowCount > 0) return false
        await connection.run(
          `create schema if not exists ${quoteIdentifier(catalog)}.${quoteIdentifier(name)}`,
        )
        return true
      } finally {
        connection.closeSync()
      }
    },
    async session() {
      const connection = await instance.connect()
      open.add(connection)
      return new DuckDbSession(connection, catalog, () => open.delete(connection))
    },
    async close() {
      options.signal?.removeEventListener("abort", interrupt)
      // The engine stays open, and the file locked, as long as a session does.
      open.forEach((connection) => connection.closeSync())
      open.clear()
      instance.closeSync()
    },
  }
}

/** Quotes an identifier for DuckDB. */
export function quoteIdentifier(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** Quotes a text literal, for the places where DuckDB takes no parameter (COPY, read_csv options). */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

const KNOWN_SCHEMA = "select 1 from duckdb_schemas() where database_name = $1 and schema_name = $2"

class DuckDbSession implements InterruptibleSession {
  readonly #connection: DuckDBConnection
  readonly #catalog: string
  /** Whether it was open. */
  readonly #forget: () => boolean

  constructor(connection: DuckDBConnection, catalog: string, forget: () => boolean) {
    this.#connection = connection
    this.#catalog = catalog
    this.#forget = forget
  }

  async run(sql: string, parameters?: readonly WarehouseValue[]): Promise<number> {
    const result = await this.#connection.run(sql, parameters as DuckDBValue[] | undefined)
    return result.rowsChanged
  }

  async rows<T = Row>(sql: string, parameters?: readonly WarehouseValue[]): Promise<T[]> {
    const { columns, rows } = await this.result(sql, parameters)
    return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])) as T)
  }

  async result(sql: string, parameters?: readonly WarehouseValue[]): Promise<ResultSet> {
    const reader = await this.#connection.runAndReadAll(sql, parameters as DuckDBValue[] | undefined)
    return {
      columns: reader.deduplicatedColumnNames(),
      types: reader.columnTypes().map(String),
      rows: reader.getRows().map((row) => row.map(fromDuckDb)),
    }
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.run("begin transaction")
    let value: T
    try {
      value = await work()
    } catch (error) {
      // The engine may have rolled back by itself; the first error is the one to tell.
      await this.run("rollback").catch(() => undefined)
      throw error
    }
    await this.run("commit")
    return value
  }

  interrupt(): void {
    this.#connection.interrupt()
  }

  async columns(dataset: string, table: string): Promise<string[] | undefined> {
    const rows = await this.rows<{ name: string }>(
      `select column_name as name from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ?
       order by column_index`,
      [this.#catalog, dataset, table],
    )
    return rows.length === 0 ? undefined : rows.map(({ name }) => name)
  }

  close(): void {
    if (this.#forget()) this.#connection.closeSync()
  }
}

function fromDuckDb(value: DuckDBValue): WarehouseValue {
  if (value === null || value === undefined) return null
  if (typeof value !== "object") return value
  if (value instanceof DuckDBListValue) return value.items.map(fromDuckDb)
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([key, entry]) => [key, fromDuckDb(entry)]))
  }
  if (value instanceof DuckDBMapValue) {
    return Object.fromEntries(value.entries.map(({ key, value: entry }) => [String(key), fromDuckDb(entry)]))
  }
  return String(value)
}

function openingError(path: string, cause: unknown): CartwrightError {
  const message = messageOf(cause)
  if (/conflicting lock|being used by another process/i.test(message)) {
    const holder = /PID (\d+)/.exec(message)?.[1]
    return new CartwrightError(
      "locked",
      `another process${holder ? ` (pid ${holder})` : ""} has the warehouse open`,
      {
        place: path,
        next: "Wait until it has finished, or end it, and run the command again.",
        state: "Nothing was changed.",
        cause,
      },
    )
  }
  return new CartwrightError("environment", `cannot open the warehouse: ${message.split("\n")[0]}`, {
    place: path,
    next: "Check that the folder exists, is writable and that the file is a DuckDB 1.5 database.",
    state: "Nothing was changed.",
    cause,
  })
}

function fileStem(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1)
  const dot = name.lastIndexOf(".")
  return dot > 0 ? name.slice(0, dot) : name
}
