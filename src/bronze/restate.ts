import type { Landing } from "../lake/lake.ts"
import { quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { appendFromLog, type Appending, appendRows, timestamp } from "./append.ts"
import { forComparison, stageContent, takenColumns } from "./content.ts"
import { compare, type Comparison, type Difference } from "./diff.ts"
import type { LoadContext } from "./load-context.ts"
import type { Staged } from "./stage-landing.ts"

/** A landing that the log has, with its content read again. */
export interface StagedSuccessor {
  successor: Landing
  staged: Staged
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
    const table = `_staged_later_${later.length}`
    later.push({ successor, staged: await stageContent(context, successor, table, forComparison(context)) })
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
  { session, names, rules }: LoadContext,
  appending: Appending & { landing: Landing },
  content: Staged,
  columns: readonly string[],
  partial: boolean | ((difference: Difference) => Promise<boolean>) = appending.landing.kind === "partial",
): Promise<{ appended: number; lastSeq: bigint; partial: boolean }> {
  const { landing, seqBase, log } = appending
  const comparison: Comparison = {
    log,
    staged: content.table,
    key: rules.key,
    until: timestamp(landing.extractedAt),
    rejectedTexts: `select raw_text as text from ${names.rejectedLines} where landing_id = ${quoteLiteral(landing.landingId)}`,
    partial: partial === true,
  }
  const difference = await compare(session, comparison)
  const stays = typeof partial === "boolean" ? partial : await partial(difference)
  if (stays && typeof partial !== "boolean") await compare(session, { ...comparison, partial: true })
  const rows = await appendRows(session, appending, content.table, takenColumns(content))
  const afterRows = seqBase + BigInt(content.rows + content.rejected)
  const deletes = await appendFromLog(session, { ...appending, seqBase: afterRows }, columns)
  return { appended: rows + deletes, lastSeq: afterRows + BigInt(deletes), partial: stays }
}
