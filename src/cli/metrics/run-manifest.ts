import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"

/** The dbt manifest of the run that published, else of the last one before it that transformed. */
export function manifestOf(runs: string, published: string): string {
  const path = (run: string) => join(runs, run, "dbt", "manifest.json")
  const earlier = existsSync(runs)
    ? readdirSync(runs).filter((run) => run <= published && existsSync(path(run)))
    : []
  return path(earlier.sort().at(-1) ?? published)
}
