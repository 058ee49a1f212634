import { execFileSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { silentEffects } from "../../../src/core/effects.ts"
import { runEmbedded, type DbtCommand, type DbtOptions, type DbtOutcome } from "../../../src/transform/dbt.ts"

const here = dirname(fileURLToPath(import.meta.url))

/** The folder of the fixture projects: each has a `steps.json`, a list of invocations that build on each other. */
export const casesFolder = join(here, "..", "..", "golden", "dbt")

/** One invocation, in the words of the runner's options. */
export interface Step {
  command: DbtCommand
  select?: string[]
  exclude?: string[]
  selector?: string
  vars?: Record<string, unknown>
  fullRefresh?: boolean
  failFast?: boolean
  output?: NonNullable<DbtOptions["output"]>
  resourceTypes?: string[]
  excludeResourceTypes?: string[]
  indirectSelection?: NonNullable<DbtOptions["indirectSelection"]>
  /** Both engines are to refuse it: exit code 2. */
  refused?: boolean
}

/** What an engine did in a step. */
export interface StepReport {
  exitCode: number
  listing: string[] | null
  error: string | null
}

export interface PreparedCase {
  name: string
  steps: Step[]
  /** A copy of the project for each engine; the database and artifacts of a step are in `after-<n>` within. */
  real: string
  embedded: string
}

export function caseNames(): string[] {
  return readdirSync(casesFolder)
    .filter((name) => existsSync(join(casesFolder, name, "steps.json")))
    .sort()
}

/** Copies a case twice to a temporary folder. */
export function prepareCase(name: string): PreparedCase {
  const folder = mkdtempSync(join(tmpdir(), `cartwright-dbt-${name}-`))
  const [real, embedded] = ["real", "embedded"].map((engine) => join(folder, engine)) as [string, string]
  for (const copy of [real, embedded]) cpSync(join(casesFolder, name), copy, { recursive: true })
  const steps = JSON.parse(readFileSync(join(real, "steps.json"), "utf8")) as Step[]
  return { name, steps, real, embedded }
}

/** Runs all steps of all cases with real dbt, in one Python process. */
export function runReal(python: string, cases: readonly PreparedCase[]): StepReport[][] {
  const plan = {
    cases: cases.map(({ real, steps }) => ({
      folder: real,
      environment: { CASE_FOLDER: real },
      deps: existsSync(join(real, "packages.yml")),
      steps: steps.map((step) => ({ args: argsOf(step) })),
    })),
  }
  const output = execFileSync(python, [join(here, "run_dbt_steps.py")], {
    input: JSON.stringify(plan),
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["pipe", "pipe", "ignore"],
  })
  return JSON.parse(output.trimEnd().split("\n").at(-1) ?? "") as StepReport[][]
}

function argsOf(step: Step): string[] {
  const args: string[] = [step.command]
  if (step.select) args.push("--select", ...step.select)
  if (step.exclude) args.push("--exclude", ...step.exclude)
  if (step.selector) args.push("--selector", step.selector)
  if (step.vars) args.push("--vars", JSON.stringify(step.vars))
  if (step.fullRefresh) args.push("--full-refresh")
  if (step.failFast) args.push("--fail-fast")
  if (step.output) args.push("--output", step.output)
  if (step.indirectSelection) args.push("--indirect-selection", step.indirectSelection)
  for (const type of step.resourceTypes ?? []) args.push("--resource-type", type)
  for (const type of step.excludeResourceTypes ?? []) args.push("--exclude-resource-type", type)
  return args
}

/** Runs a step with the embedded runner; keeps the artifacts beside the database as for real dbt. */
export async function runEmbeddedStep(prepared: PreparedCase, number: number): Promise<StepReport> {
  const { embedded, steps } = prepared
  const step = steps[number]
  if (step === undefined) throw new Error(`no step ${number}`)
  const results = join(embedded, "target", "run_results.json")
  rmSync(results, { force: true })
  let outcome: DbtOutcome | undefined
  let error: string | null = null
  try {
    const { refused: _, ...options } = step
    outcome = await runEmbedded({
      ...options,
      projectDir: embedded,
      profilesDir: embedded,
      environment: { CASE_FOLDER: embedded },
      effects: silentEffects(),
    })
  } catch (thrown) {
    error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  }
  const kept = join(embedded, `after-${number}`)
  mkdirSync(kept)
  for (const name of [
    "shop.duckdb",
    "shop.duckdb.wal",
    "target/manifest.json",
    "target/run_results.json",
    "target/compiled",
  ]) {
    const from = join(embedded, name)
    if (existsSync(from)) cpSync(from, join(kept, name.replace("target/", "")), { recursive: true })
  }
  return { exitCode: outcome?.exitCode ?? 2, listing: outcome?.listing ?? null, error }
}

/** Compiled SQL without what may differ by engine: folders, white space, the one comment that dbt-duckdb writes. */
export function normalise(sql: string, folder: string): string {
  return sql
    .replaceAll(folder, "<folder>")
    .replaceAll("-- duckdb dateadd does not support quarter interval.\n", "")
    .replace(/\s+/g, " ")
    .replace(/ ?([()[\],|]) ?/g, "$1")
    .trim()
}
