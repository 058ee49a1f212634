import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { afterAll, beforeAll, expect, test } from "vitest"
import { cartwright, temporaryFolder } from "../e2e/lib/cli.ts"
import { LINES } from "../e2e/lib/online-retail.ts"
import { currentVersion, publishedContents } from "../e2e/lib/published.ts"
import { type Airflow3, type DagRun, startAirflow3, until } from "./lib/airflow.ts"
import { deliver, makeShops } from "./lib/airflow-shop.ts"
import { airflowBin, describeWith } from "./lib/engines.ts"

const [INGESTION, STAGING, DWH, ANALYTICS] = ["ingestion", "staging", "dwh", "analytics"].map(
  (part) => `ecom_${part}_dag`,
) as [string, string, string, string]
const CHAIN = [INGESTION, STAGING, DWH, ANALYTICS]
const SOURCE = "online_retail"

describeWith({ airflow: airflowBin() }, "the DAGs on Airflow 3", ({ airflow: bin }) => {
  const home = temporaryFolder()
  const files = join(home, "files")
  let airflow: Airflow3
  let shop: string
  let twin: string

  const hasEnded = ({ state }: DagRun) => ["success", "failed"].includes(state)
  /** Waits until so many runs of a DAG have ended. @returns the last of them */
  const ended = async (dag: string, count: number): Promise<DagRun> => {
    await until(`${count} runs of ${dag}`, airflow, async () => {
      const runs = await airflow.runs(dag)
      return runs.length >= count && runs.every(hasEnded)
    })
    return (await airflow.runs(dag)).at(-1) as DagRun
  }
  /** The tasks of the last run of each DAG, by their state. */
  const states = async (dags = CHAIN): Promise<Record<string, string | null>> => {
    const found: Record<string, string | null> = {}
    for (const dag of dags) {
      const tasks = await airflow.tasks((await airflow.runs(dag)).at(-1) as DagRun)
      for (const { task_id: task, state } of Object.values(tasks))
        if (task !== "hand_over") found[task] = state
    }
    return found
  }
  const trigger = () => airflow.ask("POST", `/dags/${INGESTION}/dagRuns`, { logical_date: null })
  /** Waits until the program has built a model. @returns its process */
  const transforming = async (): Promise<number> => {
    const runs = join(shop, "runs")
    const read = (...path: string[]) => {
      const file = join(runs, ...path)
      return existsSync(file) ? readFileSync(file, "utf8") : ""
    }
    for (;;) {
      const [, runId = ""] =
        /"runId":"([^"]+)","command":"cartwright transform"/.exec(read("lease.json")) ?? []
      if (/"transform".*"done".*"[1-9]\d* of /.test(read(runId, "log.ndjson")))
        return Number(/"pid":(\d+)/.exec(read("lease.json"))?.[1])
      await setTimeout(10)
    }
  }
  const runTwin = async (...args: string[]) => {
    const { code, stderr } = await cartwright(["run", "--dir", twin, ...args])
    expect(code, stderr).toBe(0)
  }

  beforeAll(async () => {
    deliver(files, 1, 8)
    ;({ shop, twin } = await makeShops(home, files))
    airflow = await startAirflow3(bin, join(home, "airflow"))
    const deployed = await cartwright(["deploy", "airflow", "--dir", shop, "--out", airflow.dags])
    expect(deployed.code, deployed.stderr).toBe(0)
    await airflow.ask("POST", "/pools", { name: "cartwright_shop", slots: 1 })
    await until("the four DAGs", airflow, async () => {
      const { dags } = await airflow.ask<{ dags: { dag_id: string }[] }>("GET", "/dags")
      return dags.length === CHAIN.length
    })
  })
  afterAll(() => airflow.stop())

  test("are run by the schedule, one by another, and publish what `cartwright run` does", async () => {
    await airflow.ask("PATCH", "/dags?dag_id_pattern=%25", { is_paused: false })
    await runTwin()
    expect(await ended(ANALYTICS, 1)).toMatchObject({ state: "success", run_type: "asset_triggered" })
    expect((await airflow.runs(INGESTION)).map(({ run_type: type, state }) => [type, state])).toEqual([
      ["scheduled", "success"],
    ])
    expect(new Set(Object.values(await states()))).toEqual(new Set(["success"]))
    expect(await publishedContents(shop)).toEqual(await publishedContents(twin))
  })

  test("triggered where nothing changed: everything is skipped, and the version stays", async () => {
    const version = currentVersion(shop)
    await trigger()
    await ended(ANALYTICS, 2)
    expect(await states()).toEqual({
      [`extract_${SOURCE}`]: "skipped",
      [`load_${SOURCE}`]: "skipped",
      all_sources: "success",
      build_silver: "skipped",
      screens: "success",
      build_star: "skipped",
      build_marts: "skipped",
      publish: "skipped",
    })
    for (const dag of CHAIN)
      expect((await airflow.runs(dag)).map(({ state }) => state)).toEqual(["success", "success"])
    expect(currentVersion(shop)).toBe(version)
  })

  test("a task that is killed is tried again, and the result is as if it had not been", async () => {
    deliver(files, 2, 12)
    await trigger()
    process.kill(await transforming(), "SIGKILL")
    await runTwin()
    await ended(ANALYTICS, 3)
    const tasks = await airflow.tasks(await ended(STAGING, 3))
    expect(tasks["build_silver"]).toMatchObject({ state: "success", try_number: 2 })
    expect(await publishedContents(shop)).toEqual(await publishedContents(twin))
  })

  test("three days that are filled in are three daily runs", async () => {
    const [from, to] = ["2026-07-03", "2026-07-05"]
    for (const [i, lines] of [14, 17, LINES.length].entries()) deliver(files, 3 + i, lines)
    await airflow.ask("POST", "/backfills", {
      dag_id: INGESTION,
      from_date: `${from}T00:00:00Z`,
      to_date: `${to}T00:00:00Z`,
      max_active_runs: 1,
    })
    for (const day of [3, 4, 5]) await runTwin("--interval", `2026-07-0${day}/2026-07-0${day + 1}`)
    await ended(INGESTION, 6)
    const expected = await publishedContents(twin)
    await until("what three days publish", airflow, async () => {
      const contents = await publishedContents(shop)
      return JSON.stringify(contents) === JSON.stringify(expected)
    })
    expect(await publishedContents(shop)).toEqual(expected)
    // Those that the next one overtook were skipped.
    await until("all runs", airflow, async () => (await airflow.runs(ANALYTICS)).every(hasEnded))
    expect((await airflow.runs(ANALYTICS)).every(({ state }) => state === "success")).toBe(true)
    const runs = (await airflow.runs(INGESTION)).filter(({ run_type: type }) => type === "backfill")
    expect(runs.map(({ state }) => state)).toEqual(["success", "success", "success"])
    for (const run of runs)
      expect((await airflow.tasks(run))[`extract_${SOURCE}`], run.dag_run_id).toMatchObject({
        state: "success",
      })
  })

  test("a screen that stops fails its task, at once, and nothing is published", async () => {
    await until("the runs before", airflow, async () =>
      (await Promise.all(CHAIN.map((dag) => airflow.runs(dag)))).flat().every(hasEnded),
    )
    const [version, star] = [currentVersion(shop), (await airflow.runs(DWH)).length]
    const staged = (await airflow.runs(STAGING)).length
    const project = join(shop, "dbt", "dbt_project.yml")
    const text = readFileSync(project, "utf8")
    const stops = "\nvars:\n  screens:\n    online_retail.invoices.customer_named: {action: stop}\n"
    writeFileSync(project, text.replace("\nvars:\n", stops))
    await trigger()
    expect(await ended(STAGING, staged + 1)).toMatchObject({ state: "failed" })
    const tasks = await airflow.tasks(await ended(STAGING, staged + 1))
    expect(tasks).toMatchObject({
      build_silver: { state: "success", try_number: 1 },
      screens: { state: "failed", try_number: 1 },
      hand_over: { state: "upstream_failed" },
    })
    expect((await airflow.runs(DWH)).length).toBe(star)
    expect(currentVersion(shop)).toBe(version)
    expect((await cartwright(["publish", "--dir", shop])).code).toBe(10)

    writeFileSync(project, text)
    await trigger()
    await ended(ANALYTICS, (await airflow.runs(ANALYTICS)).length + 1)
    expect(await publishedContents(shop)).toEqual(await publishedContents(twin))
  })
})
