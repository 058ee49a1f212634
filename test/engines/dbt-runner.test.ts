import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join, relative } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import {
  caseNames,
  normalise,
  prepareCase,
  runEmbeddedStep,
  runReal,
  type PreparedCase,
  type StepReport,
} from "./lib/dbt-cases.ts"
import { describeWith, pythonBin } from "./lib/engines.ts"
import { dumpWarehouse } from "./lib/warehouse-dump.ts"

interface RunResult {
  unique_id: string
  status: string
  failures: number | null
  message: string | null
}

interface Artifact {
  nodes: Record<string, Record<string, unknown>>
  sources: Record<string, Record<string, unknown>>
  exposures: Record<string, unknown>
  parent_map: Record<string, string[]>
  child_map: Record<string, string[]>
  disabled: Record<string, unknown>
  results: RunResult[]
}

describeWith({ python: pythonBin() }, "the embedded runner does what real dbt does", ({ python }) => {
  const only = process.env["DBT_CASES"]?.split(",")
  const names = caseNames().filter((name) => only === undefined || only.includes(name))
  const cases = new Map<string, PreparedCase>(names.map((name) => [name, prepareCase(name)]))
  const real = new Map<string, StepReport[]>()

  beforeAll(() => {
    const reports = runReal(python, [...cases.values()])
    for (const [i, name] of names.entries()) real.set(name, reports[i] ?? [])
  })

  for (const [name, prepared] of cases) {
    describe(name, () => {
      for (const [number, step] of prepared.steps.entries()) {
        test(`${number}: ${describeStep(step)}`, async () => {
          const expected = real.get(name)?.[number]
          const actual = await runEmbeddedStep(prepared, number)
          const errors = `real: ${expected?.error ?? "none"}\nembedded: ${actual.error ?? "none"}`
          expect(actual.exitCode, errors).toBe(expected?.exitCode)
          expect(actual.exitCode === 2, errors).toBe(step.refused === true)
          if (step.output === "json")
            expect(actual.listing?.map(jsonLine)).toEqual(expected?.listing?.map(jsonLine))
          else expect(actual.listing).toEqual(expected?.listing)
          const [realStep, embeddedStep] = [prepared.real, prepared.embedded].map((folder) =>
            join(folder, `after-${number}`),
          ) as [string, string]
          if (actual.exitCode === 2) return
          expect(statuses(embeddedStep)).toEqual(statuses(realStep))
          expect(await dumpWarehouse(join(embeddedStep, "shop.duckdb"))).toEqual(
            await dumpWarehouse(join(realStep, "shop.duckdb")),
          )
          compareManifests(embeddedStep, realStep)
          expect(compiled(embeddedStep, prepared.embedded)).toEqual(compiled(realStep, prepared.real))
        })
      }
    })
  }
})

function describeStep(step: object): string {
  return Object.entries(step)
    .map(([key, value]) => (key === "command" ? String(value) : `${key} ${JSON.stringify(value)}`))
    .join(" ")
}

function jsonLine(line: string): unknown {
  return JSON.parse(line)
}

function read(folder: string, name: string): Artifact | undefined {
  const path = join(folder, name)
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Artifact) : undefined
}

/** Statuses and failures by id; messages where they are dbt's own and not the database's. */
function statuses(folder: string): unknown {
  const results = read(folder, "run_results.json")?.results
  return results
    ?.map(({ unique_id, status, failures, message }) => ({
      id: unique_id,
      status,
      failures,
      message: status === "error" ? message !== null : message,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

const COMPARED = [
  "database",
  "schema",
  "alias",
  "name",
  "resource_type",
  "package_name",
  "path",
  "original_file_path",
  "fqn",
  "config",
  "tags",
  "description",
  "columns",
  "meta",
  "relation_name",
  "raw_code",
  "refs",
  "sources",
  "checksum",
  "patch_path",
  "column_name",
  "test_metadata",
  "attached_node",
  "source_name",
  "identifier",
]

function compareManifests(actualFolder: string, expectedFolder: string): void {
  const actual = read(actualFolder, "manifest.json")
  const expected = read(expectedFolder, "manifest.json")
  if (actual === undefined || expected === undefined) {
    expect(actual === undefined).toBe(expected === undefined)
    return
  }
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort())
  expect(Object.keys(actual.nodes).sort()).toEqual(Object.keys(expected.nodes).sort())
  expect(Object.keys(actual.disabled).sort()).toEqual(Object.keys(expected.disabled).sort())
  expect(actual.parent_map).toEqual(sortedLists(expected.parent_map))
  expect(actual.child_map).toEqual(sortedLists(expected.child_map))
  expect(Object.keys(actual.exposures)).toEqual(Object.keys(expected.exposures))
  for (const section of ["nodes", "sources"] as const) {
    for (const [id, node] of Object.entries(expected[section])) {
      const mine = actual[section][id] ?? {}
      expect(Object.keys(mine).sort().filter(isComparedKey), id).toEqual(
        Object.keys(node).sort().filter(isComparedKey),
      )
      expect(pick(mine), id).toEqual(pick(node))
    }
  }
}

/** Which nodes are compiled depends on what the last command was; both engines say so in the same way for run nodes. */
function isComparedKey(key: string): boolean {
  return !["compiled", "compiled_code", "extra_ctes", "extra_ctes_injected", "config_call_dict"].includes(key)
}

function pick(node: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(COMPARED.filter((key) => key in node).map((key) => [key, node[key]]))
}

function sortedLists(map: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(map).map(([key, list]) => [key, [...list].sort()]))
}

/** Compiled SQL by file, white space folded. */
function compiled(folder: string, project: string): Record<string, string> {
  const root = join(folder, "compiled")
  return Object.fromEntries(
    existsSync(root)
      ? filesBelow(root).map((path) => [relative(root, path), normalise(readFileSync(path, "utf8"), project)])
      : [],
  )
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? filesBelow(path) : [path]
    })
}
