import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openDuckDb, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"

/**
 * Where deliveries are read, in DuckDB whatever the warehouse is: only so every record has its number and every broken one its
 * line, and both engines' bronze is the same.
 */
export interface Reader {
  /** Of DuckDB: staged tables are made here. */
  session: Session
  /** Whether these are tables of the warehouse already, in the session that compares them. */
  inWarehouse: boolean
  /** Brings a staged table to where the warehouse sees it. @returns its name there as SQL */
  bring(table: string): Promise<string>
  /** Drops staged tables, here and there. */
  forget(tables: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** Reads within the warehouse that is DuckDB itself. @param session of it, which stays open */
export function readerWithin(session: Session): Reader {
  return {
    session,
    inWarehouse: true,
    bring: async (table) => table,
    forget: (tables) => drop(session, tables),
    close: async () => undefined,
  }
}

/** What reading beside a warehouse may use; it spills to disk. */
const MEMORY = "1GB"

type ParquetWarehouse = Warehouse & Required<Pick<Warehouse, "loadParquet">>

/** Whether what is read has to be brought to a warehouse. */
export function loadsParquet(warehouse: Warehouse): warehouse is ParquetWarehouse {
  return warehouse.loadParquet !== undefined
}

interface Beside {
  warehouse: ParquetWarehouse
  /** Of the warehouse; it stays open. */
  session: Session
  /** Bronze's dataset, to which staged tables are brought: one load of a shop at a time. */
  dataset: string
  signal: AbortSignal
  /** @defaultValue the system's folder for temporary files */
  scratch?: string | undefined
}

/** Reads into a DuckDB file of its own, and brings staged tables to the warehouse as Parquet, each by one load job. */
export async function readerBeside({
  warehouse,
  session: there,
  dataset,
  signal,
  scratch = tmpdir(),
}: Beside): Promise<Reader> {
  await mkdir(scratch, { recursive: true })
  const folder = await mkdtemp(join(scratch, "cartwright-read-"))
  const engine = await openDuckDb({ path: join(folder, "reading.duckdb"), memoryLimit: MEMORY, signal })
  const session = await engine.session()
  const brought = new Map<string, string>()
  const forget = async (tables: readonly string[]) => {
    const names = tables.flatMap((table) => brought.get(table) ?? [])
    await drop(there, names)
    for (const table of tables) brought.delete(table)
  }
  return {
    session,
    inWarehouse: false,
    async bring(table) {
      const path = join(folder, `${table}.parquet`)
      await session.run(`copy ${table} to ${quoteLiteral(path)} (format parquet, compression zstd)`)
      const { columns, types } = await session.result(`select * from ${table} limit 0`)
      const target = `cartwright${table}`
      await warehouse.loadParquet(dataset, target, {
        path,
        columns: columns.map((column, i) => ({ name: column, type: TYPES[types[i] ?? ""] ?? "STRING" })),
      })
      await rm(path)
      const there = [warehouse.catalog, dataset, target].map((part) => warehouse.quote(part)).join(".")
      brought.set(table, there)
      return there
    },
    async forget(tables) {
      await forget(tables)
      await drop(session, tables)
    },
    async close() {
      try {
        await forget([...brought.keys()])
      } finally {
        session.close()
        await engine.close()
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

/** BigQuery's names for the types that staged columns have; text apart. */
const TYPES: Record<string, string> = { BIGINT: "INT64" }

async function drop(session: Session, tables: readonly string[]): Promise<void> {
  if (tables.length > 0) await session.run(tables.map((table) => `drop table if exists ${table}`).join(";\n"))
}
