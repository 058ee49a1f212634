import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { beforeAll, expect, test } from "vitest"
import { type ChangingShop, changingShop } from "../e2e/lib/changing-columns.ts"
import { cartwright, temporaryFolder } from "../e2e/lib/cli.ts"
import { askWarehouse } from "../e2e/lib/published.ts"
import { workshop } from "../../src/bronze/bronze.fixture.ts"
import type { DatasetDeclaration } from "../../src/connectors/files/declaration.ts"
import { extractSource } from "../../src/pipeline/extract.ts"
import { loadLandings } from "../../src/pipeline/load.ts"
import { dbtBin, describeWith, sharedData } from "./lib/engines.ts"

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

describeWith({ data: sharedData() }, "the real files as successive deliveries", ({ data }) => {
  /** Loads what lies in the folder of a new workshop as one data set. */
  async function load(shop: Awaited<ReturnType<typeof workshop>>, declared: DatasetDeclaration) {
    const source = shop.source({ things: declared })
    const lake = await shop.lake()
    const { effects, warehouse } = shop
    await extractSource({ source, lake, runId: "run", effects })
    return loadLandings({ lake, warehouse, sources: [source], effects })
  }

  test.each([
    ["users", "id"],
    ["products", "id"],
    ["orders", "order_id"],
    ["order_items", "id"],
  ])(
    "theLook's %s of several dumps, CSV and Parquet, have the same columns of the same types",
    async (table, key) => {
      const shop = await workshop()
      let dumps = 0
      for (const dump of ["first_rows_2025", "full_tables", "subset_orders_2025"]) {
        for (const name of [`${table}.csv.gz`, `${table}.parquet`]) {
          const path = join(data, "thelook", dump, name)
          if (!existsSync(path)) continue
          const folder = join(shop.files, `date=2026010${++dumps}`)
          mkdirSync(folder)
          copyFileSync(path, join(folder, name))
        }
      }
      expect(dumps).toBeGreaterThan(1)
      const outcomes = await load(shop, { files: "date=*/*", key: [key] })
      expect(outcomes.map(({ status, changes }) => ({ status, changes }))).toEqual(
        Array.from({ length: dumps }, () => ({ status: "loaded", changes: [] })),
      )
      await shop.close()
    },
  )

  test("Online Retail with the header of its successor, Online Retail II: three columns are known by their values", async () => {
    const shop = await workshop()
    const text = gunzipSync(readFileSync(join(data, "online_retail", "data.csv.gz"))).toString("latin1")
    const rest = text.slice(text.indexOf("\n"))
    expect(
      text.startsWith("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"),
    ).toBe(true)
    shop.write("date=20260101/data.csv", Buffer.from(text, "latin1"))
    const header = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\r"
    shop.write("date=20260102/data.csv", Buffer.from(`${header}${rest}`, "latin1"))
    const [, second] = await load(shop, { files: "date=*/*" })
    expect(second).toMatchObject({ status: "loaded", rowsRead: 541_909 })
    expect(second?.changes.map(({ change, column, related }) => [change, column, related])).toEqual([
      ["added", "Invoice", "InvoiceNo"],
      ["added", "Price", "UnitPrice"],
      ["added", "Customer ID", "CustomerID"],
      ["dropped", "InvoiceNo", "Invoice"],
      ["dropped", "UnitPrice", "Price"],
      ["dropped", "CustomerID", "Customer ID"],
    ])
    await shop.close()
  })
})
