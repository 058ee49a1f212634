import type { Effects } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import type { LandingKind } from "../core/file-format.ts"
import type { Lake, Landing } from "../lake/lake.ts"
import { quoteIdentifier, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"
import { appendFromLog, type Appending, appendRows, landingConstants, timestamp } from "./append.ts"
import { compare, type Comparison, forgetDifference, takeAll } from "./diff.ts"
import { lastSequence, recordLanding } from "./ledger.ts"
import type { ReadingRules } from "./reading.ts"
import { type BronzeNames, logColumns, logTable } from "./schema.ts"
import { stageLanding, type Staged } from "./stage-landing.ts"

/** When a full snapshot misses more of its predecessor's records than the greater of the two, it is taken as partial. */
export interface DeleteGuard {
  records: number
  /** Of the predecessor's records, 0 to 1. */
  share: number
}
export const DELETE_GUARD: DeleteGuard = { records: 100, share: 0.2 }

export interface LoadContext {
  lake: Lake
  warehouse: Warehouse
  session: Session
  names: BronzeNames
  rules: ReadingRules
  guard: DeleteGuard
  effects: Effects
}

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
  /** Columns that this landing adds to those of earlier loaded ones. */
  newColumns: string[]
  /** Columns of the data set that this landing does not have. */
  missingColumns: string[]
}

/**
 * Brings one landing into its data set's log: all or nothing.
 * @param successors the landings after it, in the order of extraction, that the log has already
 */
export async function loadLanding(
  context: LoadContext,
  landing: Landing,
  successors: readonly Landing[],
): Promise<LoadedLanding> {
  const { session, names, warehouse } = context
  const table = logTable(landing.source, landing.dataset)
  const existing = await logColumns(session, warehouse, names.schema, table)
  const loaded =
    existing === undefined
      ? await loadFirst(context, landing)
      : await loadNext(context, landing, existing, successors)
  const { rowsRead, rowsLoaded, rowsUnchanged, rowsRejected } = loaded
  if (rowsRead !== rowsLoaded + rowsUnchanged + rowsRejected) {
    throw new Error(
      `landing ${landing.landingId}: ${rowsRead} rows read, but ${rowsLoaded} loaded + ${rowsUnchanged} unchanged + ${rowsRejected} rejected`,
    )
  }
  return loaded
}

/** The first landing of a data set needs no comparison: its staging table, out of sight until then, becomes the log. */
async function loadFirst(context: LoadContext, landing: Landing): Promise<LoadedLanding> {
  const { session, names, effects } = context
  const log = logTable(landing.source, landing.dataset)
  const side = names.table(`${log}__loading`)
  const loadedAt = effects.now().toISOString()
  const seqBase = await lastSequence(session, names)
  try {
    const staged = await stage(context, landing, side, {
      temporary: false,
      key: [],
      constants: { ...landingConstants(landing, loadedAt), _op: "'I'" },
      seqBase,
    })
    const counts = {
      kind: await recordKind(context, landing, { missing: 0, of: 0 }),
      rowsRead: staged.rows + staged.rejected,
      rowsLoaded: staged.rows,
      rowsUnchanged: 0,
      rowsRejected: staged.rejected,
    }
    const sequence = { firstSeq: seqBase + 1n, lastSeq: seqBase + BigInt(counts.rowsRead) }
    await session.transaction(async () => {
      await session.run(`alter table ${side} rename to ${quoteIdentifier(log)}`)
      await recordLanding(session, names, landing, { ...counts, ...sequence, loadedAt })
    })
    return { ...counts, rowsDeleted: 0, rowsRestated: 0, newColumns: [], missingColumns: [] }
  } catch (error) {
    await session.run(`drop table if exists ${side}`).catch(() => undefined)
    throw error
  }
}

async function loadNext(
  context: LoadContext,
  landing: Landing,
  existing: readonly string[],
  successors: readonly Landing[],
): Promise<LoadedLanding> {
  const { session, names, rules, effects } = context
  const log = names.log(landing.source, landing.dataset)
  const loadedAt = effects.now().toISOString()
  const later = await stageSuccessors(context, successors)
  const staged = await stage(context, landing, "_staged", TEMPORARY(rules))
  const comparison: Comparison = {
    log,
    staged: staged.table,
    key: rules.key,
    until: timestamp(landing.extractedAt),
    rejectedTexts: "select raw_text as text from _rejected",
    // Whether an undecided snapshot is partial shows only in the comparison as a full one.
    partial: landing.kind === "partial",
  }
  const seqBase = await lastSequence(session, names)
  const counts = { rowsRead: staged.rows + staged.rejected, rowsRejected: staged.rejected }
  const newColumns = namesBeyond(staged.columns, existing)
  const all = [...existing, ...newColumns]
  let rest = { kind: landing.kind, rowsLoaded: 0, rowsUnchanged: 0, rowsDeleted: 0, rowsRestated: 0 }
  const difference = await (landing.kind === "incremental" ? takeAll : compare)(session, comparison)
  const kind = await recordKind(context, landing, difference)
  const [unchanged] = await session.rows(
    `select count(*) as n from ${staged.table} where rowid not in (select row_id from _appear)`,
  )
  await session.transaction(async () => {
    for (const column of newColumns) {
      await session.run(`alter table ${log} add column ${quoteIdentifier(column)} varchar`)
    }
    const appending = { log, landing, loadedAt, seqBase }
    const rowsLoaded = await appendRows(session, appending, staged.table, staged.columns)
    let seq = seqBase + BigInt(counts.rowsRead)
    const rowsDeleted =
      kind === "full" ? await appendFromLog(session, { ...appending, seqBase: seq }, all) : 0
    seq += BigInt(rowsDeleted)
    let rowsRestated = 0
    for (const { successor, staged: content } of later) {
      const restating = { ...appending, landing: successor, seqBase: seq }
      const restated = await restate(
        session,
        { ...comparison, staged: content.table },
        names,
        restating,
        content,
        all,
      )
      rowsRestated += restated
      seq += BigInt(content.rows + content.rejected + restated)
    }
    rest = {
      kind,
      rowsLoaded,
      rowsUnchanged: Number(unchanged?.["n"]),
      rowsDeleted,
      rowsRestated,
    }
    const sequence = { firstSeq: seqBase + 1n, lastSeq: seq }
    await recordLanding(session, names, landing, { ...counts, ...rest, ...sequence, loadedAt })
  })
  await forgetDifference(session)
  for (const { table } of [staged, ...later.map((each) => each.staged)])
    await session.run(`drop table ${table}`)
  return { ...counts, ...rest, newColumns, missingColumns: namesBeyond(existing, staged.columns) }
}

/**
 * A landing that arrives late changes what later ones were compared with: up to the next full one, their contents are
 * needed again. Incremental ones were appended whole, and need nothing.
 */
async function stageSuccessors(
  context: LoadContext,
  successors: readonly Landing[],
): Promise<{ successor: Landing; staged: Staged }[]> {
  const later: { successor: Landing; staged: Staged }[] = []
  for (const successor of successors) {
    if (successor.kind === "incremental") continue
    const table = `_staged_later_${later.length}`
    later.push({ successor, staged: await stage(context, successor, table, TEMPORARY(context.rules)) })
    if (successor.kind === "full") break
  }
  return later
}

/** Appends, at a later landing's time, what makes the state at that time its content again. @returns how many rows */
async function restate(
  session: Session,
  comparison: Comparison,
  names: BronzeNames,
  appending: Appending & { landing: Landing },
  content: Staged,
  columns: readonly string[],
): Promise<number> {
  const { landing, seqBase } = appending
  await compare(session, {
    ...comparison,
    until: timestamp(landing.extractedAt),
    rejectedTexts: `select raw_text as text from ${names.rejectedLines} where landing_id = ${quoteLiteral(landing.landingId)}`,
    partial: appending.landing.kind === "partial",
  })
  const appended = await appendRows(session, appending, content.table, content.columns)
  const afterRows = seqBase + BigInt(content.rows + content.rejected)
  return appended + (await appendFromLog(session, { ...appending, seqBase: afterRows }, columns))
}

const TEMPORARY = ({ key }: ReadingRules) => ({ temporary: true, key, constants: {}, seqBase: undefined })

async function stage(
  context: LoadContext,
  landing: Landing,
  table: string,
  shape: Omit<Parameters<typeof stageLanding>[2], "table">,
): Promise<Staged> {
  const { session, lake, rules, effects } = context
  const staged = await stageLanding({ session, storage: lake.storage, rules, effects }, landing, {
    ...shape,
    table,
  })
  const missing = namesBeyond(rules.key, staged.columns)
  if (missing.length === 0) return staged
  throw new CartwrightError(
    "load",
    `${landing.source}.${landing.dataset} has no column ${missing.join(", ")}, which its key names`,
    {
      place: landing.files.map((file) => file.name).join(", "),
      choices: staged.columns,
      next: "Correct `key` of the data set in cartwright.yaml.",
      state: "The landing is kept in the lake; bronze is unchanged.",
    },
  )
}

/** Records whether a full snapshot is taken as full or as partial, unless that was decided before. */
async function recordKind(
  { lake, guard, effects }: LoadContext,
  landing: Landing,
  { missing, of }: { missing: number; of: number },
): Promise<LandingKind> {
  if (landing.kind === "incremental" || landing.kindDecided) return landing.kind
  const allowed = Math.max(guard.records, Math.floor(guard.share * of))
  const kind = missing > allowed ? "partial" : "full"
  return lake.decideKind(landing, { kind, missing, of, allowed, decidedAt: effects.now().toISOString() })
}

/** The names that the others do not have; letter case aside. */
function namesBeyond(names: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others.map((name) => name.toLowerCase()))
  return names.filter((name) => !known.has(name.toLowerCase()))
}
