import { engineError, isResourceError } from "../bronze/engine-errors.ts"
import { prepareDataset, loadedLandings } from "../bronze/ledger.ts"
import {
  DELETE_GUARD,
  type DeleteGuard,
  loadLanding,
  type LoadContext,
  type LoadedLanding,
} from "../bronze/load-landing.ts"
import type { ReadingRules } from "../bronze/reading.ts"
import { bronzeNames, createBronze } from "../bronze/schema.ts"
import type { DatasetDeclaration, SourceDeclaration } from "../connectors/files/declaration.ts"
import { type Effects, throwIfInterrupted } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import type { Lake, Landing } from "../lake/lake.ts"
import type { Warehouse } from "../warehouse/warehouse.ts"

export interface LoadOptions {
  lake: Lake
  warehouse: Warehouse
  /** @defaultValue "bronze" */
  bronzeSchema?: string | undefined
  sources: readonly SourceDeclaration[]
  effects: Effects
  /** Only these data sets, as `source.dataset` or `source`. @defaultValue all */
  select?: readonly string[] | undefined
  /** @defaultValue 100 records or 20 %, whichever is more */
  deleteGuard?: DeleteGuard | undefined
}

/**
 * What loading one landing did. `rowsRead = rowsLoaded + rowsUnchanged + rowsRejected`, always; `rowsDeleted` (records
 * that a full snapshot no longer holds) and `rowsRestated` (see there) come on top.
 */
export interface LoadOutcome extends LoadedLanding {
  source: string
  dataset: string
  landingId: string
  /**
   * `failed`: it cannot be read; it stays in the lake and is tried again by the next load; all counts are 0.
   * `skipped`: the same, but a later full snapshot is loaded, so nothing is missed.
   */
  status: "loaded" | "failed" | "skipped"
  elapsedMs: number
  /** Plain sentences for a person: columns announced, a snapshot taken as partial … */
  notices: string[]
  /** When failed. */
  error?: CartwrightError
}

/**
 * Brings every landing that bronze does not have yet into the change log, in the order of extraction. A landing that
 * cannot be read is told in its outcome; the others go on.
 * @throws CartwrightError `environment` (disk full, memory), `lake` or `interrupted`: these stop the step
 */
export async function loadLandings(options: LoadOptions): Promise<LoadOutcome[]> {
  const { lake, warehouse, effects } = options
  if (warehouse.dialect !== "duckdb") {
    throw new CartwrightError("unsupported", `loading into ${warehouse.dialect} is not built`, {
      choices: ["duckdb"],
    })
  }
  const session = await warehouse.session()
  try {
    const names = bronzeNames(warehouse, options.bronzeSchema ?? "bronze")
    await createBronze(session, names)
    const outcomes: LoadOutcome[] = []
    for (const { source, dataset, declared } of selectedDatasets(options)) {
      const guard = options.deleteGuard ?? DELETE_GUARD
      const context: LoadContext = {
        lake,
        warehouse,
        session,
        names,
        rules: rulesOf(declared),
        guard,
        effects,
      }
      outcomes.push(...(await loadDataset(context, source, dataset)))
    }
    return outcomes
  } catch (error) {
    throwIfInterrupted(effects, KEPT)
    throw !(error instanceof CartwrightError) && isResourceError(error) ? engineError(error) : error
  } finally {
    session.close()
  }
}

const KEPT = "What was loaded before is kept; the next load goes on from there."

async function loadDataset(context: LoadContext, source: string, dataset: string): Promise<LoadOutcome[]> {
  const { lake, warehouse, session, names, rules, effects } = context
  const landings = await lake.landings(source, dataset)
  if (landings.length === 0) return []
  const prepared = await prepareDataset(session, warehouse, names, source, dataset, rules)
  const loaded = await loadedLandings(session, names, source, dataset)
  const outcomes: LoadOutcome[] = []
  for (const [i, landing] of landings.entries()) {
    if (loaded.has(landing.landingId)) continue
    throwIfInterrupted(effects, KEPT)
    const successors = landings.slice(i + 1).filter((each) => loaded.has(each.landingId))
    const outcome = await loadOne(context, landing, successors)
    if (outcomes.length === 0 && prepared !== undefined) outcome.notices.unshift(prepared)
    outcomes.push(outcome)
    if (outcome.status === "loaded") loaded.add(landing.landingId)
  }
  return outcomes.map((outcome) => {
    const at = landings.findIndex(({ landingId }) => landingId === outcome.landingId)
    const replaced = landings.slice(at + 1).some((each) => each.kind === "full" && loaded.has(each.landingId))
    return replaced ? withoutNeed(outcome) : outcome
  })
}

async function loadOne(
  context: LoadContext,
  landing: Landing,
  successors: readonly Landing[],
): Promise<LoadOutcome> {
  const { effects } = context
  const { source, dataset, landingId } = landing
  const name = `${source}.${dataset}`
  const started = effects.now().getTime()
  const elapsed = () => effects.now().getTime() - started
  effects.report({ step: "load", name, status: "start" })
  try {
    const loaded = await loadLanding(context, landing, successors)
    const notices = noticesOf(loaded, landing)
    const message = notices.length === 0 ? {} : { message: notices.join("; ") }
    effects.report({
      step: "load",
      name,
      status: "done",
      rows: loaded.rowsRead,
      elapsedMs: elapsed(),
      ...message,
    })
    return { source, dataset, landingId, status: "loaded", elapsedMs: elapsed(), notices, ...loaded }
  } catch (error) {
    if (!(error instanceof CartwrightError) || error.code !== "load") throw error
    effects.report({ step: "load", name, status: "failed", elapsedMs: elapsed(), message: error.message })
    const nothing = {
      rowsRead: 0,
      rowsLoaded: 0,
      rowsUnchanged: 0,
      rowsRejected: 0,
      rowsDeleted: 0,
      rowsRestated: 0,
    }
    const { kind } = landing
    const columns = { newColumns: [], missingColumns: [], notices: [] }
    return {
      source,
      dataset,
      landingId,
      status: "failed",
      kind,
      elapsedMs: elapsed(),
      ...nothing,
      ...columns,
      error,
    }
  }
}

/** A landing that cannot be read matters no more once a later full snapshot is loaded. */
function withoutNeed(outcome: LoadOutcome): LoadOutcome {
  const { error, ...rest } = outcome
  if (error === undefined) return outcome
  return { ...rest, status: "skipped", notices: [`${error.message}; a later snapshot stands in its place`] }
}

function noticesOf(loaded: LoadedLanding, landing: Landing): string[] {
  const notices: string[] = []
  const added = loaded.newColumns
  if (added.length > 0) notices.push(`new column${added.length === 1 ? "" : "s"} ${added.join(", ")}`)
  if (loaded.missingColumns.length > 0) {
    const { missingColumns } = loaded
    notices.push(`without column${missingColumns.length === 1 ? "" : "s"} ${missingColumns.join(", ")}: null`)
  }
  if (loaded.kind === "partial") {
    notices.push(
      "misses too many records of the snapshot before: taken as partial, nothing is taken as deleted",
    )
  }
  if (loaded.rowsRestated > 0) {
    notices.push(`arrived after later landings: ${loaded.rowsRestated} rows restated at their times`)
  }
  if (loaded.rowsRejected > 0) {
    notices.push(`${loaded.rowsRejected} broken records in rejected_lines (landing ${landing.landingId})`)
  }
  return notices
}

function selectedDatasets({ sources, select }: LoadOptions) {
  return sources.flatMap((source) =>
    Object.entries(source.files.datasets)
      .filter(([, declared]) => declared.include !== false)
      .filter(
        ([dataset]) =>
          select === undefined ||
          select.includes(source.name) ||
          select.includes(`${source.name}.${dataset}`),
      )
      .map(([dataset, declared]) => ({ source: source.name, dataset, declared })),
  )
}

function rulesOf({
  key,
  nullText,
  format,
  delimiter,
  quote,
  encoding,
  header,
}: DatasetDeclaration): ReadingRules {
  return { key: key ?? [], nullText: nullText ?? [], format, delimiter, quote, encoding, header }
}
