import type { Interval, RunOutcome } from "../pipeline/run.ts"
import type { Layer } from "../pipeline/layers.ts"
import type { StepResult } from "../pipeline/run-context.ts"
import type { StepName } from "../pipeline/run-record.ts"
import type { CommandContext, CommandInput } from "./command.ts"
import { exitCodeOf, FREE_CODES } from "./exit-codes.ts"
import { usageError } from "./parse.ts"
import { errorDocument, renderError } from "./render-error.ts"
import { stepSummary } from "./step-summary.ts"

/** Runs steps of the pipeline for a command and tells how it went. @returns the exit code */
export async function runShopSteps(
  command: string,
  steps: readonly StepName[],
  input: CommandInput,
  context: CommandContext,
): Promise<number> {
  const { output, effects, environment } = context
  const { openShop } = await import("../project/shop.ts")
  const { runSteps } = await import("../pipeline/run.ts")
  const started = effects.now().getTime()
  const skipCode = skipCodeOf(input)
  const shop = openShop(input.text("dir"), context.workingDirectory)
  const outcome = await runSteps({
    shop,
    command: `cartwright ${command}`,
    steps,
    select: input.texts("source"),
    asOf: timeOf(input.text("as-of")),
    interval: intervalOf(input.text("interval")),
    layer: input.text("layer") as Layer | undefined,
    fullRefresh: input.has("full-refresh"),
    environment,
    effects,
    onStep: (name, result) => tell(name, result, context),
    onProblem: (problem) => {
      if (!output.json) renderError(problem, output)
    },
  })
  output.end()
  for (const notice of outcome.notices) output.warn(`note: ${notice}`)
  const code = exitCodeOfRun(outcome, skipCode)
  if (output.json) {
    output.result({
      ok: outcome.status !== "failed",
      exitCode: code,
      command,
      runId: outcome.runId,
      status: outcome.status,
      steps: outcome.steps,
      notices: outcome.notices,
      errors: outcome.problems.map(errorDocument),
      elapsedMs: effects.now().getTime() - started,
    })
    return code
  }
  for (const problem of outcome.problems) renderError(problem, output)
  if (outcome.status === "unchanged") output.print(nothingChanged(outcome))
  else if (outcome.steps.publish?.status === "unchanged") {
    output.print(
      `published · every table is as before; version ${String(outcome.steps.publish.result["version"])} stays`,
    )
  }
  return code
}

function tell(name: StepName, { status, result }: StepResult, { output }: CommandContext): void {
  output.end()
  for (const line of stepSummary(name, status, result)) output.print(line)
}

function nothingChanged({ steps }: RunOutcome): string {
  const version = steps.publish?.result["version"]
  return `Nothing changed${typeof version === "string" ? `; version ${version} stays published` : ""}.`
}

function exitCodeOfRun({ status, problems }: RunOutcome, skipCode: number): number {
  const [first] = problems
  if (first !== undefined) return exitCodeOf(first.code)
  return status === "unchanged" ? skipCode : 0
}

function skipCodeOf(input: CommandInput): number {
  const code = input.number("skip-code")
  if (code === undefined) return 0
  const { from, to } = FREE_CODES
  if (Number.isInteger(code) && code >= from && code <= to) return code
  throw usageError(undefined, `--skip-code ${code} is no exit code of your own`, [
    `a whole number from ${from} to ${to}, as 99`,
  ])
}

/** A data interval as schedulers tell it: `start/end` (ISO 8601), with times as people write them. */
function intervalOf(text: string | undefined): Interval | undefined {
  if (text === undefined) return undefined
  const [from, to, more] = text.split("/")
  const [start, end] = [timeOf(from), timeOf(to)]
  if (start === undefined || end === undefined || more !== undefined || start > end) {
    throw usageError(
      undefined,
      `"${text}" is no interval: write its start and its end (2026-07-01T06:00:00Z/2026-07-02T06:00:00Z)`,
    )
  }
  return { start, end }
}

/** A time as people write it: a day, or ISO 8601; without an offset it is UTC. */
export function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined
  const iso = /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? `${text}T00:00:00Z`
    : /(?:Z|[+-]\d{2}:?\d{2})$/.test(text)
      ? text
      : `${text}Z`
  const time = new Date(iso.replace(" ", "T"))
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time.getTime())) {
    throw usageError(
      undefined,
      `"${text}" is no time: write a day (2026-07-01) or a time (2026-07-01T06:00:00Z)`,
    )
  }
  return time
}
