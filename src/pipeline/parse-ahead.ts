import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { varsOf, withVarsBlock } from "../project/init/dbt-vars.ts"
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
 * Has the embedded runner parse the dbt project while the engine loads. Whatever is wrong with the project is told by the
 * transformation, in its time.
 */
export async function parseAhead(context: RunContext): Promise<void> {
  const { shop } = context
  if (shop.config.transform.engine !== "embedded" || !isInStep(context)) return
  const project = projectKey(shop.paths.dbtProject)
  const { parseEmbedded } = await import("../transform/dbt.ts")
  const parsed = parseEmbedded(dbtOptions(context, undefined))
  parsed.catch(() => undefined)
  context.parsedAhead = { project, parsed }
}

/** What was parsed ahead, where it was parsed from the files as they are and with these options. */
export function takeParsed({ parsedAhead, shop }: RunContext, { vars }: DbtOptions): Parsed | undefined {
  const fits = vars === undefined && parsedAhead?.project === projectKey(shop.paths.dbtProject)
  return fits ? parsedAhead?.parsed : undefined
}

/** Whether `dbt_project.yml` says already what cartwright.yaml does. */
function isInStep({ shop }: RunContext): boolean {
  const file = join(shop.paths.dbtProject, "dbt_project.yml")
  if (!existsSync(file)) return false
  const text = readFileSync(file, "utf8")
  return (withVarsBlock(text, varsOf(shop)) ?? text) === text
}
