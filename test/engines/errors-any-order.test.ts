import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { silentEffects } from "../../src/core/effects.ts"
import { generateShop } from "../../src/generator/generate.ts"
import { cartwright, resultOf, temporaryFolder } from "../e2e/lib/cli.ts"
import { askWarehouse } from "../e2e/lib/published.ts"

const RATE = 0.02
const DIRT = {
  badDate: RATE,
  futureDate: RATE,
  negativePrice: RATE,
  orphan: RATE,
  exactDuplicate: RATE,
  changedDuplicate: RATE,
  wrongFieldCount: RATE,
  nullKey: RATE,
  contradictoryStatus: RATE,
  wrongItemCount: RATE,
  shippedBeforeCreated: RATE,
  impossibleAge: RATE,
}

/** Days of a dirty shop, delivered in different orders: what is wrong with the data does not depend on it. */
describe("errors of deliveries in any order", () => {
  const home = temporaryFolder()
  const source = join(home, "source")
  let days: string[]
  /** Which days come before each run. */
  const orders = { full: [[0, 1, 2]], forth: [[0], [1], [2]], back: [[2], [1], [0]], mixed: [[1], [0, 2]] }
  beforeAll(async () => {
    await generateShop({
      dir: source,
      scale: 0.005,
      seed: 11,
      days: 3,
      dirt: DIRT,
      format: "csv",
      effects: silentEffects(),
    })
    days = readdirSync(source)
      .filter((name) => name.startsWith("date="))
      .sort()
    expect(days.length).toBe(3)
    for (const [name, batches] of Object.entries(orders)) {
      const files = join(home, `files-${name}`)
      cpSync(source, files, { recursive: true })
      const made = await cartwright(["init", files, "--dir", join(home, name)])
      expect(made.code, made.stderr).toBe(0)
      // That a day's events are new ones, init sees in spite of the dirt.
      expect(readFileSync(join(home, name, "cartwright.yaml"), "utf8")).toMatch(
        /files: .*events\.csv.*\n.*\n.*\n +kind: incremental\n/,
      )
      for (const day of days) rmSync(join(files, day), { recursive: true })
      for (const batch of batches) {
        for (const day of batch)
          cpSync(join(source, days[day] ?? ""), join(files, days[day] ?? ""), { recursive: true })
        const ran = await cartwright(["run", "--dir", join(home, name)])
        expect(ran.code, ran.stderr).toBe(0)
      }
    }
  })

  const tables = ["error_event_details", "error_events", "audits", "screens"]
  const rowsOf = async (shop: string, table: string) => {
    const columns = await askWarehouse(
      join(home, shop),
      `select string_agg(column_name, ', ' order by column_index) as names from duckdb_columns()
       where schema_name = 'quality' and table_name = '${table}' and not starts_with(column_name, '_')`,
    )
    const names = columns[0]?.["names"] as string
    return askWarehouse(
      join(home, shop),
      `select columns(*)::varchar from (select ${names} from quality.${table}) order by all`,
    )
  }

  test.each(tables)("%s is the same", async (table) => {
    const expected = await rowsOf("full", table)
    expect(expected.length).toBeGreaterThan(10)
    for (const shop of Object.keys(orders)) expect(await rowsOf(shop, table), shop).toEqual(expected)
  })

  test("some errors are resolved by a later day, and a row that stays wrong is one error", async () => {
    const [row] = await askWarehouse(
      join(home, "full"),
      `select count(case when not is_open then 1 end)::int as resolved,
         count(distinct landing_id)::int as landings,
         (select count(*) from (
           select 1 from quality.error_event_details where screen_name = 'age_plausible' and is_open group by record_key having count(*) > 1
         ))::int as twice
       from quality.error_event_details`,
    )
    expect(Number(row?.["resolved"])).toBeGreaterThan(0)
    expect(Number(row?.["landings"])).toBeGreaterThan(5)
    expect(row?.["twice"]).toBe(0)
  })

  test("a full build and a replay without a change say the same", async () => {
    const before = await rowsOf("forth", "error_event_details")
    expect(
      resultOf(await cartwright(["errors", "replay", "--dir", join(home, "forth"), "--json"])),
    ).toMatchObject({
      status: "unchanged",
      admitted: 0,
      closed: [],
    })
    expect((await cartwright(["transform", "--full-refresh", "--dir", join(home, "forth")])).code).toBe(0)
    expect(await rowsOf("forth", "error_event_details")).toEqual(before)
  })
})
