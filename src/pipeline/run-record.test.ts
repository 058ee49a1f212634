import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { readLedger, warehouseIdentity, writeLedger } from "./ledger.ts"
import {
  killedRuns,
  listRuns,
  markKilled,
  newRunId,
  readRun,
  removeOldRuns,
  type RunPlan,
  startRecord,
} from "./run-record.ts"

const runsFolder = () => mkdtempSync(join(tmpdir(), "cartwright-runs-"))
let time = Date.UTC(2026, 10, 21, 8)
const now = () => new Date((time += 1000))
const plan = (runId: string): RunPlan => ({
  format: 1,
  runId,
  command: "cartwright run",
  program: "0",
  startedAt: now().toISOString(),
  pid: 1,
  steps: ["extract", "load"],
  select: null,
  asOf: null,
  interval: null,
  layer: null,
  fullRefresh: false,
})

test("a record says at every moment how far the run has come", () => {
  const runs = runsFolder()
  const record = startRecord(runs, plan("20261121T080000Z"), now)
  const statuses = () => {
    const state = readRun(runs, "20261121T080000Z")?.state
    return [state?.status, state?.steps.extract?.status, state?.steps.load?.status]
  }
  expect(statuses()).toEqual(["running", "waiting", "waiting"])
  record.step("extract", "running")
  record.log({ step: "extract", name: "a.b", status: "start" })
  expect(statuses()).toEqual(["running", "running", "waiting"])
  record.step("extract", "done", { deliveries: [] })
  record.step("load", "failed")
  record.end("failed", [{ code: "load" }])
  expect(statuses()).toEqual(["failed", "done", "failed"])
  const log = readFileSync(join(record.folder, "log.ndjson"), "utf8").trim().split("\n")
  expect(log.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ step: "extract", name: "a.b" }])
})

test("a run that was killed says so once another one runs; what it left half-written is passed over", () => {
  const runs = runsFolder()
  startRecord(runs, plan("20261121T080000Z"), now)
  startRecord(runs, plan("20261121T080001Z"), now)
  writeFileSync(join(runs, "20261121T080001Z", "state.json"), '{"format"')
  startRecord(runs, plan("20261121T080002Z"), now)
  expect(killedRuns(runs)).toEqual(["20261121T080000Z", "20261121T080001Z", "20261121T080002Z"])
  markKilled(runs, ["20261121T080000Z", "20261121T080001Z"])
  expect(readRun(runs, "20261121T080000Z")?.state.status).toBe("killed")
  expect(listRuns(runs)).toEqual(["20261121T080000Z", "20261121T080002Z"])
  expect(readRun(runs, "20261121T080002Z")?.state.status).toBe("running")
})

test("ids sort by time, also within a second, and the oldest records go", () => {
  const runs = runsFolder()
  const at = new Date("2026-11-21T08:00:00Z")
  for (let i = 0; i < 12; i++) startRecord(runs, plan(newRunId(at, runs)), now)
  expect(listRuns(runs)[0]).toBe("20261121T080000Z")
  expect(listRuns(runs).at(-1)).toBe("20261121T080000Z-12")
  removeOldRuns(runs, 2)
  expect(listRuns(runs)).toEqual(["20261121T080000Z-11", "20261121T080000Z-12"])
  // The free ids of the second sort before runs that were; so does a clock that was set back.
  expect(newRunId(at, runs)).toBe("20261121T080000Z-13")
  expect(newRunId(new Date("2026-11-20T23:00:00Z"), runs)).toBe("20261121T080000Z-13")
  expect(newRunId(new Date("2026-11-21T08:00:01Z"), runs)).toBe("20261121T080001Z")
})

test("the ledger is believed only where it is whole", () => {
  const runs = runsFolder()
  writeLedger(runs, { format: 2, datasets: {}, loaded: "x" })
  expect(readLedger(runs).loaded).toBe("x")
  writeFileSync(join(runs, "ledger.json"), '{"format": 2, "load')
  expect(readLedger(runs)).toEqual({ format: 2, datasets: {} })
  expect(readdirSync(runs)).toEqual(["ledger.json"])
  expect(warehouseIdentity(join(runs, "none.duckdb"))).toBeUndefined()
})
