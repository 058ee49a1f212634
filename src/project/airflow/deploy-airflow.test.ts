import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { parseConfig } from "../config/read.ts"
import { shopOf } from "../shop.ts"
import { deployAirflow } from "./deploy-airflow.ts"

const SOURCES = `sources: {web: {files: {path: f, datasets: {d: {files: "*.csv"}}}}, shop: {files: {path: g, datasets: {d: {files: "*.csv"}}}}}`

function shopWith(airflow: string, name = "Café & Söhne", folder = "/shop") {
  const text = `shop: {name: ${JSON.stringify(name)}, time_zone: Europe/London}\n${SOURCES}\nairflow: ${airflow}\n`
  return shopOf(folder, parseConfig(text, "/shop/cartwright.yaml"))
}

const folder = () => mkdtempSync(join(tmpdir(), "cartwright-dags-"))

/** What was written for a section `airflow`. */
function written(airflow: string, name?: string): string {
  const out = folder()
  const made = deployAirflow(shopWith(airflow, name), out, false)
  if ("error" in made) throw made.error
  return readFileSync(made.file, "utf8")
}

test("every key of the configuration is in the file; the same configuration gives the same bytes", () => {
  const airflow = `{prefix: toys, schedule: "30 5 * * 1-5", start_date: 2026-01-01, command: [node, /opt/main.js], folder: /data/shop, retries: 7,
    retry_minutes: 4, retry_minutes_max: 44, task_minutes: 55, run_minutes: 66, pool: one, owner: ann, tags: [eu], alert: a.b.tell,
    deadline_minutes: 77, environment: {TOKEN: shop_token}}`
  const text = written(airflow)
  for (const part of [
    `"toys_ingestion_dag", schedule=SCHEDULE`,
    `"toys_analytics_dag", schedule=[STAR]`,
    `CronDataIntervalTimetable("30 5 * * 1-5", timezone=TIME_ZONE)`,
    `TIME_ZONE = "Europe/London"`,
    `pendulum.parse("2026-01-01", tz=TIME_ZONE)`,
    `COMMAND = ["node", "/opt/main.js"]`,
    `SHOP = "/data/shop"`,
    `SOURCES = ["web", "shop"]`,
    `"retries": 7`,
    `"retry_delay": timedelta(minutes=4)`,
    `"max_retry_delay": timedelta(minutes=44)`,
    `"execution_timeout": timedelta(minutes=55)`,
    `"dagrun_timeout": timedelta(minutes=66)`,
    `"pool": "one"`,
    `"owner": "ann"`,
    `"tags": ["cartwright", "cafe_sohne", "eu"]`,
    `from a.b import tell`,
    `SyncCallback("a.b.tell")`,
    `DEADLINE = timedelta(minutes=77)`,
    `"TOKEN": "{{ var.value['shop_token'] }}"`,
  ])
    expect(text).toContain(part)
  expect(written(airflow)).toBe(text)
  expect(written("{schedule: manual}")).toContain("SCHEDULE = None")
  expect(written("{layout: one}")).toContain(`DAG("cartwright_cafe_sohne", schedule=SCHEDULE`)
})

test("a second time nothing is written; what the configuration says now replaces what it said", () => {
  const out = folder()
  expect(deployAirflow(shopWith("{}"), out, false)).toMatchObject({
    status: "written",
    pool: "cartwright_cafe_sohne",
  })
  expect(deployAirflow(shopWith("{}"), out, false)).toMatchObject({ status: "unchanged" })
  expect(deployAirflow(shopWith("{retries: 1}"), out, false)).toMatchObject({ status: "written" })
  expect(readdirSync(out)).toEqual(["ecom_dags.py"])
})

test("a file changed by hand stays, is shown as a difference, and goes with --force", () => {
  const out = folder()
  const made = deployAirflow(shopWith("{}"), out, false)
  const file = join(out, "ecom_dags.py")
  expect(made).toMatchObject({ file })
  const edited = readFileSync(file, "utf8").replace('"retries": 3', '"retries": 30')
  writeFileSync(file, edited)
  const kept = deployAirflow(shopWith("{}"), out, false)
  expect(kept).toMatchObject({
    error: { code: "input", place: file, message: expect.stringContaining("by hand") },
    diff: expect.arrayContaining(['-        "retries": 30,', '+        "retries": 3,']),
  })
  expect(readFileSync(file, "utf8")).toBe(edited)
  expect(deployAirflow(shopWith("{}"), out, true)).toMatchObject({ status: "written" })
  writeFileSync(file, "print('mine')\n")
  expect(deployAirflow(shopWith("{}"), out, false)).toMatchObject({
    error: { message: expect.stringContaining("did not make") },
  })
})

test("another shop with the same DAGs is refused, also where it has the same name", () => {
  const out = folder()
  deployAirflow(shopWith("{}"), out, false)
  for (const other of [shopWith("{}", "Toys"), shopWith("{}", undefined, "/other")])
    expect(deployAirflow(other, out, false)).toMatchObject({
      error: {
        message: expect.stringContaining("another shop"),
        next: expect.stringContaining("airflow.prefix"),
      },
    })
  expect(deployAirflow(shopWith("{prefix: toys}", "Toys"), out, false)).toMatchObject({ status: "written" })
})

test("names: a shop without a letter of the alphabet says where to state one; others become ids", () => {
  expect(() => written("{}", "店")).toThrow(
    expect.objectContaining({
      code: "config",
      place: expect.stringMatching(/cartwright.yaml:1:\d+$/),
      next: expect.stringContaining("airflow.name"),
    }),
  )
  expect(written("{name: mise}", "店")).toContain(`"pool": "cartwright_mise"`)
  const quoted = written("{}", `"""; import os\\ `)
  expect(
    quoted
      .split('"""')
      .filter((_, i) => i % 2 === 0)
      .join(""),
  ).not.toContain("; import os\\ **")
})

test.each([
  ["{schedule: every day}", /cron expression/],
  ["{prefix: a b}", /letters, digits/],
  ["{deadline_minutes: 5}", /airflow.alert is missing/],
  ["{alert: tell}", /Python function/],
  ['{environment: {TOKEN: "{{ x }}"}}', /Airflow Variable/],
  ["{layout: both}", /airflow.layout is "both"/],
])("%s is refused with the place in the configuration", (airflow, message) => {
  expect(() => shopWith(airflow)).toThrow(expect.objectContaining({ code: "config" }))
  try {
    shopWith(airflow)
  } catch (error) {
    expect((error as Error).message).toMatch(message)
  }
})
