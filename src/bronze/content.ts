import { CartwrightError } from "../core/errors.ts"
import type { Landing } from "../lake/lake.ts"
import { columnsOf } from "./columns.ts"
import type { LoadContext } from "./load-context.ts"
import { type Staged, stageLanding } from "./stage-landing.ts"
import type { StagingShape } from "./staging.ts"

/** How a landing is staged that is to be compared with the log. */
export const FOR_COMPARISON: Omit<StagingShape, "table" | "leavesOut"> = {
  temporary: true,
  constants: {},
  seqBase: undefined,
}

/**
 * Reads a landing into a staging table; what its data set's schema leaves out is staged but marked.
 * @param existing the columns of the log, where there is one
 * @throws CartwrightError `load` when it lacks a column of the key, or the warehouse cannot name one of its columns
 */
export async function stageContent(
  context: LoadContext,
  landing: Landing,
  table: string,
  shape: Omit<StagingShape, "table" | "leavesOut">,
  existing?: readonly string[],
): Promise<Staged> {
  const { reader, lake, rules, effects } = context
  const leavesOut = await leftOutBy(context, landing, existing)
  const { session } = reader
  const reading = { session, storage: lake.storage, rules, effects, scratch: context.scratch }
  const staged = await stageLanding(reading, landing, { ...shape, table, leavesOut })
  const taken = takenColumns(staged)
  refuseNames(context, landing, taken)
  const missing = namesBeyond(rules.key, taken)
  if (missing.length === 0) return staged
  throw new CartwrightError(
    "load",
    `${landing.source}.${landing.dataset} has no column ${missing.join(", ")}, which its key names`,
    {
      place: landing.files.map((file) => file.name).join(", "),
      choices: staged.columns,
      next: "Correct `key` of the data set in cartwright.yaml, or have it delivered with that column.",
      state: "The landing is kept in the lake; bronze is unchanged.",
    },
  )
}

function refuseNames({ warehouse }: LoadContext, landing: Landing, columns: readonly string[]): void {
  const { columnNames } = warehouse
  const refused = columns.filter((name) => columnNames?.allowed(name) === false)
  if (refused.length === 0) return
  const names = refused.map((name) => JSON.stringify(name)).join(", ")
  throw new CartwrightError(
    "load",
    `${landing.source}.${landing.dataset} has columns that the warehouse cannot name: ${names}`,
    {
      place: landing.files.map((file) => file.name).join(", "),
      next: `Have it delivered with other names, and load again. ${columnNames?.rule}`,
      state: "The landing is kept in the lake; bronze is unchanged.",
    },
  )
}

/** The columns of a staged landing that its log takes. */
export function takenColumns({ columns, leftOut }: Staged): string[] {
  return columns.filter((column) => !leftOut.includes(column))
}

/**
 * Which columns a frozen schema leaves out: those that bronze left out when it took the landing; those that were decided
 * then, where bronze is built again; else those that the log does not have.
 */
async function leftOutBy(
  context: LoadContext,
  landing: Landing,
  existing: readonly string[] | undefined,
): Promise<((column: string) => boolean) | undefined> {
  if (context.schema !== "freeze") return undefined
  if (landing.decided !== undefined) {
    const columns = await columnsOf(context, landing)
    const leftOut = columns?.filter(({ taken }) => !taken).map(({ name }) => name) ?? landing.decided.leftOut
    return (column) => leftOut.includes(column)
  }
  if (existing === undefined) return undefined
  return (column) => namesBeyond([column], existing).length > 0
}

/** The names that the others do not have; letter case aside. */
export function namesBeyond(names: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others.map((name) => name.toLowerCase()))
  return names.filter((name) => !known.has(name.toLowerCase()))
}
