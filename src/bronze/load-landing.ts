import type { LandingKind } from "../core/file-format.ts"
import type { Landing } from "../lake/lake.ts"
import { quoteIdentifier } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { appendFromLog, appendRows, landingConstants, timestamp } from "./append.ts"
import { type ColumnFacts, forgetColumns, observeColumns, recordColumns } from "./columns.ts"
import { FOR_COMPARISON, namesBeyond, stageContent, takenColumns } from "./content.ts"
import { compare, type Comparison, type Difference, forgetDifference, takeAll } from "./diff.ts"
import { changesAround, forgetChanges, recordChanges, refuseHeld } from "./evolution.ts"
import { lastSequence, recordLanding } from "./ledger.ts"
import { allowedToMiss, type LoadContext, type Neighbours } from "./load-context.ts"
import { restate, stageSuccessors } from "./restate.ts"
import { type SchemaChange, stops } from "./schema-changes.ts"
import { addColumns, createLog, logColumns, logTable } from "./schema.ts"
import type { Staged } from "./stage-landing.ts"

/** What loading a landing did. `rowsRead = rowsLoaded + rowsUnchanged + rowsRejected`. */
export interface LoadedLanding {
  kind: LandingKind
  rowsRead: number
  rowsLoaded: number
  rowsUnchanged: number
  rowsRejected: number
  rowsDeleted: number
  /** Rows appended at the times of later landings, because this one arrived after them. */
  rowsRestated: number
  /** How its columns differ from those of the landing before it in time. */
  changes: SchemaChange[]
  /** Columns of bronze's log that this landing does not have: null in its rows. */
  missingColumns: string[]
}

/**
 * Brings one landing into its data set's log: all or nothing.
 * @throws HeldBySchema when its columns changed and the data set's schema says stop
 */
export async function loadLanding(
  context: LoadContext,
  landing: Landing,
  neighbours: Neighbours,
): Promise<LoadedLanding> {
  const { session, reader, names } = context
  const existing = await logColumns(session, names.schema, logTable(landing.source, landing.dataset))
  const loaded =
    existing === undefined && reader.inWarehouse
      ? await loadFirst(context, landing)
      : await loadNext(context, landing, existing, neighbours)
  const { rowsRead, rowsLoaded, rowsUnchanged, rowsRejected } = loaded
  if (rowsRead !== rowsLoaded + rowsUnchanged + rowsRejected) {
    throw new Error(
      `landing ${landing.landingId}: ${rowsRead} rows read, but ${rowsLoaded} loaded + ${rowsUnchanged} unchanged + ${rowsRejected} rejected`,
    )
  }
  return loaded
}

/**
 * The first landing of a data set needs no comparison: where it is staged in the warehouse, its staging table, out of sight until
 * then, becomes the log.
 */
async function loadFirst(context: LoadContext, landing: Landing): Promise<LoadedLanding> {
  const { session, names, effects } = context
  const log = logTable(landing.source, landing.dataset)
  const side = names.table(`${log}__loading`)
  const loadedAt = effects.now().toISOString()
  const seqBase = await lastSequence(session, names)
  try {
    const staged = await stageContent(context, landing, side, {
      temporary: false,
      constants: { ...landingConstants(context, landing, loadedAt), _op: "'I'" },
      seqBase,
    })
    const columns = await observeColumns(session, staged)
    for (const column of staged.leftOut)
      await session.run(`alter table ${side} drop column ${quoteIdentifier(column)}`)
    const counts = {
      kind: await decideKind(context, landing, { columns, changes: [] }, { missing: 0, of: 0 }),
      rowsRead: staged.rows + staged.rejected,
      rowsLoaded: staged.rows,
      rowsUnchanged: 0,
      rowsRejected: staged.rejected,
    }
    const sequence = { firstSeq: seqBase + 1n, lastSeq: seqBase + BigInt(counts.rowsRead) }
    await forgetColumns(context, landing)
    await session.transaction(async () => {
      await session.run(`alter table ${side} rename to ${quoteIdentifier(log)}`)
      await recordLanding(context, landing, { ...counts, ...sequence, loadedAt }, rejectedOf(staged))
      await recordColumns(context, landing, columns)
    })
    return { ...counts, rowsDeleted: 0, rowsRestated: 0, changes: [], missingColumns: [] }
  } catch (error) {
    await session.run(`drop table if exists ${side}`).catch(() => undefined)
    throw error
  }
}

/** @param existing the columns of the log; undefined where there is none yet */
async function loadNext(
  context: LoadContext,
  landing: Landing,
  existing: readonly string[] | undefined,
  neighbours: Neighbours,
): Promise<LoadedLanding> {
  const { session, reader, warehouse, names, rules, effects } = context
  const log = names.log(landing.source, landing.dataset)
  const loadedAt = effects.now().toISOString()
  await refuseHeld(context, landing, neighbours.predecessor)
  const later = await stageSuccessors(context, neighbours.successors)
  const staged = await stageContent(context, landing, "_staged", FOR_COMPARISON, existing)
  const columns = await observeColumns(reader.session, staged)
  const changes = await changesAround(context, { landing, columns, table: staged.table }, neighbours)
  const table = await reader.bring(staged.table)
  const rejected = staged.rejected === 0 ? undefined : await reader.bring(REJECTED)
  const taken = takenColumns(staged)
  const newColumns = namesBeyond(taken, existing ?? [])
  const all = [...(existing ?? []), ...newColumns]
  const makeRoom = () =>
    existing === undefined ? createLog(context, log, newColumns) : addColumns(context, log, newColumns)
  if (!warehouse.transactionalDdl) await makeRoom()
  const comparison: Comparison = {
    log,
    staged: table,
    key: rules.key,
    until: timestamp(landing.extractedAt),
    rejectedTexts: rejected === undefined ? undefined : `select raw_text as text from ${rejected}`,
    // Whether an undecided snapshot is partial shows only in the comparison as a full one.
    partial: landing.kind === "partial",
  }
  const seqBase = await lastSequence(session, names)
  const counts = { rowsRead: staged.rows + staged.rejected, rowsRejected: staged.rejected }
  let rest = { kind: landing.kind, rowsLoaded: 0, rowsUnchanged: 0, rowsDeleted: 0, rowsRestated: 0 }
  const difference = await (landing.kind === "incremental" ? takeAll : compare)(context, comparison)
  const own = changes.find((each) => each.landing === landing)?.changes ?? []
  const kind = await decideKind(context, landing, { columns, changes: own }, difference)
  const rowsUnchanged = staged.rows - difference.appearing
  // Not in the transaction, which then only inserts: left open by a process that was killed, it is in nobody's way on BigQuery.
  await forgetColumns(context, landing)
  await forgetChanges(context, changes)
  await session.transaction(async () => {
    if (warehouse.transactionalDdl) await makeRoom()
    const appending = { log, landing, loadedAt, seqBase }
    const rowsLoaded = await appendRows(context, appending, table, taken)
    let seq = seqBase + BigInt(counts.rowsRead)
    const rowsDeleted =
      kind === "full" ? await appendFromLog(context, { ...appending, seqBase: seq }, all) : 0
    seq += BigInt(rowsDeleted)
    let rowsRestated = 0
    for (const { successor, ...content } of later) {
      const restating = { ...appending, landing: successor, seqBase: seq }
      const restated = await restate(context, restating, content, all)
      rowsRestated += restated.appended
      seq = restated.lastSeq
    }
    rest = { kind, rowsLoaded, rowsUnchanged, rowsDeleted, rowsRestated }
    const sequence = { firstSeq: seqBase + 1n, lastSeq: seq }
    await recordLanding(context, landing, { ...counts, ...rest, ...sequence, loadedAt }, rejected)
    await recordColumns(context, landing, columns)
    await recordChanges(context, changes)
  })
  await forgetDifference(session)
  await reader.forget([staged, ...later.map((each) => each.staged)].map((each) => each.table))
  return { ...counts, ...rest, changes: own, missingColumns: namesBeyond(existing ?? [], taken) }
}

const REJECTED = "_rejected"

function rejectedOf({ rejected }: Staged): string | undefined {
  return rejected === 0 ? undefined : REJECTED
}

/**
 * Decides how a landing is taken, full or partial and with which columns, and records it, unless that was done before. An
 * incremental one needs no record where there was nothing to decide.
 */
async function decideKind(
  { lake, guard, effects, schema }: LoadContext,
  landing: Landing,
  { columns, changes }: { columns: readonly ColumnFacts[]; changes: readonly SchemaChange[] },
  { missing, of }: Pick<Difference, "missing" | "of">,
): Promise<LandingKind> {
  if (landing.decided !== undefined) return landing.kind
  if (landing.kind === "incremental" && schema === "evolve" && !changes.some(stops)) return landing.kind
  const allowed = allowedToMiss(guard, of)
  const kind = landing.kind === "full" && missing > allowed ? "partial" : landing.kind
  const leftOut = columns.filter(({ taken }) => !taken).map(({ name }) => name)
  const decidedAt = effects.now().toISOString()
  const decided = await lake.decide(landing, { kind, missing, of, allowed, leftOut, decidedAt })
  return decided.kind
}
