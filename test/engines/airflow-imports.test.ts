import { appendFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { cartwright, temporaryFolder } from "../e2e/lib/cli.ts"
import { prepareAirflow } from "./lib/airflow.ts"
import { deliver } from "./lib/airflow-shop.ts"
import { airflow2Bin, airflowBin, describeWith } from "./lib/engines.ts"

const READ_DAGS = join(import.meta.dirname, "lib", "read_dags.py")

interface DagsRead {
  errors: string[]
  /** Processor time of one import. */
  seconds: number
  dags: Record<
    string,
    Record<string, unknown> & { tasks: Record<string, Record<string, unknown> & { before: string[] }> }
  >
}

const FULL = `airflow:
  prefix: full
  schedule: "30 5 * * 1-5"
  retries: 4
  alert: shop_alerts.tell
  deadline_minutes: 30
  environment: {TOKEN: shop_token}
`

describe.each([
  ["3", airflowBin()],
  ["2", airflow2Bin()],
])("DAGs for Airflow %s", (line, found) => {
  describeWith({ airflow: found }, "import", ({ airflow: bin }) => {
    const home = temporaryFolder()
    let read: DagsRead
    beforeAll(async () => {
      const files = join(home, "files")
      deliver(files, 1)
      const airflow = await prepareAirflow(bin, join(home, "airflow"), {})
      for (const section of [FULL, FULL.replace("prefix: full", "layout: one\n  name: whole")]) {
        const shop = join(home, section.includes("one") ? "one" : "chain")
        await cartwright(["init", files, "--dir", shop])
        appendFileSync(join(shop, "cartwright.yaml"), `\n${section}`)
        const made = await cartwright(["deploy", "airflow", "--dir", shop, "--out", airflow.dags])
        expect(made.code, made.stderr).toBe(0)
      }
      const said = await airflow.run("python", READ_DAGS, airflow.dags)
      read = JSON.parse(said.trim().split("\n").at(-1) ?? "") as DagsRead
    })

    test("without errors, quickly, with what cartwright.yaml says", () => {
      expect(read.errors).toEqual([])
      console.log(`Airflow ${line} imports two files of DAGs in ${read.seconds.toFixed(3)} s of CPU`)
      expect(read.seconds / 2).toBeLessThan(0.3)
      const parts = ["ingestion", "staging", "dwh", "analytics"]
      expect(Object.keys(read.dags).sort()).toEqual(
        ["cartwright_whole", ...parts.map((part) => `full_${part}_dag`)].sort(),
      )
      for (const [id, dag] of Object.entries(read.dags)) {
        expect(dag, id).toMatchObject({
          catchup: false,
          maxActiveRuns: 1,
          timeout: 360 * 60,
          deadline: true,
          doc: expect.stringContaining("cartwright status"),
        })
        for (const task of Object.values(dag.tasks))
          expect(task).toMatchObject({
            retries: 4,
            backoff: true,
            delay: 120,
            timeout: 7200,
            alerts: true,
            owner: "cartwright",
          })
      }
      for (const id of ["full_ingestion_dag", "cartwright_whole"])
        expect(read.dags[id]).toMatchObject({ schedule: "CronDataIntervalTimetable", cron: "30 5 * * 1-5" })
    })

    test("each DAG hands to the next, and each task waits for the one before", () => {
      const tasks = (dag: string) => read.dags[dag]?.tasks ?? {}
      const befores = (dag: string) =>
        Object.fromEntries(Object.entries(tasks(dag)).map(([task, { before }]) => [task, before]))
      expect(befores("full_ingestion_dag")).toEqual({
        extract_online_retail: [],
        load_online_retail: ["extract_online_retail"],
        all_sources: ["extract_online_retail", "load_online_retail"],
        hand_over: ["load_online_retail"],
      })
      expect(befores("cartwright_whole")).toEqual({
        "ingestion.extract_online_retail": [],
        "ingestion.load_online_retail": ["ingestion.extract_online_retail"],
        "ingestion.all_sources": ["ingestion.extract_online_retail", "ingestion.load_online_retail"],
        "staging.build_silver": ["ingestion.load_online_retail"],
        "staging.screens": ["staging.build_silver"],
        "dwh.build_star": ["staging.screens"],
        "analytics.build_marts": ["dwh.build_star"],
        "analytics.publish": ["analytics.build_marts"],
      })
      for (const [part, layer] of [
        ["ingestion", "bronze"],
        ["staging", "silver"],
        ["dwh", "star"],
      ])
        expect(tasks(`full_${part}_dag`)["hand_over"]).toMatchObject({
          hands: [expect.stringMatching(`/${layer}$`)],
        })
    })
  })
})
