import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { cartwright, resultOf, start, temporaryFolder } from "./lib/cli.ts"
import { LINES, writeOnlineRetail } from "./lib/online-retail.ts"
import { askPublished, currentVersion } from "./lib/published.ts"

const TABLES = [
  "fact_sales",
  "fact_orders",
  "dim_customers",
  "dim_products",
  "agg_daily_sales",
  "agg_customer_segments",
  "row_reconciliation",
]

async function contentOf(shop: string): Promise<unknown[]> {
  const content: unknown[] = []
  for (const table of TABLES) {
    content.push(
      ...(await askPublished(
        shop,
        `select '${table}' as t, count(*)::int as n, sum(hash(columns(c -> c not like '\\_%' escape '\\')))::varchar as h from $${table}`,
      )),
    )
  }
  return content
}

describe("a run that is stopped", () => {
  const home = temporaryFolder()
  const files = join(home, "files")
  const shop = join(home, "shop")
  const steady = join(home, "steady")
  beforeAll(async () => {
    writeOnlineRetail(files)
    await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
    await cartwright(["init", "files", "--dir", "steady"], { cwd: home })
    await cartwright(["run", "--dir", steady])
  })

  test.each(["extract", "load", "transform", "publish"])(
    "killed while it does %s: nothing half-done is seen, and the next one is told",
    async (step) => {
      const run = start(["run", "--dir", shop, "--json"])
      await run.saw(new RegExp(`"step":"${step}"`))
      run.child.kill("SIGKILL")
      const { code } = await run.ended
      // It may have been quicker than the signal; then there was no kill.
      if (code !== null) return
      if (step !== "publish") expect(existsSync(join(shop, "published", "current"))).toBe(false)
      expect((await cartwright(["status", "--dir", shop])).stdout).toContain("last run   killed")
    },
  )

  test("and is run again: as if it had never been killed", async () => {
    const result = await cartwright(["run", "--dir", shop, "--json"])
    expect(result.code, result.stderr).toBe(0)
    expect(await contentOf(shop)).toEqual(await contentOf(steady))
    expect(readdirSync(join(shop, "published")).filter((name) => name.startsWith("."))).toEqual([])
  })

  test("on request, ends with 130, keeps what was published, and the next one does the rest", async () => {
    const version = currentVersion(shop)
    writeOnlineRetail(files, [...LINES, ...LINES.slice(0, 3)])
    const run = start(["run", "--dir", shop, "--json"])
    await run.saw(/"step":"transform","name":"fact_sales"/)
    run.child.kill("SIGINT")
    const ended = await run.ended
    expect(ended.code, ended.stdout.slice(-2000)).toBe(130)
    expect(ended.stderr).toContain("Stopping …")
    expect(resultOf(ended)).toMatchObject({
      ok: false,
      exitCode: 130,
      error: { code: "interrupted", state: expect.stringContaining(`Version ${version} stays published.`) },
    })
    expect(currentVersion(shop)).toBe(version)
    expect((await cartwright(["status", "--dir", shop])).stdout).toContain("stopped on request at transform")
    expect((await cartwright(["run", "--dir", shop])).code).toBe(0)
    const [row] = await askPublished(shop, "select count(*)::int as n from $fact_sales")
    expect(row).toEqual({ n: LINES.length + 3 })
  })
})
