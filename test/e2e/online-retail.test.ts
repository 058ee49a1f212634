import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { beforeAll, describe, expect, test } from "vitest"
import { cartwright, type Ended, resultOf, temporaryFolder } from "./lib/cli.ts"
import { LINES, totalPence, writeOnlineRetail } from "./lib/online-retail.ts"
import { askPublished, askWarehouse, currentVersion } from "./lib/published.ts"

const home = temporaryFolder()
const files = join(home, "files")
const shop = join(home, "shop")
const run = (...args: string[]) => cartwright(["run", "--dir", shop, ...args])
const inode = (table: string) =>
  statSync(join(shop, "published", currentVersion(shop), table, "data.parquet")).ino

describe("Online Retail from a folder of files to a published version", () => {
  let made: Ended
  let first: Ended
  beforeAll(async () => {
    writeOnlineRetail(files)
    made = await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
    first = await run()
  })

  test("init recognises the file and says what to do next", () => {
    expect(made).toMatchObject({ code: 0, stderr: "" })
    expect(made.stdout).toContain("online_retail.invoices  data.csv  has models")
    expect(made.stdout).toContain("Next: cartwright run --dir shop")
    const config = readFileSync(join(shop, "cartwright.yaml"), "utf8")
    expect(config).toContain("path: ../files")
    expect(config).toContain("currency: GBP")
    expect(config).toContain("# iso-8859-1")
  })

  test("run loads every line, says so, and publishes", () => {
    expect(first.code, first.stderr).toBe(0)
    expect(first.stdout).toMatch(/online_retail\.invoices\s+15\s+15\s+0\s+0/)
    expect(first.stdout).toMatch(/published · version 0001-/)
  })

  test("no line is lost and the sum of all lines is that of the file", async () => {
    const [row] = await askPublished(
      shop,
      "select count(*)::int as n, (sum(amount) * 100)::bigint as pence from $fact_sales",
    )
    expect(row).toEqual({ n: LINES.length, pence: BigInt(totalPence()) })
    const kinds = await askPublished(
      shop,
      "select line_kind, count(*)::int as n from $fact_sales group by 1 order by 1",
    )
    expect(kinds).toEqual([
      { line_kind: "adjustment", n: 4 },
      { line_kind: "cancellation", n: 1 },
      { line_kind: "non_product", n: 3 },
      { line_kind: "sale", n: 7 },
    ])
    const sold = LINES.filter(
      ({ invoice, code, quantity, pence }) =>
        /^\d/.test(invoice) && /^\d/.test(code) && quantity > 0 && pence > 0,
    )
    const [sums] = await askPublished(
      shop,
      "select (sum(gross_sales) * 100)::bigint as gross, sum(duplicate_lines)::int as twice from $agg_daily_sales",
    )
    expect(sums).toEqual({ gross: BigInt(totalPence(sold)), twice: 1 })
    expect(
      await askPublished(shop, "select product_name from $dim_products where product_id = '22423'"),
    ).toEqual([{ product_name: 'REGENCY CAKESTAND "3 TIER", £12.75' }])
  })

  test("a second run changes nothing, quickly told, and says so with --skip-code 99", async () => {
    const version = currentVersion(shop)
    expect(await run()).toMatchObject({
      code: 0,
      stdout: `Nothing changed; version ${version} stays published.\n`,
    })
    expect(await run("--skip-code", "99", "--quiet")).toMatchObject({ code: 99, stderr: "" })
    // Touched, but the same bytes.
    utimesSync(join(files, "data.csv"), new Date(), new Date())
    expect(resultOf(await run("--json"))).toMatchObject({ ok: true, status: "unchanged" })
    expect(currentVersion(shop)).toBe(version)
  })

  test("a file with more lines appends only those; what did not change is linked", async () => {
    const before = { products: inode("dim_products"), sales: inode("fact_sales") }
    const more = {
      ...LINES[0],
      invoice: "536999",
      time: "2/3/2011 8:00",
      customer: "17999",
    } as (typeof LINES)[number]
    writeOnlineRetail(files, [...LINES, more])
    const result = await run("--json")
    expect(result.code, result.stderr).toBe(0)
    expect(resultOf(result)).toMatchObject({
      status: "done",
      steps: {
        load: { result: { landings: [{ rowsRead: 16, rowsLoaded: 1, rowsUnchanged: 15, rowsRejected: 0 }] } },
      },
    })
    expect(currentVersion(shop)).toMatch(/^0002-/)
    expect(inode("fact_sales")).not.toBe(before.sales)
    expect(
      statSync(join(shop, "published", currentVersion(shop), "dim_event_types", "data.parquet")).nlink,
    ).toBe(2)
    expect(readdirSync(join(shop, "published")).filter((name) => name !== "current")).toHaveLength(2)
  })

  test("a file that was cut off is refused, the published version stays, and its mending goes through", async () => {
    const version = currentVersion(shop)
    const whole = gzipSync(readFileSync(join(files, "data.csv")))
    writeFileSync(join(files, "data.csv"), whole.subarray(0, whole.length - 20))
    const refused = await run()
    expect(refused.code).toBe(3)
    expect(refused.stderr).toMatch(/error: the file is truncated/)
    expect(refused.stderr).toContain(join(files, "data.csv"))
    expect(currentVersion(shop)).toBe(version)
    writeOnlineRetail(files, LINES.slice(0, 14))
    expect((await run()).code).toBe(0)
    const [row] = await askPublished(shop, "select count(*)::int as n from $fact_sales")
    expect(row).toEqual({ n: 14 })
  })

  test("without its warehouse, all is rebuilt from the lake", async () => {
    const [before] = await askWarehouse(
      shop,
      "select count(*)::int as n, bit_xor(hash(s)) as h from gold.fact_sales s",
    )
    const { rmSync } = await import("node:fs")
    rmSync(join(shop, "warehouse.duckdb"))
    expect((await run()).code).toBe(0)
    expect(
      await askWarehouse(shop, "select count(*)::int as n, bit_xor(hash(s)) as h from gold.fact_sales s"),
    ).toEqual([before])
  })

  test("status tells the last run, the data and the version, also to machines", async () => {
    const { stdout } = await cartwright(["status"], { cwd: join(shop, "dbt") })
    expect(stdout).toMatch(/last run {3}done in .* ago · cartwright run/)
    expect(stdout).toMatch(/online_retail\.invoices .* 14 /)
    const status = resultOf(await cartwright(["status", "--dir", shop, "--json"]))
    expect(status).toMatchObject({
      running: null,
      lastRun: { status: "done", steps: { publish: expect.any(String) } },
      published: { version: currentVersion(shop) },
      datasets: [{ name: "online_retail.invoices", loaded: { rowsRead: 14 } }],
    })
  })

  test("init on a shop that is there changes nothing and says what to do", async () => {
    const again = await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
    expect(again.code).toBe(2)
    expect(again.stderr).toContain("error: there is a shop already")
    expect(again.stderr).toContain("cartwright init --upgrade")
    expect(await cartwright(["init", "--upgrade", "--dir", shop])).toMatchObject({
      code: 0,
      stdout: "The shop is up to date.\n",
    })
  })
})
