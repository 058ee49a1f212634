import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { caseNames, casesFolder, prepareCase, runEmbeddedStep, type Step } from "../engines/lib/dbt-cases.ts"
import { dumpWarehouse } from "../engines/lib/warehouse-dump.ts"

/**
 * Each folder of test/golden/dbt is a dbt project with the invocations of `steps.json`. What the embedded runner does in
 * them is in `expected.txt`; test/engines/dbt-runner.test.ts proves that real dbt does the same. A missing expectation
 * is written, except under CI; to renew one, delete it.
 */
describe("dbt projects run by the embedded runner", () => {
  const folders: string[] = []
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

  for (const name of caseNames()) {
    test(name, async () => {
      const prepared = prepareCase(name)
      folders.push(dirname(prepared.embedded))
      let report = ""
      for (const [number, step] of prepared.steps.entries()) {
        const { exitCode, listing, error } = await runEmbeddedStep(prepared, number)
        const kept = join(prepared.embedded, `after-${number}`)
        report += `# ${number}: ${describeStep(step)}\nexit ${exitCode}\n`
        if (error !== null) report += `${error}\n`
        report += (listing ?? []).map((line) => `${line}\n`).join("")
        report += statuses(kept)
        if (step.command === "ls") continue
        report += tables(await dumpWarehouse(join(kept, "shop.duckdb")))
        if (number === 0) report += compiled(kept)
      }
      const path = join(casesFolder, name, "expected.txt")
      const actual = report.replaceAll(prepared.embedded, "<folder>")
      if (!existsSync(path) && process.env["CI"] !== "true") writeFileSync(path, actual)
      expect(actual).toBe(readFileSync(path, "utf8"))
    })
  }
})

function describeStep(step: Step): string {
  return Object.entries(step)
    .map(([key, value]) => (key === "command" ? String(value) : `${key}=${JSON.stringify(value)}`))
    .join(" ")
}

/** Without messages of the database, which change with its version. */
function statuses(folder: string): string {
  const path = join(folder, "run_results.json")
  if (!existsSync(path)) return ""
  const { results } = JSON.parse(readFileSync(path, "utf8")) as {
    results: { unique_id: string; status: string; failures: number | null; message: string | null }[]
  }
  return results
    .map(({ unique_id, status, failures, message }) => {
      const found = failures === null || status === "pass" || status === "success" ? "" : ` ${failures}`
      return `${unique_id} ${status}${found}${message === null || status === "error" ? "" : ` (${message})`}\n`
    })
    .sort()
    .join("")
}

function tables(dump: Awaited<ReturnType<typeof dumpWarehouse>>): string {
  return Object.entries(dump)
    .map(([name, { kind, columns, rows }]) => `## ${kind} ${name} (${columns.join(", ")})\n${rows.join("\n")}\n`)
    .join("")
}

function compiled(folder: string): string {
  const root = join(folder, "compiled")
  if (!existsSync(root)) return ""
  return filesBelow(root)
    .map((path) => `## compiled ${relative(root, path)}\n${readFileSync(path, "utf8")}\n`)
    .join("")
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? filesBelow(path) : [path]
    })
}
