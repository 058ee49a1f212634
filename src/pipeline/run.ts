import { join } from "node:path"
import type { Effects } from "../core/effects.ts"
import { CartwrightError, messageOf, nearest } from "../core/errors.ts"
import { programVersion } from "../project/installation.ts"
import { openShopLake } from "../project/open-storage.ts"
import { openWarehouse } from "../project/open-warehouse.ts"
import { thisProcess } from "../project/process.ts"
import type { Shop } from "../project/shop.ts"
import type { Warehouse } from "../warehouse/warehouse.ts"
import { enterShop } from "./enter-shop.ts"
import { extractStep } from "./extract-step.ts"
import { toFailure } from "./failure.ts"
import { readLedger, identityOf, writeLedger } from "./ledger.ts"
import { loadStep } from "./load-step.ts"
import type { Layer } from "./layers.ts"
import { mergeLog } from "./merge-log.ts"
import { publishStep } from "./publish-step.ts"
import { publishedState } from "./published-state.ts"
import type { RunContext, StepResult, Steps } from "./run-context.ts"
import { removeOldRuns, type RunPlan, type StepName, startRecord } from "./run-record.ts"
import { transformStep } from "./transform-step.ts"

const STEP_FUNCTIONS: Steps = {
  extract: extractStep,
  load: loadStep,
  transform: transformStep,
  publish: publishStep,
}

export interface RunOptions {
  shop: Shop
  /** How the person called it, for the record. */
  command: string
  steps: readonly StepName[]
  /** Only these sources, or data sets as `source.dataset`. @defaultValue all */
  select?: readonly string[] | undefined
  /** The time whose state the files show. */
  asOf?: Date | undefined
  /** The data interval of a scheduler's run: deliveries whose path dates them at its end or later wait. */
  interval?: Interval | undefined
  /** Transforms this layer alone. @defaultValue all */
  layer?: Layer | undefined
  /** Rebuilds every model, also where nothing changed. */
  fullRefresh?: boolean
  environment: Readonly<Record<string, string | undefined>>
  effects: Effects
  /** Told when a step has ended. */
  onStep?: (name: StepName, result: StepResult) => void
  /** Told what failed before, when a step then fails as a whole and the run ends by an exception. */
  onProblem?: (problem: CartwrightError) => void
}

/** From its start to before its end. */
export interface Interval {
  start: Date
  end: Date
}

export interface RunOutcome {
  runId: string
  /** `failed`: some data sets failed; what could be done without them is done. */
  status: "done" | "unchanged" | "failed"
  steps: Partial<Record<StepName, StepResult>>
  problems: CartwrightError[]
  notices: string[]
}

/**
 * Runs steps of the pipeline in their order, under the shop's lease, with a record in `runs/<id>/`.
 * @throws CartwrightError when a step fails as a whole; what was published stays
 */
export async function runSteps(options: RunOptions): Promise<RunOutcome> {
  const { shop, effects } = options
  requireKnown(shop, options.select)
  const { runs } = shop.paths
  const stop = new AbortController()
  let lost = false
  const signal = AbortSignal.any([effects.signal, stop.signal])
  const { runId, release } = await enterShop(shop, options.command, effects, () => {
    lost = true
    stop.abort()
  })
  try {
    const outcome = await recorded(options, runId, { ...effects, signal })
    removeOldRuns(runs, shop.config.run.keep)
    return outcome
  } catch (error) {
    if (!lost) throw toFailure(error, publishedState(shop))
    throw new CartwrightError("locked", "another run took this shop over while this one was not responding", {
      next: "Look at `cartwright status`; run the command again when the other run has ended.",
      state: publishedState(shop),
      cause: error,
    })
  } finally {
    await release()
  }
}

async function recorded(options: RunOptions, runId: string, effects: Effects): Promise<RunOutcome> {
  const { shop } = options
  const lake = await openShopLake(shop)
  const plan: RunPlan = {
    format: 1,
    runId,
    command: options.command,
    program: programVersion(),
    startedAt: effects.now().toISOString(),
    pid: thisProcess().pid,
    steps: options.steps,
    select: options.select ?? null,
    asOf: options.asOf?.toISOString() ?? null,
    interval:
      options.interval === undefined
        ? null
        : `${options.interval.start.toISOString()}/${options.interval.end.toISOString()}`,
    layer: options.layer ?? null,
    fullRefresh: options.fullRefresh ?? false,
  }
  const record = startRecord(shop.paths.runs, plan, () => effects.now())
  let held: Promise<Warehouse> | undefined
  const context: RunContext = {
    shop,
    runId,
    record,
    lake,
    ledger: readLedger(shop.paths.runs),
    saveLedger() {
      const { ledger } = context
      const identity = identityOf(shop.warehouse)
      if (identity === undefined) delete ledger.warehouse
      else ledger.warehouse = identity
      writeLedger(shop.paths.runs, ledger)
    },
    async holdWarehouse() {
      if (shop.config.transform.engine === "embedded") await (held ??= openWarehouse(shop, context))
    },
    select: options.select,
    asOf: options.asOf,
    before: options.interval?.end,
    layer: options.layer,
    fullRefresh: options.fullRefresh ?? false,
    environment: options.environment,
    effects: {
      ...effects,
      report(event) {
        record.log({ ...event })
        effects.report(event)
      },
    },
    problems: [],
    notices: [],
  }
  const steps: Partial<Record<StepName, StepResult>> = {}
  try {
    try {
      await mergeLog(context)
      for (const name of options.steps) {
        record.step(name, "running")
        const result = await STEP_FUNCTIONS[name](context)
        record.step(name, result.status, result.result)
        steps[name] = result
        options.onStep?.(name, result)
      }
    } finally {
      // One that could not be opened has failed its step.
      const warehouse = await held?.catch(() => undefined)
      await warehouse?.close()
      if (warehouse !== undefined) context.saveLedger()
    }
  } catch (thrown) {
    const failure = toFailure(thrown, publishedState(shop))
    const running = options.steps.find((name) => record.state.steps[name]?.status === "running")
    for (const problem of context.problems) options.onProblem?.(problem)
    try {
      if (running !== undefined) record.step(running, "failed")
      record.end(effects.signal.aborted ? "interrupted" : "failed", [...context.problems, failure].map(told))
    } catch {
      // On a full disk the failure itself is to be told, and not that it could not be written down.
    }
    throw failure
  }
  const { problems, notices } = context
  const changed = Object.values(steps).some(({ status }) => status === "done")
  const status = problems.length > 0 ? "failed" : changed ? "done" : "unchanged"
  record.end(status, problems.map(told))
  return { runId, status, steps, problems, notices }
}

function told(error: unknown): Record<string, unknown> {
  if (!(error instanceof CartwrightError)) return { code: "bug", message: messageOf(error) }
  const { code, message, place, next, state } = error
  return { code, message, place, next, state }
}

function requireKnown(shop: Shop, select: readonly string[] | undefined): void {
  const known = shop.sources.flatMap(({ name, files }) => [
    name,
    ...Object.keys(files.datasets).map((dataset) => `${name}.${dataset}`),
  ])
  for (const name of select ?? []) {
    if (known.includes(name)) continue
    const near = nearest(name, known)
    throw new CartwrightError(
      "usage",
      `the shop has no source or data set "${name}"${near === undefined ? "" : `; did you mean "${near}"?`}`,
      {
        place: join(shop.folder, "cartwright.yaml"),
        choices: known,
        state: "Nothing was run.",
      },
    )
  }
}
