import { join } from "node:path"
import { writeAtomically } from "../artifacts/files.ts"
import { runResultsJson, type RunRecord } from "../artifacts/run-results.ts"
import type { Invocation } from "../context/context.ts"
import type { DbtOptions } from "../dbt.ts"

/** Writes run_results.json with the options that the results came from. */
export function writeResults(
  invocation: Invocation,
  records: readonly RunRecord[],
  options: DbtOptions,
  folder: string,
  elapsedMs: number,
): void {
  const args = {
    which: options.command,
    select: options.select ?? [],
    exclude: options.exclude ?? [],
    vars: options.vars ?? {},
    full_refresh: options.fullRefresh === true,
    fail_fast: options.failFast === true,
    indirect_selection: options.indirectSelection ?? "eager",
    project_dir: invocation.root.root,
    profiles_dir: options.profilesDir,
  }
  writeAtomically(join(folder, "run_results.json"), runResultsJson(invocation, records, elapsedMs, args))
}
