import { spawnSync } from "node:child_process"
import { join } from "node:path"
import type { Case } from "../../../src/transform/jinja/fixtures/cases.fixture.ts"

/** What Python's Jinja, set up by real dbt, makes of a case. */
export type PythonOutcome = { text: string } | { error: string; type: string }

/** Renders all cases in one Python process. */
export function renderInPython(
  python: string,
  cases: readonly (Case | { blocks: string })[],
): PythonOutcome[] {
  const script = join(import.meta.dirname, "jinja_oracle.py")
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, PYTHONIOENCODING: "utf-8" },
  })
  if (status !== 0) throw new Error(`the Jinja oracle failed:\n${stderr}`)
  return JSON.parse(stdout) as PythonOutcome[]
}
