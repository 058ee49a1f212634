import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join, sep } from "node:path"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  type Case,
  CONTEXT,
  fixtureFiles,
  fixturePath,
  type Outcome,
  readFixtures,
  render,
  withOutcomes,
} from "../../src/transform/jinja/fixtures/cases.fixture.ts"
import { Environment, JinjaError } from "../../src/transform/jinja/index.ts"
import { describeWith, pythonBin } from "./lib/engines.ts"
import { expression, program } from "./lib/jinja-arbitraries.ts"
import { type PythonOutcome, renderInPython } from "./lib/jinja-oracle.ts"

/** Set to write what Python gives into the fixtures, after a new template was added to them. */
const WRITE = process.env["JINJA_FIXTURES"] === "write"

describeWith({ python: pythonBin() }, "Jinja against Python's jinja2, as dbt sets it up", ({ python }) => {
  describe.each(fixtureFiles())("%s", (file) => {
    test("construct by construct", async () => {
      const cases = readFixtures(file)
      const theirs = renderInPython(python, cases)
      const outcomes: Outcome[] = []
      const differences: unknown[] = []
      for (const [i, fixture] of cases.entries()) {
        const python = theirs[i]
        const ours = await render(fixture)
        if (python === undefined) continue
        if ("text" in python) outcomes.push({ text: python.text })
        else outcomes.push({ error: python.error, sameWords: "error" in ours && ours.error === python.error })
        if (!agree(ours, python))
          differences.push({ case: fixture.name, template: fixture.template, python, ours })
      }
      if (WRITE) writeFileSync(fixturePath(file), withOutcomes(file, outcomes))
      expect(differences).toEqual([])
      if (!WRITE) expect(cases.map(({ outcome }) => outcome)).toEqual(outcomes)
    })
  })

  describe.each(["text", "native", "lenient"])("random templates, rendered as %s", (mode) => {
    test.each([
      ["expressions", expression.map((text) => `{{ ${text} }}`), 1500],
      ["programs", program, 400],
    ] as const)("%s", async (_, templates, count) => {
      const seed = fc.readConfigureGlobal().seed ?? Date.now() % 2 ** 31
      const cases = fc
        .sample(templates, { numRuns: count, seed })
        .map((template): Case => ({ name: "", template, [mode]: true, context: CONTEXT }))
      const theirs = renderInPython(python, cases)
      const differences: { template: string; python: unknown; ours: unknown }[] = []
      for (const [i, one] of cases.entries()) {
        const ours = await render(one)
        const python = theirs[i] as PythonOutcome
        if (!agree(ours, python)) differences.push({ template: one.template, python, ours })
      }
      differences.sort((a, b) => a.template.length - b.template.length)
      const shown = differences.slice(0, 10)
      expect(shown, `PROPERTY_SEED=${seed}: ${differences.length} of ${count} differ; the shortest:`).toEqual(
        [],
      )
    })
  })
})

/** The macro files that dbt-core, dbt-adapters and dbt-duckdb bring along. */
function installedMacros(python: string): [file: string, text: string][] {
  const packages = join(dirname(dirname(python)), "lib", "python3.11", "site-packages", "dbt", "include")
  return readdirSync(packages, { recursive: true, encoding: "utf8" })
    .filter((file) => file.split(sep).includes("macros") && file.endsWith(".sql"))
    .toSorted()
    .map((file) => [file, readFileSync(join(packages, file), "utf8")])
}

describeWith({ python: pythonBin() }, "the macros that are installed with dbt", ({ python }) => {
  const files = installedMacros(python)

  test("have the same names, parameters and texts for dbt and for us", () => {
    const theirs = renderInPython(
      python,
      files.map(([, text]) => ({ blocks: text })),
    )
    const environment = new Environment()
    for (const [i, [file, text]] of files.entries()) {
      const ours = environment
        .compile(text, file)
        .blocks.filter(({ kind }) => kind !== "docs" && kind !== "snapshot")
        .map(({ name, args, source }) => {
          const defaults = args.filter(({ hasDefault }) => hasDefault).length
          return [name, args.map((arg) => arg.name), defaults, source]
        })
      const python = theirs[i] as PythonOutcome
      expect(ours, file).toEqual("text" in python ? JSON.parse(python.text) : python)
    }
    expect(files.length).toBeGreaterThan(100)
  })

  test("compile to JavaScript", async () => {
    const environment = new Environment()
    for (const [file, text] of files) {
      for (const block of environment.compile(text, file).blocks) {
        // They fail soon without dbt's context, but never because of what was generated.
        const call = async (): Promise<unknown> => block.bind({}).invoke([], {})
        await call().catch((error: unknown) => expect(error).toBeInstanceOf(JinjaError))
      }
    }
  })
})

function agree(ours: { text: string } | { error: string }, python: PythonOutcome): boolean {
  return "text" in python ? "text" in ours && ours.text === python.text : "error" in ours
}
