import type { DbtOptions, Parsed } from "../transform/dbt.ts"
import { dbtOptions } from "./dbt-options.ts"
import { projectKey } from "./inputs.ts"
import type { RunContext } from "./run-context.ts"

/** The dbt project, parsed before it was its turn. */
export interface ParsedAhead {
  /** The files that it was parsed from. */
  project: string
  parsed: Parsed
}

/**
 * Has the embedded runner parse the dbt project while the engine loads, where the run transforms too. Whatever is wrong with
 * the project is told by the transformation, in its time.
 */
export function parseAhead(context: RunContext): void {
  const { shop, record } = context
  if (shop.config.transform.engine === "embedded" && record.state.steps.transform !== undefined)
    context.parsedAhead = parse(context).catch(() => undefined)
}

async function parse(context: RunContext): Promise<ParsedAhead> {
  const project = projectKey(context.shop.paths.dbtProject)
  const { parseEmbedded } = await import("../transform/dbt.ts")
  return { project, parsed: await parseEmbedded(dbtOptions(context, undefined, project)) }
}

/** What was parsed ahead, where that was from these files and with these options. @param project as `projectKey` */
export async function takeParsed(
  context: RunContext,
  { vars }: DbtOptions,
  project: string,
): Promise<Parsed | undefined> {
  const ahead = await context.parsedAhead
  return vars === undefined && ahead?.project === project ? ahead.parsed : undefined
}
