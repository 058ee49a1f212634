import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import type { ProgressEvent } from "../core/effects.ts"
import type { Layer } from "./layers.ts"
import { readJsonFile, replaceJsonFile } from "./json-file.ts"

export type StepName = "extract" | "load" | "transform" | "publish"
export const STEPS: readonly StepName[] = ["extract", "load", "transform", "publish"]

/** `runs/<id>/plan.json`: what the run set out to do. Written once, before anything else. */
export interface RunPlan {
  format: 1
  runId: string
  command: string
  program: string
  startedAt: string
  pid: number
  steps: readonly StepName[]
  select: readonly string[] | null
  asOf: string | null
  /** As `start/end`. */
  interval: string | null
  layer: Layer | null
  fullRefresh: boolean
}

export type RunStatus = "running" | "done" | "unchanged" | "failed" | "interrupted" | "killed"
export type StepStatus = "waiting" | "running" | "done" | "unchanged" | "failed"

/** `runs/<id>/state.json`: how far the run has come. Replaced at once with every change. */
export interface RunState {
  format: 1
  runId: string
  status: RunStatus
  steps: Partial<
    Record<StepName, { status: StepStatus; startedAt?: string; endedAt?: string; result?: unknown }>
  >
  endedAt?: string
  errors?: unknown[]
}

export interface RunRecord {
  readonly folder: string
  readonly state: RunState
  step(name: StepName, status: StepStatus, result?: unknown): void
  /** Appends to `log.ndjson`. */
  log(event: ProgressEvent | Record<string, unknown>): void
  end(status: RunStatus, errors: readonly unknown[]): void
}

/** An id that sorts by time, and after all that are there, also where the clock was set back. */
export function newRunId(now: Date, runsFolder: string): string {
  const id = `${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`
  const newest = listRuns(runsFolder).at(-1)
  const [second = "", n = "1"] = newest?.split("-") ?? []
  return id > second ? id : `${second}-${Number(n) + 1}`
}

export function startRecord(runsFolder: string, plan: RunPlan, now: () => Date): RunRecord {
  const folder = join(runsFolder, plan.runId)
  mkdirSync(folder, { recursive: true })
  replaceJsonFile(join(folder, "plan.json"), plan)
  const state: RunState = {
    format: 1,
    runId: plan.runId,
    status: "running",
    steps: Object.fromEntries(plan.steps.map((step) => [step, { status: "waiting" }])),
  }
  const save = () => replaceJsonFile(join(folder, "state.json"), state)
  save()
  const log = openSync(join(folder, "log.ndjson"), "a")
  return {
    folder,
    state,
    step(name, status, result) {
      const time = now().toISOString()
      const before = state.steps[name]
      state.steps[name] = {
        ...before,
        status,
        ...(status === "running" ? { startedAt: time } : { endedAt: time }),
        ...(result === undefined ? {} : { result }),
      }
      save()
    },
    log(event) {
      writeSync(log, `${JSON.stringify({ time: now().toISOString(), ...event })}\n`)
    },
    end(status, errors) {
      state.status = status
      state.endedAt = now().toISOString()
      if (errors.length > 0) state.errors = [...errors]
      save()
      closeSync(log)
    },
  }
}

/** The ids of all runs, oldest first. */
export function listRuns(runsFolder: string): string[] {
  try {
    return readdirSync(runsFolder)
      .filter((name) => /^\d{8}T\d{6}Z(?:-\d+)?$/.test(name))
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
  } catch {
    return []
  }
}

export function readRun(runsFolder: string, runId: string): { plan: RunPlan; state: RunState } | undefined {
  const plan = readJsonFile(join(runsFolder, runId, "plan.json")) as RunPlan | undefined
  const state = readJsonFile(join(runsFolder, runId, "state.json")) as RunState | undefined
  return plan === undefined || state === undefined ? undefined : { plan, state }
}

/**
 * The newest runs, as far as their records say that they go on, or are not whole. Nobody else may be working on the shop:
 * they were killed. Every run marks those before it, so older ones need not be looked at.
 */
export function killedRuns(runsFolder: string): string[] {
  const ids = listRuns(runsFolder)
  const sound = ids.findLastIndex((id) => {
    const status = readRun(runsFolder, id)?.state.status
    return status !== undefined && status !== "running"
  })
  return ids.slice(sound + 1)
}

/** Runs that were killed say so from now on; those that had no record yet had done nothing, and go. */
export function markKilled(runsFolder: string, ids: readonly string[]): void {
  for (const id of ids) {
    const run = readRun(runsFolder, id)
    const killed: Partial<RunState> = { status: "killed" }
    if (run === undefined) rmSync(join(runsFolder, id), { recursive: true, force: true })
    else replaceJsonFile(join(runsFolder, id, "state.json"), { ...run.state, ...killed })
  }
}

export function removeOldRuns(runsFolder: string, keep: number): void {
  for (const id of listRuns(runsFolder).slice(0, -keep))
    rmSync(join(runsFolder, id), { recursive: true, force: true })
}
