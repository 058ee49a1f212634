import { applyAcceptance } from "../bronze/apply-acceptance.ts"
import { HeldBySchema, recordedChanges } from "../bronze/evolution.ts"
import { heldLandings, recordHeld } from "../bronze/held.ts"
import { loadedLandings, prepareDataset } from "../bronze/ledger.ts"
import type { LoadContext, Neighbours } from "../bronze/load-context.ts"
import { loadLanding, type LoadedLanding } from "../bronze/load-landing.ts"
import { describeChange } from "../bronze/schema-changes.ts"
import { throwIfInterrupted } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import type { LandingKind } from "../core/file-format.ts"
import type { Landing } from "../lake/lake.ts"
import type { LoadOutcome } from "./load.ts"

const KEPT = "What was loaded before is kept; the next load goes on from there."

/**
 * Brings bronze's log of one data set in step with the lake: what people accepted is applied to landings that were taken as
 * partial, landings that are new are loaded, and what is held is written down.
 */
export async function loadDataset(
  context: LoadContext,
  source: string,
  dataset: string,
): Promise<LoadOutcome[]> {
  const { lake, session, names, effects } = context
  const landings = await lake.landings(source, dataset)
  if (landings.length === 0) return []
  const prepared = await prepareDataset(context, source, dataset)
  const loaded = await loadedLandings(session, names, source, dataset)
  const outcomes: LoadOutcome[] = []
  for (const landing of landings) {
    if (landing.kind !== "full" || loaded.get(landing.landingId) !== "partial") continue
    throwIfInterrupted(effects, KEPT)
    outcomes.push(await applyOne(context, landing, neighboursOf(landing, landings, loaded), loaded))
  }
  for (const landing of landings) {
    if (loaded.has(landing.landingId)) continue
    throwIfInterrupted(effects, KEPT)
    const outcome = await loadOne(context, landing, neighboursOf(landing, landings, loaded))
    outcomes.push(outcome)
    if (outcome.status === "loaded") loaded.set(landing.landingId, outcome.kind)
  }
  if (prepared !== undefined) outcomes[0]?.notices.unshift(prepared)
  await writeDownHeld(context, source, dataset, outcomes, loaded)
  return outcomes.map((outcome) => {
    const at = landings.findIndex(({ landingId }) => landingId === outcome.landingId)
    const replaced = landings.slice(at + 1).some((each) => loaded.get(each.landingId) === "full")
    return replaced ? withoutNeed(outcome) : outcome
  })
}

/** The landings around one that the log has, as what it took them. */
function neighboursOf(
  landing: Landing,
  landings: readonly Landing[],
  loaded: ReadonlyMap<string, LandingKind>,
): Neighbours {
  const known = (some: readonly Landing[]) =>
    some.flatMap((each) => {
      const kind = loaded.get(each.landingId)
      return kind === undefined ? [] : [{ ...each, kind }]
    })
  const at = landings.indexOf(landing)
  return { predecessor: known(landings.slice(0, at)).at(-1), successors: known(landings.slice(at + 1)) }
}

async function loadOne(context: LoadContext, landing: Landing, neighbours: Neighbours): Promise<LoadOutcome> {
  return attempt(context, landing, async () => {
    const loaded = await loadLanding(context, landing, neighbours)
    return { status: "loaded", ...loaded, notices: noticesOf(loaded, landing) }
  })
}

async function applyOne(
  context: LoadContext,
  landing: Landing,
  { successors }: Neighbours,
  loaded: Map<string, LandingKind>,
): Promise<LoadOutcome> {
  return attempt(context, landing, async () => {
    const { rowsDeleted, rowsRestated, brought } = await applyAcceptance(context, landing, successors)
    for (const id of [landing.landingId, ...brought]) loaded.set(id, "full")
    const also =
      brought.length === 0
        ? ""
        : `; with it ${brought.join(", ")}, which miss${brought.length === 1 ? "es" : ""} nothing else`
    const notice = `delivery ${landing.landingId} was accepted by ${landing.accepted.deletes?.by}: ${count(rowsDeleted)} records are deleted as of ${landing.asOf}${also}`
    return { ...nothing("full"), status: "accepted", rowsDeleted, rowsRestated, notices: [notice] }
  })
}

/** Does something with a landing, tells of it, and makes an outcome of a failure that is the landing's own. */
async function attempt(
  { effects }: LoadContext,
  { source, dataset, landingId, kind }: Landing,
  work: () => Promise<LoadedLanding & Pick<LoadOutcome, "status" | "notices">>,
): Promise<LoadOutcome> {
  const name = `${source}.${dataset}`
  const started = effects.now().getTime()
  const elapsed = () => effects.now().getTime() - started
  effects.report({ step: "load", name, status: "start" })
  try {
    const done = await work()
    const message = done.notices.length === 0 ? {} : { message: done.notices.join("; ") }
    effects.report({
      step: "load",
      name,
      status: "done",
      rows: done.rowsRead,
      elapsedMs: elapsed(),
      ...message,
    })
    return { source, dataset, landingId, elapsedMs: elapsed(), ...done }
  } catch (error) {
    const held = error instanceof HeldBySchema
    if (!held && (!(error instanceof CartwrightError) || error.code !== "load")) throw error
    effects.report({
      step: "load",
      name,
      status: held ? "warned" : "failed",
      elapsedMs: elapsed(),
      message: error.message,
    })
    const status = held ? "held" : "failed"
    return { source, dataset, landingId, status, elapsedMs: elapsed(), ...nothing(kind), notices: [], error }
  }
}

function nothing(kind: LandingKind): LoadedLanding {
  return {
    kind,
    rowsRead: 0,
    rowsLoaded: 0,
    rowsUnchanged: 0,
    rowsRejected: 0,
    rowsDeleted: 0,
    rowsRestated: 0,
    changes: [],
    missingColumns: [],
  }
}

/** A landing that cannot be read, or is held, matters no more once a later full snapshot is loaded. */
function withoutNeed(outcome: LoadOutcome): LoadOutcome {
  const { error, ...rest } = outcome
  if (error === undefined) return outcome
  return { ...rest, status: "skipped", notices: [`${error.message}; a later snapshot stands in its place`] }
}

async function writeDownHeld(
  context: LoadContext,
  source: string,
  dataset: string,
  outcomes: readonly LoadOutcome[],
  loaded: ReadonlyMap<string, LandingKind>,
): Promise<void> {
  const { lake, kind } = context
  const bySchema = new Map<string, string>()
  for (const { landingId, error } of outcomes)
    if (error instanceof HeldBySchema) bySchema.set(landingId, error.detail)
  // Read again: what was brought along has been accepted meanwhile.
  const landings = await lake.landings(source, dataset)
  for (const { landingId, accepted } of landings) {
    if (accepted.schema === undefined) continue
    const changes = await recordedChanges(context, landingId)
    if (changes !== "") bySchema.set(landingId, changes)
  }
  await recordHeld(context, source, dataset, heldLandings(landings, { kind, loaded, bySchema }))
}

function noticesOf(loaded: LoadedLanding, { landingId, asOf }: Landing): string[] {
  const notices = loaded.changes.map(
    (change) => `${describeChange(change)}, since the delivery as of ${asOf.slice(0, 16).replace("T", " ")}`,
  )
  if (loaded.kind === "partial") {
    notices.push(
      `misses too many records of the snapshot before: taken as partial, nothing is taken as deleted, and nothing is published until it is delivered whole or accepted (\`cartwright accept ${landingId}\`)`,
    )
  }
  if (loaded.rowsRestated > 0) {
    notices.push(`arrived after later landings: ${loaded.rowsRestated} rows restated at their times`)
  }
  if (loaded.rowsRejected > 0) {
    notices.push(`${loaded.rowsRejected} broken records in rejected_lines (landing ${landingId})`)
  }
  return notices
}

function count(n: number): string {
  return n.toLocaleString("en-US")
}
