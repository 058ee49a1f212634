import type { Effects } from "../core/effects.ts"
import { throwIfInterrupted } from "../core/effects.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"
import type { TableToPublish } from "./tables.ts"
import type { PublishedTable } from "./version.ts"
import { rowsToWrite, type Target, writeTable, type WrittenTable } from "./write-table.ts"

/** Rows to write from which on a table has the engine for itself. */
const LARGE = 1_000_000

export interface WrittenTables {
  /** By name, in the order of the tables. */
  tables: Record<string, PublishedTable>
  /** Partitions written, and partitions linked. */
  written: number
  linked: number
}

/**
 * Writes tables, small ones two at a time: the engine writes a small one with one core. Large ones, which take all cores and
 * the memory for it, are written one after the other.
 * @param session one session; another is opened beside it
 * @param state what is published meanwhile, for the error of an interruption
 */
export async function writeTables(
  warehouse: Warehouse,
  session: Session,
  tables: readonly TableToPublish[],
  { target, effects, state }: { target: Target; effects: Effects; state: string },
): Promise<WrittenTables> {
  const results = new Map<string, WrittenTable>()
  const write = async (on: Session, queue: TableToPublish[]): Promise<void> => {
    for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
      throwIfInterrupted(effects, state)
      const began = effects.now().getTime()
      effects.report({ step: "publish", name: table.name, status: "start" })
      const result = await writeTable(on, table, target)
      results.set(table.name, result)
      effects.report({
        step: "publish",
        name: table.name,
        status: "done",
        rows: result.table.rows,
        bytes: result.table.bytes,
        elapsedMs: effects.now().getTime() - began,
      })
    }
  }
  const rows = (table: TableToPublish) => rowsToWrite(table, target.previous)
  const isLarge = (table: TableToPublish) => rows(table) >= LARGE
  await write(session, tables.filter(isLarge))
  // The longest first, so that both sessions end together.
  const small = tables.filter((table) => !isLarge(table)).sort((a, b) => rows(b) - rows(a))
  const beside = await warehouse.session()
  try {
    const ended = await Promise.allSettled([write(session, small), write(beside, small)])
    for (const each of ended) if (each.status === "rejected") throw each.reason
  } finally {
    beside.close()
  }
  const inOrder = tables.map(({ name }) => [name, results.get(name) as WrittenTable] as const)
  return {
    tables: Object.fromEntries(inOrder.map(([name, { table }]) => [name, table])),
    written: inOrder.reduce((sum, [, { written }]) => sum + written, 0),
    linked: inOrder.reduce((sum, [, { linked }]) => sum + linked, 0),
  }
}
