import type { SourceDeclaration } from "../connectors/files/declaration.ts"
import { filesConnector } from "../connectors/files/files-connector.ts"
import type { Delivery } from "../core/delivery.ts"
import type { Effects } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import type { Storage } from "../storage/storage.ts"
import { type HeaderChange, headerChange, headerSentence } from "../lake/header-change.ts"
import { land } from "../lake/land.ts"
import type { Lake } from "../lake/lake.ts"
import { byExtraction, type Manifest } from "../lake/manifest.ts"

export interface ExtractOptions {
  source: SourceDeclaration
  lake: Lake
  runId: string
  /** The time whose state the files show. @defaultValue `date=YYYYMMDD` in the path, else the modification time */
  asOf?: Date | undefined
  /** Deliveries whose path dates them from this time on wait. @defaultValue none waits */
  before?: Date | undefined
  effects: Effects
  /** Only these data sets. @defaultValue all that are included */
  select?: readonly string[] | undefined
  /** What lies at the source's path, where that is in a bucket. */
  bucket?: Storage | undefined
}

/** What became of one delivery of a data set; a data set has several where its paths carry several dates. */
export interface ExtractOutcome {
  source: string
  dataset: string
  status: "landed" | "unchanged" | "rejected"
  /** One plain sentence for a person. */
  reason: string
  /** The landing, new or already known; absent when rejected. */
  landingId?: string
  /** How the headers of its files differ from those of the delivery before it in time, where they do. */
  columns?: HeaderChange
  /** Files and bytes moved. */
  files: number
  bytes: number
  elapsedMs: number
  /** When rejected: the error, complete with place and next step. */
  error?: CartwrightError
}

/**
 * Lands what is new of a source. A data set that cannot be landed is told in its outcome; the others go on.
 * @throws CartwrightError `environment` (disk full, permission), `lake` or `interrupted`: these stop the step
 */
export async function extractSource(options: ExtractOptions): Promise<ExtractOutcome[]> {
  const connector = filesConnector(options.source, options.bucket)
  const outcomes: ExtractOutcome[] = []
  for (const dataset of connector.datasets) {
    if (options.select !== undefined && !options.select.includes(dataset)) continue
    const deliveries = await connector.deliveries(dataset, options.asOf)
    if ("error" in deliveries) outcomes.push(rejected(options, dataset, deliveries.error, 0))
    else outcomes.push(...(await landAll(options, due(options, dataset, deliveries))))
  }
  return outcomes
}

/** The deliveries that do not wait. Those without a date in their path show the state of now, whenever that is asked for. */
function due(
  { source, before, effects }: ExtractOptions,
  dataset: string,
  deliveries: readonly Delivery[],
): readonly Delivery[] {
  if (before === undefined) return deliveries
  const found = deliveries.filter(({ timeFrom, asOf }) => timeFrom !== "path" || asOf < before)
  const waiting = deliveries.length - found.length
  if (waiting > 0) {
    const message = `${waiting} ${waiting === 1 ? "delivery" : "deliveries"} dated from ${before.toISOString()} on: left to a later interval`
    effects.report({ step: "extract", name: `${source.name}.${dataset}`, status: "skipped", message })
  }
  return found
}

/** Lands the deliveries of a data set, oldest first. Those that are no news are told together. */
async function landAll(options: ExtractOptions, deliveries: readonly Delivery[]): Promise<ExtractOutcome[]> {
  const { lake, effects, source } = options
  const [first] = deliveries
  if (first === undefined) return []
  const known: Manifest[] = await lake.landings(source.name, first.dataset)
  const outcomes: ExtractOutcome[] = []
  let unchanged = 0
  for (const delivery of deliveries) {
    const { outcome, landing } = await landOne(options, delivery, known)
    if (outcome.status === "landed" && landing !== undefined) known.push(landing)
    const before = outcomes.findIndex(({ status }) => status === "unchanged")
    if (outcome.status === "unchanged") unchanged++
    if (outcome.status !== "unchanged" || before < 0) outcomes.push(outcome)
    else outcomes[before] = { ...outcome, reason: `${unchanged} deliveries as before` }
    known.sort(byExtraction)
  }
  for (const { dataset, status, reason } of outcomes) {
    if (status !== "unchanged") continue
    effects.report({
      step: "extract",
      name: `${source.name}.${dataset}`,
      status: "skipped",
      message: `unchanged: ${reason}`,
    })
  }
  return outcomes
}

async function landOne(
  options: ExtractOptions,
  delivery: Delivery,
  known: readonly Manifest[],
): Promise<{ outcome: ExtractOutcome; landing?: Manifest }> {
  const { lake, runId, effects } = options
  const { source, dataset } = delivery
  const name = `${source}.${dataset}`
  const started = effects.now().getTime()
  const elapsed = () => effects.now().getTime() - started
  effects.report({ step: "extract", name, status: "start" })
  try {
    const { status, landing, reason, files, bytes } = await land(lake, delivery, known, runId, effects)
    const elapsedMs = elapsed()
    const columns = status === "landed" ? headerChange(landing, known) : undefined
    if (status === "landed") {
      const message = `${files} file${files === 1 ? "" : "s"} landed, as of ${landing.asOf}${changeText(columns)}`
      effects.report({ step: "extract", name, status: "done", bytes, elapsedMs, message })
    }
    const { landingId } = landing
    const outcome = { source, dataset, status, reason, landingId, files, bytes, elapsedMs }
    return { landing, outcome: columns === undefined ? outcome : { ...outcome, columns } }
  } catch (error) {
    if (!(error instanceof CartwrightError) || error.code !== "extract") throw error
    return { outcome: rejected(options, dataset, error, elapsed()) }
  }
}

function changeText(columns: HeaderChange | undefined): string {
  return columns === undefined ? "" : `; ${headerSentence(columns)}`
}

function rejected(
  options: ExtractOptions,
  dataset: string,
  error: CartwrightError,
  elapsedMs: number,
): ExtractOutcome {
  const source = options.source.name
  const stated = new CartwrightError("extract", error.message, {
    place: error.place,
    choices: error.choices,
    next: error.next,
    state: `Nothing of ${source}.${dataset} landed; what landed before stays.`,
    cause: error,
  })
  options.effects.report({
    step: "extract",
    name: `${source}.${dataset}`,
    status: "failed",
    elapsedMs,
    message: error.place === undefined ? error.message : `${error.place}: ${error.message}`,
  })
  return {
    source,
    dataset,
    status: "rejected",
    reason: error.message,
    files: 0,
    bytes: 0,
    elapsedMs,
    error: stated,
  }
}
