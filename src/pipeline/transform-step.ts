import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { CartwrightError } from "../core/errors.ts"
import { varsOf, withVarsBlock } from "../project/init/dbt-vars.ts"
import { packageState } from "../project/init/vendor.ts"
import { analyticsFolder, programVersion } from "../project/installation.ts"
import { includedDatasets } from "../project/shop.ts"
import { checkProjectScreens } from "../project/screens.ts"
import { replaceFile } from "../storage/local/whole-file.ts"
import type { DbtOutcome, NodeResult } from "../transform/dbt.ts"
import { environmentError } from "./failure.ts"
import { dbtOptions, firstWords } from "./dbt-options.ts"
import { projectKey, transformInputs } from "./inputs.ts"
import {
  allLayers,
  builtLayer,
  inputsOfLayer,
  noteLayer,
  requireLayerBefore,
  STOPS,
  takeBackLayers,
} from "./layers.ts"
import { identityOf } from "./ledger.ts"
import { takeParsed } from "./parse-ahead.ts"
import { builtBy } from "./publishable.ts"
import { screenResults } from "./screen-results.ts"
import { publishedState } from "./published-state.ts"
import type { RunContext, StepResult } from "./run-context.ts"
import { sharingCores } from "./share-cores.ts"
import { MEASURES, watch } from "./watch.ts"

/** Bronze → silver → gold, or one layer of it: `dbt build`, so models and tests. */
export async function transformStep(context: RunContext): Promise<StepResult> {
  const { shop, ledger, layer } = context
  const landed = landedSources(context)
  syncProject(context)
  const project = projectKey(shop.paths.dbtProject)
  const now = transformInputs(ledger.loaded ?? "", project, shop, programVersion())
  const inputs = layer === undefined ? now : inputsOfLayer(layer, now, ledger)
  const before = layer === undefined ? ledger.transformed : builtLayer(layer, ledger)
  const asLeft = ledger.warehouse !== undefined && ledger.warehouse === identityOf(shop.warehouse)
  if (!context.fullRefresh && asLeft && before !== undefined && before.inputs === inputs) {
    return { status: "unchanged", result: { run: before.run } }
  }
  if (layer !== undefined) requireLayerBefore(layer, ledger, shop)
  checkProjectScreens(shop.paths.dbtProject)
  delete ledger.transformed
  takeBackLayers(ledger, layer)
  context.saveLedger()
  await context.holdWarehouse()
  const outcome = await sharingCores(context, (threads) => runDbt(context, landed, project, threads))
  const counts = countsOf(outcome)
  const screens = outcome.results.some(({ name, status }) => name === STOPS && status !== "skipped")
    ? await screenResults(context)
    : undefined
  const built = outcome.manifestPath === undefined ? undefined : builtBy(outcome, shop.layers)
  const all = built === undefined || layer === undefined ? built : allLayers(ledger, layer, built)
  const measures = `${shop.layers.quality}.${MEASURES}`
  const measured = wasBuilt(outcome, MEASURES) || ledger.layers?.silver?.relations.includes(measures)
  const watched = all !== undefined && measured ? await watch(context, all.publishable) : undefined
  if (watched !== undefined) ledger.watched = watched.watched
  if (!outcome.success || built === undefined)
    throw (failedAlone(outcome, STOPS) && screens?.stopped) || failureOf(context, outcome)
  const done = { inputs: inputs ?? now, run: context.runId, at: context.effects.now().toISOString() }
  if (all === undefined) {
    if (layer !== undefined) noteLayer(ledger, layer, { ...done, ...built })
  } else {
    if (watched !== undefined) {
      all.relations.push(watched.relation)
      all.publishable.push(watched.relation)
    }
    ledger.transformed = { ...done, ...all }
    delete ledger.layers
  }
  context.saveLedger()
  const { stopped: _stopped, ...errors } = screens ?? {}
  return {
    status: "done",
    result: { ...counts, errors, anomalies: watched?.watched.open ?? [], elapsedMs: outcome.elapsedMs },
  }
}

function wasBuilt({ results }: DbtOutcome, model: string): boolean {
  return results.some(({ name, status }) => name === model && status === "success")
}

/** Whether nothing else went wrong. */
function failedAlone({ results }: DbtOutcome, name: string): boolean {
  return results.every((result) => result.name === name || !["error", "fail"].includes(result.status))
}

async function runDbt(
  context: RunContext,
  sources: Record<string, string[]> | undefined,
  project: string,
  threads: number | undefined,
): Promise<DbtOutcome> {
  const { shop } = context
  const options = dbtOptions(context, sources, project)
  try {
    if (shop.config.transform.engine === "embedded") {
      const { parseEmbedded, runEmbedded } = await import("../transform/dbt.ts")
      const parsed = (await takeParsed(context, options, project)) ?? (await parseEmbedded(options))
      return await runEmbedded({ ...options, threads: threads ?? options.threads }, parsed)
    }
    const { runRealDbt } = await import("../transform/real-dbt.ts")
    return await runRealDbt({ ...options, executable: shop.paths.dbt })
  } finally {
    // Whatever was built, the file is ours as it is now; `transformed` says whether it is whole.
    context.saveLedger()
  }
}

/** Data sets that never landed have no bronze table: their models are left out, which is said. */
function landedSources(context: RunContext): Record<string, string[]> | undefined {
  const { ledger, shop } = context
  const included = includedDatasets(shop.sources)
  const missing = included.filter(
    ({ source, dataset }) => ledger.datasets[`${source}.${dataset}`] === undefined,
  )
  if (missing.length === 0) return undefined
  if (missing.length === included.length) {
    throw new CartwrightError("transform", "there is nothing to transform: no data set has been loaded yet", {
      next: "Run `cartwright extract` and `cartwright load` first, or correct what kept them from landing.",
      state: publishedState(shop),
    })
  }
  const names = missing.map(({ source, dataset }) => `${source}.${dataset}`)
  context.notices.push(
    `${names.join(", ")} never landed: the models that need ${names.length === 1 ? "it" : "them"} are left out`,
  )
  const sources: Record<string, string[]> = {}
  for (const { source, dataset } of included) {
    const list = (sources[source] ??= [])
    if (ledger.datasets[`${source}.${dataset}`] !== undefined) list.push(dataset)
  }
  return sources
}

/** Keeps the marked lines of `dbt_project.yml` in step with `cartwright.yaml`. */
function syncProject(context: RunContext): void {
  const { shop, notices } = context
  const file = join(shop.paths.dbtProject, "dbt_project.yml")
  if (!existsSync(file)) {
    const { line, column } = shop.placeOf(["transform", "project"])
    throw new CartwrightError("config", `there is no dbt project in ${shop.paths.dbtProject}`, {
      place: `${shop.configFile}:${line}:${column}`,
      next: "Correct transform.project, or restore the folder that `cartwright init` made.",
      state: publishedState(shop),
    })
  }
  const text = readFileSync(file, "utf8")
  const synced = withVarsBlock(text, varsOf(shop))
  if (synced === undefined)
    notices.push("dbt_project.yml has no lines marked cartwright:begin/end: its vars are taken as they are")
  else if (synced !== text) {
    replaceFile(file, synced, true)
    notices.push("the marked lines of dbt_project.yml now say what cartwright.yaml says")
  }
  if (packageState(shop.paths.dbtProject, analyticsFolder(), programVersion()) === "older") {
    notices.push(
      "the shop's copy of the dbt package is not that of this version; `cartwright init --upgrade` renews it",
    )
  }
}

function countsOf({ results }: DbtOutcome): { models: number; tests: number; warnings: number } {
  const tests = results.filter(({ resourceType }) => resourceType === "test")
  return {
    models: results.length - tests.length,
    tests: tests.length,
    warnings: results.filter(({ status }) => status === "warn").length,
  }
}

function failureOf(context: RunContext, { results }: DbtOutcome): CartwrightError {
  const errors = results.filter(({ status }) => status === "error")
  const state = `Nothing was published. ${publishedState(context.shop)}`
  for (const { message } of errors) {
    const lack = environmentError(message ?? "", state)
    if (lack !== undefined) return lack
  }
  const failed = results.filter(({ status }) => status === "fail")
  const skipped = results.filter(({ status }) => status === "skipped").length
  const told = errors.length > 0 ? errors : failed
  const what =
    errors.length > 0
      ? `${counted(errors.length, "node")} of the dbt project failed${skipped > 0 ? ` and ${skipped} that need them were skipped` : ""}`
      : `${counted(failed.length, "test")} failed`
  return new CartwrightError(
    errors.length > 0 ? "transform" : "screen",
    `${what}: ${told.slice(0, 5).map(describe).join("; ")}${told.length > 5 ? " …" : ""}`,
    {
      place: join(context.record.folder, "dbt"),
      next: "Correct the data or the model and run the command again; the SQL of what failed is in the folder above.",
      state,
    },
  )
}

function describe({ name, message, failures }: NodeResult): string {
  if (failures !== undefined && failures > 0) return `${name} (${counted(failures, "record")})`
  return message === undefined ? name : `${name} (${firstWords(message)})`
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`
}
