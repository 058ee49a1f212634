import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { cartwright, temporaryFolder } from "../e2e/lib/cli.ts"
import { publishedContents } from "../e2e/lib/published.ts"
import { type Airflow, prepareAirflow, until } from "./lib/airflow.ts"
import { deliver, makeShops } from "./lib/airflow-shop.ts"
import { airflow2Bin, describeWith } from "./lib/engines.ts"

/** Prints DAG and state of every run, as they began. */
const RUNS = `
import json, sqlite3
runs = sqlite3.connect("airflow.db").execute("select dag_id, state from dag_run order by start_date")
print(json.dumps(runs.fetchall()))`

describeWith({ airflow: airflow2Bin() }, "the DAGs on Airflow 2", ({ airflow: bin }) => {
  const home = temporaryFolder()
  let airflow: Airflow
  beforeAll(async () => {
    airflow = await prepareAirflow(bin, join(home, "airflow"), {
      AIRFLOW__CORE__EXECUTOR: "SequentialExecutor",
      AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: "False",
    })
  })
  afterAll(() => airflow.stop())

  test("are run by the schedule, one by another, and publish what `cartwright run` does", async () => {
    const files = join(home, "files")
    deliver(files, 1)
    const { shop, twin } = await makeShops(home, files)
    expect((await cartwright(["run", "--dir", twin])).code).toBe(0)
    const deployed = await cartwright(["deploy", "airflow", "--dir", shop, "--out", airflow.dags])
    expect(deployed.code, deployed.stderr).toBe(0)
    await airflow.run("airflow", "pools", "set", "cartwright_shop", "1", "one writer at a time")
    airflow.start("scheduler", "--skip-serve-logs")
    const runs = async () => JSON.parse(await airflow.run("python", "-c", RUNS)) as string[][]
    await until("the four DAGs", airflow, async () => {
      const all = await runs()
      return all.length >= 4 && all.every(([, state]) => state === "success" || state === "failed")
    })
    expect(await runs()).toEqual(
      ["ingestion", "staging", "dwh", "analytics"].map((part) => [`ecom_${part}_dag`, "success"]),
    )
    expect(await publishedContents(shop)).toEqual(await publishedContents(twin))
  })
})
