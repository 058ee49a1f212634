import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { cartwright, type Ended, resultOf, start, temporaryFolder } from "./lib/cli.ts"
import { askPublished, currentVersion } from "./lib/published.ts"

describe("the demo: an invented theLook shop", () => {
  const home = temporaryFolder()
  const shop = join(home, "demo-shop")
  let first: Ended
  beforeAll(async () => {
    first = await cartwright(["demo", "--scale", "0.005"], { cwd: home })
  })

  test("ends with the first answers and what to look at next", () => {
    expect(first.code, first.stderr).toBe(0)
    for (const heading of [
      "What did we sell?",
      "Where does the funnel leak?",
      "How do products perform?",
      "Who are the best customers?",
      "What did each channel bring?",
      "What to look at next",
    ]) {
      expect(first.stdout).toContain(heading)
    }
    expect(first.stdout).toContain("all sessions")
    expect(first.stdout).not.toContain("NaN")
  })

  test("leaves out the two tables that no question needs, with the reason", () => {
    const config = readFileSync(join(shop, "cartwright.yaml"), "utf8")
    for (const dataset of ["distribution_centers", "inventory_items"]) {
      expect(config).toMatch(new RegExp(`${dataset}:\n +# Left out: .+\n( +# .+\n)* +include: false`))
      expect(existsSync(join(shop, "lake", "raw-data", `dataset_name=${dataset}`))).toBe(false)
    }
  })

  test("publishes as many rows as the files hold", async () => {
    const inFiles = (name: string) =>
      readFileSync(join(shop, "files", `${name}.csv`), "utf8")
        .trim()
        .split("\n").length - 1
    const [row] = await askPublished(
      shop,
      `select (select count(*) from $fact_events)::int as events, (select count(*) from $fact_sales)::int as items,
         (select count(*) from $fact_orders)::int as orders, (select sessions from $agg_funnel where dimension = 'overall')::int as sessions,
         (select count(distinct session_id) from $fact_events)::int as sessions_of_events`,
    )
    expect(row).toMatchObject({
      events: inFiles("events"),
      items: inFiles("order_items"),
      orders: inFiles("orders"),
    })
    expect(row?.["sessions"]).toBe(row?.["sessions_of_events"])
  })

  test("is fine to be called again, and answers the same", async () => {
    const version = currentVersion(shop)
    const again = await cartwright(["demo"], { cwd: home })
    expect(again.code).toBe(0)
    expect(again.stderr).toContain("The demo shop is there already")
    expect(currentVersion(shop)).toBe(version)
    const answers = (text: string) =>
      text.slice(text.indexOf("What did we sell?"), text.indexOf("From raw files"))
    expect(answers(again.stdout)).toBe(answers(first.stdout))
  })

  test("does not touch a shop that is none of its own", async () => {
    const { code, stderr } = await cartwright(["demo", "--fresh", "--dir", join(shop, "dbt")], { cwd: home })
    expect(code).toBe(2)
    expect(stderr).toContain("this folder is not a demo shop")
    expect(existsSync(join(shop, "dbt", "dbt_project.yml"))).toBe(true)
  })
})

describe("theLook day by day", () => {
  const home = temporaryFolder()
  const shop = join(home, "shop")

  test("a reader that loops while days are published never sees half a state", async () => {
    const generated = await cartwright(
      ["generate", "--dir", "all", "--scale", "0.002", "--days", "3", "--json"],
      { cwd: home },
    )
    expect(generated.code, generated.stderr).toBe(0)
    const made = await cartwright(["init", "all", "--dir", "shop"], { cwd: home })
    expect(made.code, made.stderr).toBe(0)
    const run = start(["run", "--dir", shop, "--json"])
    const reading = { done: false }
    const seen = new Set<string>()
    const reader = (async () => {
      while (!reading.done) {
        if (existsSync(join(shop, "published", "current"))) {
          const [row] = await askPublished(
            shop,
            "select (select count(*) from $fact_sales) = (select sum(delivered_lines) from $agg_daily_sales) as whole",
          )
          expect(row).toEqual({ whole: true })
          seen.add(currentVersion(shop))
        }
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    })()
    const ended = await run.ended
    expect(ended.code, ended.stderr).toBe(0)
    const again = await cartwright(["run", "--dir", shop, "--json", "--full-refresh"])
    reading.done = true
    await reader
    expect(seen.size).toBe(1)
    expect(resultOf(again)).toMatchObject({
      ok: true,
      steps: { transform: { status: "done" }, publish: { status: "unchanged" } },
    })
    const landings = (
      resultOf(ended)["steps"] as {
        load: {
          result: {
            landings: { rowsRead: number; rowsLoaded: number; rowsUnchanged: number; rowsRejected: number }[]
          }
        }
      }
    ).load.result.landings
    expect(landings.length).toBeGreaterThan(5)
    for (const { rowsRead, rowsLoaded, rowsUnchanged, rowsRejected } of landings)
      expect(rowsLoaded + rowsUnchanged + rowsRejected).toBe(rowsRead)
  })
})
