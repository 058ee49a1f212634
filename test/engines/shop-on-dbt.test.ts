import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, expect, test } from "vitest"
import { cartwright, resultOf, temporaryFolder } from "../e2e/lib/cli.ts"
import { LINES, writeOnlineRetail } from "../e2e/lib/online-retail.ts"
import { askPublished, askWarehouse } from "../e2e/lib/published.ts"
import { dbtBin, describeWith } from "./lib/engines.ts"

const TABLES = [
  "dim_customers",
  "dim_products",
  "dim_dates",
  "dim_locations",
  "fact_sales",
  "fact_orders",
  "agg_daily_sales",
  "agg_customer_segments",
  "top_n_products_monthly",
]

describeWith({ dbt: dbtBin() }, "a shop with transform.engine: dbt", ({ dbt }) => {
  const home = temporaryFolder()
  const shops = ["embedded", "dbt"] as const
  const at = (shop: string) => join(home, shop)
  beforeAll(async () => {
    const files = join(home, "files")
    writeOnlineRetail(files)
    // Nobody knows these columns: their staging model is scaffolded.
    writeFileSync(join(files, "Visits.csv"), "Order;When ?;at\n1;2026-07-01;x\n1;2026-07-01;x\n2;;\n")
    for (const engine of shops) {
      const made = await cartwright(["init", "files", "--dir", engine, "--preset", "ecommerce"], {
        cwd: home,
      })
      expect(made.code, made.stderr).toBe(0)
    }
    const config = join(at("dbt"), "cartwright.yaml")
    writeFileSync(
      config,
      readFileSync(config, "utf8")
        .replace("engine: embedded", "engine: dbt")
        .replace("# dbt: dbt", `dbt: ${dbt}`),
    )
  })

  test("publishes the same tables as with the embedded runner", async () => {
    for (const engine of shops) {
      const ran = await cartwright(["run", "--dir", at(engine)])
      expect(ran.code, ran.stderr).toBe(0)
    }
    for (const table of TABLES) {
      const content = `select count(*)::int as n, sum(hash(t))::varchar as h from $${table} t`
      expect(await askPublished(at("dbt"), content), table).toEqual(
        await askPublished(at("embedded"), content),
      )
    }
    const [row] = await askPublished(at("dbt"), "select count(*)::int as n from $fact_sales")
    expect(row).toEqual({ n: LINES.length })
  })

  test("builds the staging models of files that nobody recognises", async () => {
    const sql =
      "select order_, when_, at_, count(*)::int as n from ecommerce_staging.stg_files__visits group by all order by 1"
    const rows = await askWarehouse(at("dbt"), sql)
    expect(rows).toMatchObject([
      { order_: "1", at_: "x", n: 2 },
      { order_: "2", at_: null, n: 1 },
    ])
    expect(await askWarehouse(at("embedded"), sql)).toEqual(rows)
  })

  test("does nothing where nothing changed, and stops before publishing where a test fails", async () => {
    expect(resultOf(await cartwright(["run", "--dir", at("dbt"), "--json"]))).toMatchObject({
      status: "unchanged",
    })
    writeFileSync(join(at("dbt"), "dbt", "models", "own.sql"), "select 1 as id union all select 1")
    writeFileSync(
      join(at("dbt"), "dbt", "models", "own.yml"),
      "version: 2\nmodels:\n  - name: own\n    columns:\n      - name: id\n        data_tests: [unique]\n",
    )
    const failed = await cartwright(["run", "--dir", at("dbt")])
    expect(failed.code, failed.stderr).toBe(6)
    expect(failed.stderr).toContain("unique_own_id")
  })

  test("runs dbt's commands with dbt, and says so where dbt is missing", async () => {
    const listed = await cartwright([
      "dbt",
      "ls",
      "--select",
      "fact_sales",
      "--resource-type",
      "model",
      "--dir",
      at("embedded"),
      "--engine",
      "dbt",
      "--dbt-path",
      dbt,
    ])
    expect(listed.stdout, listed.stderr).toBe("cartwright.gold.star.fact_sales\n")
    const missing = await cartwright([
      "dbt",
      "parse",
      "--dir",
      at("embedded"),
      "--engine",
      "dbt",
      "--dbt-path",
      "/nowhere/dbt",
    ])
    expect(missing.code).toBe(9)
    expect(missing.stderr).toContain("there is no dbt program /nowhere/dbt")
  })
})
