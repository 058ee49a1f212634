import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { cartwright, resultOf, start, temporaryFolder } from "../e2e/lib/cli.ts"
import { LINES, writeOnlineRetail } from "../e2e/lib/online-retail.ts"
import { type EmulatedProject, LOCATION, PROJECT, startEmulatedProject } from "./lib/bigquery-dbt.ts"
import { bigQueryEmulatorBin, dbtBigQueryBin, describeWith, fakeGcsBin } from "./lib/engines.ts"
import { type FakeGcs, startFakeGcs } from "./lib/fake-gcs.ts"

/**
 * The whole pipeline of a shop whose warehouse is BigQuery, emulated, files to published views: real dbt by default, its progress,
 * artifacts and failures in our form.
 */
const ENGINES = { emulator: bigQueryEmulatorBin(), dbt: dbtBigQueryBin(), gcs: fakeGcsBin() }

describeWith(ENGINES, "a shop on BigQuery", (engines) => {
  const home = temporaryFolder()
  const shop = join(home, "shop")
  const config = join(shop, "cartwright.yaml")
  let project: EmulatedProject
  let gcs: FakeGcs
  const emulated = () => ({
    env: { BIGQUERY_EMULATOR_HOST: project.emulator.url, STORAGE_EMULATOR_HOST: gcs.endpoint },
  })
  const ours = (...args: string[]) => cartwright([...args, "--dir", shop], emulated())
  const ask = async (sql: string) => {
    const session = await project.warehouse.session()
    return session.rows(sql).finally(() => session.close())
  }
  const lastRun = () => join(shop, "runs", readdirSync(join(shop, "runs")).filter(isRun).sort().at(-1) ?? "")

  beforeAll(async () => {
    writeOnlineRetail(join(home, "files"))
    const made = await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
    expect(made.code, made.stderr).toBe(0)
    cpSync(shop, join(home, "disk"), { recursive: true })
    const folder = join(home, "buckets")
    mkdirSync(folder)
    gcs = await startFakeGcs(engines.gcs, folder)
    await gcs.createBucket("shop")
    project = await startEmulatedProject(engines, { folder, adopt: gcs.adopt })
    writeFileSync(
      config,
      readFileSync(config, "utf8")
        .replace("engine: embedded", `dbt: ${engines.dbt}`)
        .replace(
          "path: warehouse.duckdb",
          `type: bigquery\n  project: ${PROJECT}\n  location: ${LOCATION}\n  labels: {team: toys}`,
        )
        .replace(/^publish:$/m, "publish:\n  export: gs://shop/published/"),
    )
  })
  afterAll(async () => {
    await project.stop()
    await gcs.stop()
  })

  test("builds and tests every model with real dbt, which nobody had to ask for", async () => {
    const jobs = project.emulator.jobs.length
    const built = await ours("run")
    expect(built.code, built.stderr).toBe(0)
    expect(built.stderr).toMatch(/transform fact_sales · \d+ of \d+/)
    expect(await ask("select count(*) as n from gold.fact_sales")).toEqual([{ n: BigInt(LINES.length) }])
    expect(await ask("select count(*) as n from published.fact_sales")).toEqual([{ n: BigInt(LINES.length) }])
    expect(await ask("select count(*) as n from quality.anomalies")).toEqual([{ n: 0n }])
    for (const artifact of ["manifest.json", "run_results.json"])
      expect(existsSync(join(lastRun(), "dbt", artifact)), artifact).toBe(true)
    const of = project.emulator.jobs.slice(jobs).map(({ configuration }) => configuration["labels"])
    const run = lastRun().split("/").at(-1)?.toLowerCase()
    expect(of).toContainEqual(
      expect.objectContaining({
        application: "cartwright",
        shop: "shop",
        run,
        step: "transform",
        team: "toys",
        node: "fact_sales",
      }),
    )
  })

  test("finds the lines of the records that fail, and lists them", async () => {
    const placed = await ask("select count(*) as n from meta.record_places where line is not null")
    expect(Number(placed[0]?.["n"])).toBeGreaterThan(0)
    const listed = await ours("errors", "list", "--json")
    expect(listed.code, listed.stderr).toBe(0)
    const { events } = resultOf(listed) as { events: { screen: string }[] }
    expect(events.length).toBeGreaterThan(0)
  })

  test("makes no job at all where nothing changed", async () => {
    const jobs = project.emulator.jobs.length
    expect(resultOf(await ours("run", "--json"))).toMatchObject({ status: "unchanged" })
    expect(project.emulator.jobs.length).toBe(jobs)
  })

  test("answers questions as the same shop on DuckDB does, from the Parquet of the published version", async () => {
    expect((await cartwright(["run", "--dir", join(home, "disk")])).code).toBe(0)
    const jobs = project.emulator.jobs.length
    const question = ["--metric", "net_sales", "--metric", "orders", "--by", "country"]
    const asked = resultOf(await ours("query", ...question, "--json"))
    const onDisk = resultOf(await cartwright(["query", ...question, "--json", "--dir", join(home, "disk")]))
    expect(asked).toEqual({ ...onDisk, version: asked["version"] })
    const explained = resultOf(await ours("explain", "net_sales", "--json"))
    expect(explained).toMatchObject({
      answer: { version: asked["version"] },
      behind: {
        landings: [{ dataset: "invoices", rows: LINES.length }],
        models: expect.arrayContaining([expect.objectContaining({ name: "fact_sales" })]),
      },
    })
    const serving = start(["serve", "--port", "0", "--json", "--dir", shop], emulated())
    await serving.saw(/"address":"http/)
    const address = /"address":"([^"]+)"/.exec(serving.output())?.[1] ?? ""
    const q = JSON.stringify({ metrics: ["net_sales", "orders"], by: ["country"] })
    const reply = (await fetch(new URL(`/api/query?q=${encodeURIComponent(q)}`, address))).json()
    expect(await reply).toMatchObject({ rows: asked["rows"] })
    serving.child.kill("SIGTERM")
    expect((await serving.ended).code).toBe(0)
    expect(project.emulator.jobs.length).toBe(jobs)
  })

  test("tells a model that fails as the embedded runner does, exit code 5", async () => {
    const own = join(shop, "dbt", "models", "own.sql")
    writeFileSync(own, "select no_such_column from {{ ref('fact_sales') }}")
    const failed = await ours("run")
    expect(failed.code, failed.stderr).toBe(5)
    expect(failed.stderr).toContain("1 node of the dbt project failed: own (")
    expect(failed.stderr).toContain("no_such_column")
    expect(failed.stderr).toContain(`at:    ${join(lastRun(), "dbt")}`)
    expect(failed.stderr).toContain("Nothing was published.")
  })
})

function isRun(name: string): boolean {
  return /^\d{8}T/.test(name)
}
