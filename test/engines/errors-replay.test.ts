import { copyFileSync, readFileSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { silentEffects } from "../../src/core/effects.ts"
import { generateShop } from "../../src/generator/generate.ts"
import { cartwright, resultOf, temporaryFolder } from "../e2e/lib/cli.ts"
import { type Defect, readDefects } from "../e2e/lib/dirt.ts"
import { askWarehouse, currentVersion } from "../e2e/lib/published.ts"

describe("mending", () => {
  const home = temporaryFolder()
  const [files, clean, shop] = [join(home, "files"), join(home, "clean"), join(home, "shop")]
  const projectFile = join(shop, "dbt", "dbt_project.yml")
  let project: string
  let defects: Defect[]
  const count = (kind: string, table: string) =>
    defects.filter((each) => each.kind === kind && each.table === table).length
  const replay = async () => {
    const ended = await cartwright(["errors", "replay", "--dir", shop, "--json"])
    return { ...resultOf(ended), code: ended.code } as {
      code: number
      admitted: number
      newlyRejected: number
      closed: { screen: string; open: number }[]
    }
  }
  /** What the shop says of a screen, in its own dbt_project.yml. */
  const say = (line: string) =>
    writeFileSync(projectFile, project.replace("vars:\n", `vars:\n  screens:\n    ${line}\n`))
  beforeAll(async () => {
    const options = { scale: 0.002, seed: 5, format: "csv" as const, effects: silentEffects() }
    await generateShop({ ...options, dir: files, dirt: { impossibleAge: 0.04, badDate: 0.04 } })
    await generateShop({ ...options, dir: clean })
    defects = readDefects(files)
    expect((await cartwright(["init", files, "--dir", shop])).code).toBe(0)
    const ran = await cartwright(["run", "--dir", shop])
    expect(ran.code, ran.stderr).toBe(0)
    project = readFileSync(projectFile, "utf8")
  })

  test("a screen that rejects holds records back, and admits them when it does so no more", async () => {
    const ages = count("impossibleAge", "users")
    expect(ages).toBeGreaterThan(1)
    const current = () => askWarehouse(shop, "select count(*)::int as n from silver.stg_thelook__users")
    const before = await current()
    say("thelook.users.age_plausible: {action: reject}")
    expect(await replay()).toMatchObject({ code: 0, admitted: 0, newlyRejected: ages })
    expect(await current()).toEqual([{ n: Number(before[0]?.["n"]) - ages }])
    const [touched] = await askWarehouse(
      shop,
      `select (select count(*)::int from silver.log_thelook__users where _cut = (select max(cut) from meta.cuts)) as users,
         (select count(*)::int from silver.log_thelook__orders where _cut = (select max(cut) from meta.cuts)) as orders`,
    )
    expect(touched).toEqual({ users: ages, orders: 0 })
    const rewritten = await askWarehouse(
      shop,
      `select 'customers' as what from gold.dim_customers where customer_key > 0 and not is_placeholder and _cut = (select max(cut) from meta.cuts)
       union all
       select 'orders' from gold.fct_orders join gold.dim_customers as customers using (customer_durable_key)
       where not customers.is_placeholder and fct_orders._cut = (select max(cut) from meta.cuts)`,
    )
    expect(rewritten, "whoever is as before").toEqual([])
    say("thelook.users.age_plausible: {max: 100000, min: -100000}")
    const admitted = await replay()
    expect(admitted).toMatchObject({ code: 0, admitted: ages, newlyRejected: 0 })
    expect(admitted.closed).toMatchObject([{ screen: "age_plausible", open: ages }])
    expect(await current()).toEqual(before)
    const closed = await askWarehouse(shop, "select count(*)::int as n from quality.closed_errors")
    expect(closed).toEqual([{ n: ages }])
  })

  test("a screen that stops leaves the last version up, and says which record", async () => {
    const version = currentVersion(shop)
    say("thelook.users.age_plausible: {action: stop}")
    const stopped = await cartwright(["run", "--dir", shop])
    expect(stopped.code).toBe(6)
    const [first] = defects.filter(({ kind }) => kind === "impossibleAge")
    expect(stopped.stderr).toContain("a screen stops the run: thelook.users.age_plausible")
    expect(stopped.stderr).toContain(`users.csv:${first?.line}, age is "${first?.planted}"`)
    expect(stopped.stderr).toContain("cartwright errors show")
    expect(stopped.stderr).toContain(`Version ${version} stays published`)
    expect(currentVersion(shop)).toBe(version)
    expect((await cartwright(["screen", "--dir", shop])).code).toBe(6)
    writeFileSync(projectFile, project)
    expect((await replay()).code).toBe(0)
  })

  test("mended files resolve what was wrong, at their time", async () => {
    const dates = count("badDate", "orders")
    expect(dates).toBeGreaterThan(1)
    copyFileSync(join(clean, "orders.csv"), join(files, "orders.csv"))
    const later = new Date(Date.now() + 60_000)
    utimesSync(join(files, "orders.csv"), later, later)
    const mended = await replay()
    expect(mended).toMatchObject({ code: 0, admitted: dates, newlyRejected: 0 })
    const [event] = await askWarehouse(
      shop,
      `select record_count::int as records, is_open, resolved_at > first_seen_at as later from quality.error_events
       where data_set = 'orders' and screen_name = 'created_at_readable'`,
    )
    expect(event).toEqual({ records: dates, is_open: false, later: true })
    const listed = resultOf(
      await cartwright(["errors", "list", "--dir", shop, "--source", "thelook.orders", "--json"]),
    )
    expect(listed["events"]).toEqual([])
  })
})
