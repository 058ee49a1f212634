import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { silentEffects } from "../../src/core/effects.ts"
import { generateShop } from "../../src/generator/generate.ts"
import { STEPS } from "../../src/pipeline/run-record.ts"
import { runSteps } from "../../src/pipeline/run.ts"
import { shopStatus } from "../../src/pipeline/status.ts"
import { initShop } from "../../src/project/init/init.ts"
import type { Shop } from "../../src/project/shop.ts"
import { cartwright, temporaryFolder } from "../e2e/lib/cli.ts"
import { askPublished, askWarehouse } from "../e2e/lib/published.ts"

const home = temporaryFolder()
const files = join(home, "files")
const aside = join(home, "aside")
const effects = silentEffects()
const LATE = "date=20251228"
const BAD = "date=20251231"
let shop: Shop
let atOnce: Shop

async function run(which: Shop, fullRefresh = false): Promise<void> {
  await runSteps({ shop: which, command: "test", steps: STEPS, fullRefresh, environment: {}, effects })
}

const statusOf = () => shopStatus(shop, new Date("2026-01-01T06:00:00Z"))

/** Every delivered column of the day's events as it was, but for one that is empty. Returns how many events there are. */
function emptyColumn(file: string, column: string): number {
  const [header = "", ...lines] = readFileSync(file, "utf8").trimEnd().split("\n")
  const at = header.split(",").indexOf(column)
  expect(at).toBeGreaterThan(0)
  const emptied = lines.map((line) => line.split(",").with(at, "").join(","))
  writeFileSync(file, `${[header, ...emptied].join("\n")}\n`)
  return lines.length
}

let badEvents = 0

beforeAll(async () => {
  await generateShop({ dir: files, scale: 0.008, seed: 3, days: 14, effects })
  badEvents = emptyColumn(join(files, BAD, "events.csv"), "traffic_source")
  ;({ shop: atOnce } = await initShop({ files, folder: join(home, "at-once") }))
  ;({ shop } = await initShop({ files, folder: join(home, "day-by-day") }))
  await run(atOnce)
  renameSync(join(files, LATE), `${aside}-late`)
  renameSync(join(files, BAD), `${aside}-bad`)
  await run(shop)
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

test("ordinary days: nothing is unlike their history, and what is due next is known", async () => {
  const { anomalies, datasets } = await statusOf()
  // The day without a delivery is told of every data set, in the landing that came after it, and is closed since.
  expect(anomalies).toEqual([])
  const missed = await askPublished(
    join(home, "day-by-day"),
    "select data_set, measure, is_open from $anomalies where measure = 'hours_since_previous' order by data_set",
  )
  expect(missed).toEqual(
    ["events", "order_items", "orders", "products", "users"].map((data_set) => ({
      data_set,
      measure: "hours_since_previous",
      is_open: false,
    })),
  )
  expect(datasets.map(({ health }) => health?.dueBy)).toEqual(Array(5).fill("2025-12-31T12:00:00.000Z"))
})

test("a delivery whose events come from nowhere is told by status, alone", async () => {
  renameSync(`${aside}-bad`, join(files, BAD))
  await run(shop)
  const { anomalies, datasets } = await statusOf()
  expect(
    anomalies.map(({ dataset, measure, subject, value }) => ({ dataset, measure, subject, value })),
  ).toEqual([{ dataset: "events", measure: "null_rate", subject: "traffic_source", value: 1 }])
  expect(datasets.find(({ name }) => name === "thelook.events")?.health?.newest.rows).toBe(badEvents)
  const { stdout } = await cartwright(["status", "--dir", join(home, "day-by-day")])
  expect(stdout).toContain("unusual  thelook.events: 100 % of the new rows have no traffic_source")
})

test("a late day changes what was measured to what it is without delay, by additions as by a full refresh", async () => {
  renameSync(`${aside}-late`, join(files, LATE))
  const measured = async (which: string) =>
    askPublished(
      join(home, which),
      `select data_set, as_of::varchar as as_of, measure, subject, value, of_rows::int as of_rows from $landing_measures
        where measure <> 'hours_since_previous' order by all`,
    )
  const found = async (which: string) =>
    askPublished(
      join(home, which),
      "select columns(* exclude landing_id)::varchar from $anomalies order by all",
    )
  await run(shop)
  const expected = await measured("at-once")
  expect(expected.length).toBeGreaterThan(14 * 5 * 10)
  expect(await measured("day-by-day")).toEqual(expected)
  expect(await found("day-by-day")).toEqual(await found("at-once"))
  await run(shop, true)
  expect(await measured("day-by-day")).toEqual(expected)
})

test("how many rows the gold tables have is kept, where it is another number than before", async () => {
  const folder = join(home, "day-by-day")
  const noted = async () =>
    Object.fromEntries(
      (
        await askWarehouse(folder, "select relation, count(*)::int as n from meta.table_rows group by all")
      ).map(({ relation, n }) => [relation, n]),
    )
  const before = await noted()
  // Fourteen days but two; then each of these, of which the late one brings no order that a later whole delivery has not; a
  // full refresh finds the same.
  expect(before).toMatchObject({ "gold.fact_events": 3, "gold.fact_orders": 2, "gold.dim_dates": 1 })
  expect(before).not.toHaveProperty(["gold.fact_order_items"])
  const { tables } = await statusOf()
  const [events] = await askPublished(folder, "select count(*)::int as n from $fact_events")
  expect(tables.find(({ table }) => table === "gold.fact_events")).toMatchObject({
    rows: events?.["n"],
    counts: 2,
    usualRows: null,
    message: null,
  })
  await run(shop)
  expect(await noted()).toEqual(before)
})
