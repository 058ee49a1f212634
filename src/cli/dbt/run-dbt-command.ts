import type { Effects } from "../../core/effects.ts"
import { CartwrightError } from "../../core/errors.ts"
import type { Shop } from "../../project/shop.ts"
import type { DbtCommand, DbtOptions, DbtOutcome } from "../../transform/dbt.ts"
import type { CommandContext, CommandInput } from "../command.ts"
import { exitCodeOf } from "../exit-codes.ts"
import { renderError } from "../render-error.ts"
import { dbtPlace, type DbtPlace } from "./dbt-place.ts"
import { nodeLine, summaryLines } from "./node-lines.ts"

const WRITES: readonly DbtCommand[] = ["build", "run", "test", "seed", "snapshot"]

/** `cartwright dbt`: exit codes as dbt's own. */
export async function runDbtCommand(input: CommandInput, context: CommandContext): Promise<number> {
  const { output, effects } = context
  try {
    const place = await dbtPlace(input, context)
    const command = input.words[0] as DbtCommand
    const work = () => runEngine(command, place, input, context)
    const held = WRITES.includes(command) ? place.shop : undefined
    const outcome =
      held === undefined ? await work() : await holding(held, `cartwright dbt ${command}`, effects, work)
    output.end()
    if (effects.signal.aborted) throw stopped(undefined)
    tell(outcome, input, context)
    return outcome.exitCode
  } catch (error) {
    const code = renderError(effects.signal.aborted ? stopped(error) : error, output)
    const own = [exitCodeOf("interrupted"), exitCodeOf("locked"), exitCodeOf("environment"), 1]
    return own.includes(code) ? code : 2
  }
}

async function holding(
  shop: Shop,
  command: string,
  effects: Effects,
  work: () => Promise<DbtOutcome>,
): Promise<DbtOutcome> {
  const { holdShop } = await import("../../pipeline/hold-shop.ts")
  return holdShop(shop, command, effects, work)
}

async function runEngine(
  command: DbtCommand,
  place: DbtPlace,
  input: CommandInput,
  { output, effects }: CommandContext,
): Promise<DbtOutcome> {
  const list = (option: string) => {
    const values = input.texts(option)
    return values === undefined ? undefined : [...values]
  }
  const vars = input.text("vars")
  const options: DbtOptions = {
    command,
    projectDir: place.projectDir,
    profilesDir: place.profilesDir,
    profile: input.text("profile"),
    target: input.text("target"),
    select: list("select"),
    exclude: list("exclude"),
    selector: input.text("selector"),
    vars: vars === undefined ? undefined : (await import("./vars.ts")).varsOf(vars),
    fullRefresh: input.has("full-refresh"),
    failFast: input.has("fail-fast"),
    threads: input.number("threads"),
    targetPath: input.text("target-path"),
    output: input.text("output") as DbtOptions["output"],
    resourceTypes: list("resource-type"),
    excludeResourceTypes: list("exclude-resource-type"),
    indirectSelection: input.text("indirect-selection") as DbtOptions["indirectSelection"],
    environment: place.environment,
    // Nodes are told as dbt tells them, by onNode.
    effects: { ...effects, report: () => {} },
    onNode: (event) => {
      if (output.json) output.progress({ step: "dbt", ...asProgress(event) })
      else {
        const line = nodeLine(event, output.style)
        if (line !== undefined && !input.has("quiet")) output.print(line)
      }
    },
  }
  if (place.engine === "embedded") {
    const { runEmbedded } = await import("../../transform/dbt.ts")
    return runEmbedded(options)
  }
  const { runRealDbt } = await import("../../transform/real-dbt.ts")
  return runRealDbt({ ...options, executable: place.executable })
}

function asProgress(event: Parameters<NonNullable<DbtOptions["onNode"]>>[0]) {
  if (event.kind === "message")
    return {
      name: event.level,
      status: event.level === "info" ? ("progress" as const) : ("warned" as const),
      message: event.text,
    }
  if (event.kind === "start") return { name: event.uniqueId, status: "start" as const }
  const { uniqueId, status, elapsedMs, message } = event.result
  const failed = status === "error" || status === "fail"
  return {
    name: uniqueId,
    status: failed
      ? ("failed" as const)
      : status === "skipped"
        ? ("skipped" as const)
        : status === "warn"
          ? ("warned" as const)
          : ("done" as const),
    elapsedMs,
    ...(message === undefined ? {} : { message }),
  }
}

/** On standard output, as dbt does it. */
function tell(outcome: DbtOutcome, input: CommandInput, { output }: CommandContext): void {
  const quietly = input.has("quiet") && outcome.success
  const lines = outcome.listing ?? (quietly ? [] : summaryLines(outcome, output.style))
  for (const line of lines) output.print(line)
  output.result({ ok: outcome.success, command: "dbt", ...outcome })
}

function stopped(cause: unknown): CartwrightError {
  return new CartwrightError("interrupted", "stopped on request", {
    state: "What was built before stays built.",
    cause,
  })
}
