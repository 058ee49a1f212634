import { CartwrightError } from "../core/errors.ts"
import { openStorage } from "../project/open-storage.ts"
import { sourcePathError } from "../project/source-paths.ts"
import { isBucketUri } from "../storage/bucket-uri.ts"
import type { Storage } from "../storage/storage.ts"
import { extractSource, type ExtractOutcome } from "./extract.ts"
import { isSelected, type RunContext, type StepResult } from "./run-context.ts"

/** Files → lake. A source that fails does not keep the others from landing. */
export async function extractStep(context: RunContext): Promise<StepResult> {
  const { shop, lake, runId, effects, problems } = context
  const outcomes: ExtractOutcome[] = []
  for (const source of shop.sources) {
    const datasets = Object.keys(source.files.datasets).filter((dataset) =>
      isSelected(context, source.name, dataset),
    )
    if (datasets.length === 0) continue
    const { path } = source.files
    const bucket = isBucketUri(path) ? await openStorage(path, shop) : undefined
    const missing = sourcePathError(shop, source.name) ?? (await bucketError(bucket))
    if (missing !== undefined) {
      problems.push(await asFailedSource(context, source.name, missing))
      effects.report({ step: "extract", name: source.name, status: "failed", message: missing.message })
      continue
    }
    const found = await extractSource({
      source,
      lake,
      runId,
      asOf: context.asOf,
      before: context.before,
      effects,
      select: datasets,
      bucket,
    })
    outcomes.push(...found)
    problems.push(...found.flatMap(({ error }) => (error === undefined ? [] : [error])))
  }
  const landed = outcomes.some(({ status }) => status === "landed")
  const failed = problems.length > 0
  const deliveries = outcomes.map(({ error: _error, ...outcome }) => outcome)
  return { status: failed ? "failed" : landed ? "done" : "unchanged", result: { deliveries } }
}

/** Why a source's bucket cannot be listed: told once, and not by each data set after its own waiting. */
async function bucketError(bucket: Storage | undefined): Promise<CartwrightError | undefined> {
  try {
    for await (const _ of bucket?.list("") ?? []) break
    return undefined
  } catch (error) {
    if (error instanceof CartwrightError) return error
    throw error
  }
}

/** A wrong path is a slip in the configuration; the path of a source that landed before is a source that is away. */
async function asFailedSource(
  context: RunContext,
  source: string,
  error: CartwrightError,
): Promise<CartwrightError> {
  const landed = (await context.lake.landings(source)).length > 0
  if (!landed) throw error
  const { message, place, choices, next } = error
  return new CartwrightError("extract", message, {
    place,
    choices: [...choices],
    next,
    state: "What landed before stays.",
  })
}
