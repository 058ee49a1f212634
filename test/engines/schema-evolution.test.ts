import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, expect, test } from "vitest"
import { type ChangingShop, changingShop } from "../e2e/lib/changing-columns.ts"
import { cartwright, temporaryFolder } from "../e2e/lib/cli.ts"
import { askWarehouse } from "../e2e/lib/published.ts"
import { dbtBin, describeWith } from "./lib/engines.ts"

/** Every table above bronze with its columns, number of rows and a sum of row hashes; operational columns aside. */
async function contentOf(shop: string): Promise<Record<string, unknown>> {
  const relations = await askWarehouse(
    shop,
    `select schema_name || '.' || table_name as name, list(column_name order by column_name) as columns
     from duckdb_columns() where database_name = current_database() and schema_name in ('silver', 'gold')
       and column_name not like '\\_%' escape '\\' and not internal group by all order by all`,
  )
  const content: Record<string, unknown> = {}
  for (const { name, columns } of relations as { name: string; columns: string[] }[]) {
    const [row] = await askWarehouse(
      shop,
      `select count(*)::int as n, sum(hash(${columns.map((column) => `"${column}"`).join(", ")}))::varchar as h from ${name}`,
    )
    content[name] = { columns, ...row }
  }
  return content
}

describeWith({ dbt: dbtBin() }, "changing columns on both engines", ({ dbt }) => {
  const home = temporaryFolder()
  const shops = ["embedded", "dbt"].map((name) => join(home, name))
  let changing: ChangingShop
  const runBoth = async () => {
    for (const shop of shops) {
      const ran = await cartwright(["run", "--dir", shop])
      expect(ran.code, ran.stderr).toBe(0)
    }
    const [embedded, real] = [await contentOf(shops[0] as string), await contentOf(shops[1] as string)]
    expect(Object.keys(embedded).length).toBeGreaterThan(30)
    expect(real).toEqual(embedded)
  }
  beforeAll(async () => {
    const files = join(home, "files")
    mkdirSync(files)
    changing = await changingShop(files)
    for (const shop of shops) {
      const made = await cartwright(["init", files, "--dir", shop], { cwd: home })
      expect(made.code, made.stderr).toBe(0)
      const config = join(shop, "cartwright.yaml")
      let text = readFileSync(config, "utf8").replaceAll("date=20260701/", "date=*/")
      if (shop.endsWith("dbt")) text = text.replace("engine: embedded", `engine: dbt\n  dbt: ${dbt}`)
      writeFileSync(config, text)
    }
  })

  test("give equal tables before, and after columns were dropped, renamed and added", async () => {
    await runBoth()
    changing.deliverSecond()
    await runBoth()
  })

  test("and after columns were retyped to text and reordered; every record is still there", async () => {
    changing.deliverThird()
    await runBoth()
    const [row] = await askWarehouse(
      shops[1] as string,
      `select (select count(*) from silver.stg_thelook__users)::int as users,
         (select count(*) from silver.stg_thelook__order_items)::int as items`,
    )
    expect(row).toEqual({ users: changing.raw.users, items: changing.raw.orderItems })
  })
})
