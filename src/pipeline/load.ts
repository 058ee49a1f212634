import { engineError, isResourceError } from "../bronze/engine-errors.ts"
import { DELETE_GUARD, type DeleteGuard, type LoadContext } from "../bronze/load-context.ts"
import type { LoadedLanding } from "../bronze/load-landing.ts"
import { loadsParquet, type Reader, readerBeside, readerWithin } from "../bronze/reader.ts"
import type { ReadingRules } from "../bronze/reading.ts"
import { loadDataset } from "./load-dataset.ts"
import { type BronzeNames, bronzeNames, createBronze } from "../bronze/schema.ts"
import type { DatasetDeclaration, SourceDeclaration } from "../connectors/files/declaration.ts"
import { type Effects, throwIfInterrupted } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import type { Lake } from "../lake/lake.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"

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
  /** Where copies of files go for a while. @defaultValue the system's folder for temporary files */
  scratch?: string | undefined
  /** After how many days a part of a log goes, where the engine can do that. @defaultValue never */
  expiryDays?: number | undefined
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
   * `accepted`: it had been loaded as partial, and what it misses is taken as deleted now.
   * `held`: its columns changed and its data set's schema says stop; a person must accept it. All counts are 0.
   * `failed`: it cannot be read; it stays in the lake and is tried again by the next load; all counts are 0.
   * `skipped`: held or failed, but a later full snapshot is loaded, so nothing is missed.
   */
  status: "loaded" | "accepted" | "held" | "failed" | "skipped"
  elapsedMs: number
  /** Plain sentences for a person: columns announced, a snapshot taken as partial … */
  notices: string[]
  /** When failed or held. */
  error?: CartwrightError
}

/**
 * Brings every landing that bronze does not have yet into the change log, in the order of extraction. A landing that
 * cannot be read is told in its outcome; the others go on.
 * @throws CartwrightError `environment` (disk full, memory), `lake` or `interrupted`: these stop the step
 */
export async function loadLandings(options: LoadOptions): Promise<LoadOutcome[]> {
  const { lake, warehouse, effects } = options
  const names = bronzeNames(warehouse, options.bronzeSchema ?? "bronze")
  const session = await warehouse.session(`load ${options.select?.join(" ") ?? "all"}`)
  let reader: Reader | undefined
  try {
    await createBronze(warehouse, session, names)
    reader = await openReader(options, session, names)
    const outcomes: LoadOutcome[] = []
    for (const { source, dataset, declared } of selectedDatasets(options)) {
      const guard = options.deleteGuard ?? DELETE_GUARD
      const context: LoadContext = {
        lake,
        warehouse,
        session,
        reader,
        names,
        rules: rulesOf(declared),
        schema: declared.schema ?? "evolve",
        kind: declared.kind ?? "full",
        guard,
        effects,
        scratch: options.scratch,
        expiryDays: options.expiryDays,
      }
      outcomes.push(...(await loadDataset(context, source, dataset)))
    }
    return outcomes
  } catch (error) {
    throwIfInterrupted(effects, KEPT)
    throw !(error instanceof CartwrightError) && isResourceError(error) ? engineError(error) : error
  } finally {
    await reader?.close()
    session.close()
  }
}

async function openReader(
  { warehouse, effects, scratch }: LoadOptions,
  session: Session,
  { schema: dataset }: BronzeNames,
): Promise<Reader> {
  if (!loadsParquet(warehouse)) return readerWithin(session)
  return readerBeside({ warehouse, session, dataset, signal: effects.signal, scratch })
}

const KEPT = "What was loaded before is kept; the next load goes on from there."

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

/** What is declared of a data set, as far as reading its files goes. */
export function rulesOf({
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
