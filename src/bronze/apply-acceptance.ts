import type { Landing } from "../lake/lake.ts"
import type { Session } from "../warehouse/warehouse.ts"
import { FOR_COMPARISON, stageContent } from "./content.ts"
import { forgetDifference } from "./diff.ts"
import { lastSequence, raiseSequence } from "./ledger.ts"
import { allowedToMiss, type LoadContext } from "./load-context.ts"
import { restate, stageSuccessors } from "./restate.ts"
import { type BronzeNames, logColumns, logTable } from "./schema.ts"

/** What taking a held landing's deletes did. */
export interface AppliedAcceptance {
  rowsDeleted: number
  /** Rows appended at the times of later landings. */
  rowsRestated: number
  /** Later landings that were held for the same missing records only, and are full now too. */
  brought: string[]
}

/**
 * Makes a landing full that the log took as partial: what it does not hold is appended as deleted at its time, as if it had
 * been full from the start, and what later landings hold of it comes back at theirs.
 * @param landing accepted, so its kind is `full`
 * @param successors later landings that the log has, with the kinds that it took them as
 */
export async function applyAcceptance(
  context: LoadContext,
  landing: Landing,
  successors: readonly Landing[],
): Promise<AppliedAcceptance> {
  const { session, reader, names, effects } = context
  const { source, dataset } = landing
  const log = names.log(source, dataset)
  const columns = await logColumns(session, names.schema, logTable(source, dataset))
  if (columns === undefined) throw new Error(`landing ${landing.landingId} is recorded but has no log`)
  const later = await stageSuccessors(context, successors)
  const staged = await stageContent(context, landing, "_staged", FOR_COMPARISON)
  const table = await reader.bring(staged.table)
  const appending = { log, landing, loadedAt: effects.now().toISOString() }
  const seqBase = await lastSequence(session, names)
  const applied: AppliedAcceptance = { rowsDeleted: 0, rowsRestated: 0, brought: [] }
  await session.transaction(async () => {
    const own = await restate(context, { ...appending, seqBase }, { staged, table }, columns, false)
    applied.rowsDeleted = own.appended
    await takeAsFull(session, names, landing)
    let seq = own.lastSeq
    for (const { successor, ...content } of later) {
      const restating = { ...appending, landing: successor, seqBase: seq }
      const partial =
        successor.kind === "partial" &&
        (async (difference: { missing: number; of: number }) =>
          !(await bringAlong(context, successor, landing, difference)))
      const restated = await restate(context, restating, content, columns, partial)
      if (successor.kind === "partial" && !restated.partial) {
        await takeAsFull(session, names, successor)
        applied.brought.push(successor.landingId)
      }
      applied.rowsRestated += restated.appended
      seq = restated.lastSeq
    }
    await raiseSequence(session, names, source, dataset, seq)
  })
  await forgetDifference(session)
  await reader.forget([staged, ...later.map((each) => each.staged)].map((each) => each.table))
  return applied
}

/**
 * A later snapshot that was held for the records which this acceptance took away has nothing left to be held for. That is
 * recorded as an acceptance of its own. @returns whether it is so
 */
async function bringAlong(
  { lake, guard, effects }: LoadContext,
  successor: Landing,
  landing: Landing,
  { missing, of }: { missing: number; of: number },
): Promise<boolean> {
  const accepted = landing.accepted.deletes
  if (accepted === undefined || missing > allowedToMiss(guard, of)) return false
  const { by, reason } = accepted
  const at = effects.now().toISOString()
  await lake.accept(successor, "deletes", { by, at, reason, follows: landing.landingId })
  return true
}

async function takeAsFull(session: Session, names: BronzeNames, { landingId }: Landing): Promise<void> {
  await session.run(`update ${names.landings} set kind = 'full' where landing_id = ?`, [landingId])
}
