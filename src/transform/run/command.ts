import { join, resolve } from "node:path"
import { throwIfInterrupted } from "../../core/effects.ts"
import { manifestJson } from "../artifacts/manifest.ts"
import { writeAtomically } from "../artifacts/files.ts"
import type { Invocation } from "../context/context.ts"
import type { DbtOptions, DbtOutcome } from "../dbt.ts"
import { unsupported } from "../errors.ts"
import { buildGraph } from "../graph/graph.ts"
import { keep, takeKept } from "../parse/kept-parse.ts"
import { parseProject } from "../parse/parse-project.ts"
import { listing } from "./listing.ts"
import { openInvocation } from "./open-invocation.ts"
import { selectFor } from "./selection.ts"

const FAILED = new Set(["error", "fail", "skipped"])

/** Reads and parses the project; the database is not opened. */
export async function parse(options: DbtOptions): Promise<Invocation> {
  const { dialect = "duckdb" } = options
  if (dialect !== "duckdb" && options.command !== "parse")
    throw unsupported(`dbt ${options.command} on ${dialect}`)
  const { parseStore: store } = options
  let warned = false
  const onNode: DbtOptions["onNode"] = (event) => {
    warned = true
    options.onNode?.(event)
  }
  const invocation = await openInvocation({ ...options, onNode })
  if (store !== undefined && takeKept(invocation, store)) return invocation
  await parseProject(invocation)
  // What was warned of is told again each time.
  if (store !== undefined && !warned) keep(invocation, store)
  return invocation
}

/** Lists, compiles or runs what is selected of a project, parsed here or before, and writes the artifacts. */
export async function runCommand(options: DbtOptions, parsed?: Invocation): Promise<DbtOutcome> {
  const started = performance.now()
  const invocation = parsed ?? (await parse(options))
  try {
    const graph = buildGraph(invocation.manifest)
    const targetFolder = resolve(invocation.root.root, invocation.root.targetPath)
    const manifestPath = join(targetFolder, "manifest.json")
    const elapsed = (): number => performance.now() - started
    const writeManifest = (): void => writeAtomically(manifestPath, manifestJson(invocation, graph))
    if (options.command === "parse") {
      await invocation.macros.checkSyntax()
      writeManifest()
      return { success: true, exitCode: 0, results: [], elapsedMs: elapsed(), manifestPath }
    }
    const selected = await selectFor(invocation, graph, options)
    if (options.command === "ls") {
      writeManifest()
      const lines = listing(invocation.manifest, selected, options.output)
      if (lines.length === 0) invocation.tell("warn", "No nodes selected!")
      return { success: true, exitCode: 0, results: [], elapsedMs: elapsed(), listing: lines, manifestPath }
    }
    // Listing and parsing do without what runs nodes.
    const { runSelected, writeResults, toResult } = await import("./run-selected.ts")
    const records = await runSelected(invocation, graph, selected, options, targetFolder)
    writeManifest()
    writeResults(invocation, records, options, targetFolder, elapsed())
    throwIfInterrupted(
      options.effects,
      "What was built stays in the warehouse; the relation of a model that was stopped is as it was.",
    )
    const success = !records.some((record) => FAILED.has(record.status))
    return {
      success,
      // dbt takes a model that cannot be compiled for an error of the command itself.
      exitCode: success ? 0 : options.command === "compile" ? 2 : 1,
      results: records.map((record) => toResult(invocation, record)),
      elapsedMs: elapsed(),
      manifestPath,
    }
  } finally {
    await invocation.database.close()
  }
}
