import type { Landing } from "../lake/lake.ts"
import { appendFromLog, type Appending, appendRows, timestamp } from "./append.ts"
import { FOR_COMPARISON, stageContent, takenColumns } from "./content.ts"
import { compare, type Comparison, type Difference } from "./diff.ts"
import type { LoadContext } from "./load-context.ts"
import type { Staged } from "./stage-landing.ts"

/** A landing that the log has, with its content read again. */
export interface StagedSuccessor {
  successor: Landing
  staged: Staged
  /** SQL name of the staged table in the warehouse. */
  table: string
}

/**
 * A change at an earlier time changes what later landings were compared with: up to the next full one, their contents are
 * needed again. Incremental ones were appended whole, and need nothing.
 */
export async function stageSuccessors(
  context: LoadContext,
  successors: readonly Landing[],
): Promise<StagedSuccessor[]> {
  const later: StagedSuccessor[] = []
  for (const successor of successors) {
    if (successor.kind === "incremental") continue
    const staged = await stageContent(context, successor, `_staged_later_${later.length}`, FOR_COMPARISON)
    later.push({ successor, staged, table: await context.reader.bring(staged.table) })
    if (successor.kind === "full") break
  }
  return later
}

/**
 * Appends, at a later landing's time, what makes the state at that time its content again.
 * @param partial whether what it does not hold stays; decided by what is missing, where that is left open
 * @param columns all delivered columns of the log
 */
export async function restate(
  context: LoadContext,
  appending: Appending & { landing: Landing },
  { staged: content, table }: Pick<StagedSuccessor, "staged" | "table">,
  columns: readonly string[],
  partial: boolean | ((difference: Difference) => Promise<boolean>) = appending.landing.kind === "partial",
): Promise<{ appended: number; lastSeq: bigint; partial: boolean }> {
  const { names, rules, warehouse } = context
  const { landing, seqBase, log } = appending
  const comparison: Comparison = {
    log,
    staged: table,
    key: rules.key,
    until: timestamp(landing.extractedAt),
    rejectedTexts:
      content.rejected === 0
        ? undefined
        : `select raw_text as text from ${names.rejectedLines} where landing_id = ${warehouse.literal(landing.landingId)}`,
    partial: partial === true,
  }
  const difference = await compare(context, comparison)
  const stays = typeof partial === "boolean" ? partial : await partial(difference)
  if (stays && typeof partial !== "boolean") await compare(context, { ...comparison, partial: true })
  const rows = await appendRows(context, appending, table, takenColumns(content))
  const afterRows = seqBase + BigInt(content.rows + content.rejected)
  const deletes = await appendFromLog(context, { ...appending, seqBase: afterRows }, columns)
  return { appended: rows + deletes, lastSeq: afterRows + BigInt(deletes), partial: stays }
}
