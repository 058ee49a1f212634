import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { silentEffects } from "../src/core/effects.ts"
import { generateShop } from "../src/generator/generate.ts"
import { STEPS } from "../src/pipeline/run-record.ts"
import { runSteps } from "../src/pipeline/run.ts"
import { businessColumns, businessTables, type DataModel } from "../src/project/data-model/model.ts"
import { PAGE_NAMES, pageWithNote } from "../src/project/data-model/pages.ts"
import { readDataModel } from "../src/project/data-model/read-model.ts"
import { markdown } from "../src/project/data-model/render/markdown.ts"
import { initShop } from "../src/project/init/init.ts"
import type { Shop } from "../src/project/shop.ts"
import { openDuckDb } from "../src/warehouse/duckdb/duckdb-warehouse.ts"
import { cartwright } from "./e2e/lib/cli.ts"
import { writeOnlineRetail } from "./e2e/lib/online-retail.ts"

const RENEW = "npm run docs:data-model"
const NOTE = `Generated from \`analytics/\` and a small shop that was built with it; \`${RENEW}\` renews it, a test keeps it true. What the tables mean: [the data model](../data-model.md).`

const home = mkdtempSync(join(tmpdir(), "cartwright-data-model-"))
let shop: Shop
let model: DataModel

/** A shop with every source that the package knows, so that every model of it is built. */
beforeAll(async () => {
  const effects = silentEffects()
  const files = join(home, "files")
  await generateShop({ dir: join(files, "thelook"), scale: 0.001, seed: 1, effects })
  writeOnlineRetail(join(files, "online-retail"))
  ;({ shop } = await initShop({ files, folder: join(home, "shop") }))
  await runSteps({ shop, command: "test", steps: STEPS, environment: {}, effects })
  model = await readDataModel(shop, { environment: {}, effects })
}, 180_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe("docs/data-model", () => {
  test.each(PAGE_NAMES)(`%s.md is what the models say (${RENEW} renews it)`, async (name) => {
    const page = markdown(pageWithNote(model, name, NOTE))
    await expect(page, `renew it with: ${RENEW}`).toMatchFileSnapshot(`../docs/data-model/${name}.md`)
  })

  test("declares every column that is built, and no other", () => {
    expect(wrongColumns(model)).toEqual([])
    const [first, ...others] = model.tables
    const column = {
      parquet: undefined,
      required: false,
      unique: false,
      pii: false,
      values: [],
      operational: false,
    }
    const doctored = [
      { ...column, name: "hidden", description: "", type: "BIGINT" },
      { ...column, name: "promised", description: "Promised", type: undefined },
      { ...column, name: "_own", description: "", type: "BIGINT", operational: true },
    ]
    if (first === undefined) throw new Error("no tables")
    const wrong = { ...model, tables: [{ ...first, kind: "table", columns: doctored }, ...others] }
    expect(wrongColumns(wrong)).toEqual([
      `${first.name}.hidden is not described`,
      `${first.name}.promised is not built`,
    ])
  })

  test("every fact and mart says what one row is and what it answers", () => {
    const silent = businessTables(model)
      .filter(({ role }) => ["fact", "bridge", "mart"].includes(role))
      .filter(({ grain, questions }) => grain === undefined || questions.length === 0)
    expect(silent.map(({ name }) => name)).toEqual([])
  })
})

function wrongColumns(dataModel: DataModel): string[] {
  return businessTables(dataModel).flatMap((table) =>
    businessColumns(table).flatMap(({ name, type, description }) => {
      // A dump may lack columns that others have.
      if (type === undefined) return table.kind === "source" ? [] : [`${table.name}.${name} is not built`]
      return description === "" ? [`${table.name}.${name} is not described`] : []
    }),
  )
}

test("the facts meet the dimensions that the shop's questions need", () => {
  const around = (name: string) => {
    const fact = model.tables.find((table) => table.name === name)
    const ids = new Set(fact?.relations.map(({ to }) => to.replace("model.cartwright.", "")))
    return [...ids].sort()
  }
  expect(around("fact_events")).toEqual(
    expect.arrayContaining([
      "dim_browsers",
      "dim_customers",
      "dim_dates",
      "dim_event_types",
      "dim_locations",
      "dim_pages",
      "dim_traffic_sources",
      "fact_sessions",
    ]),
  )
  expect(around("fact_sessions")).toEqual(
    expect.arrayContaining([
      "dim_browsers",
      "dim_customers",
      "dim_dates",
      "dim_locations",
      "dim_traffic_sources",
    ]),
  )
  expect(around("fact_order_items")).toEqual(
    expect.arrayContaining([
      "dim_customers",
      "dim_dates",
      "dim_locations",
      "dim_order_statuses",
      "dim_products",
      "dim_traffic_sources",
    ]),
  )
  expect(around("fact_orders")).toEqual(
    expect.arrayContaining(["dim_customers", "dim_dates", "dim_order_statuses"]),
  )
})

test("relations, keys and types hold in the warehouse", async () => {
  const warehouse = await openDuckDb({ path: (shop.warehouse as { path: string }).path, readOnly: true })
  const session = await warehouse.session()
  const at = (id: string) => {
    const table = model.tables.find((each) => each.id === id)
    return `${table?.dataset}.${table?.name}`
  }
  const count = async (sql: string) => Number((await session.rows<{ n: bigint }>(sql))[0]?.n)
  const broken: string[] = []
  for (const table of businessTables(model)) {
    const place = at(table.id)
    for (const { column, to, toColumn, single } of table.relations) {
      const astray = `select count(*) as n from ${place} where ${column} is not null and ${column} not in (-1, -2, -3, -4)
        and ${column} not in (select ${toColumn} from ${at(to)})`
      // Keys are numbers; what is a text refers to a list.
      const sql = column.endsWith("_key") ? astray : astray.replace(/ and \S+ not in \(-1.*?\)/, "")
      if ((await count(sql)) > 0) broken.push(`${place}.${column} → ${at(to)}`)
      if (
        single &&
        (await count(`select count(${column}) - count(distinct ${column}) as n from ${place}`)) > 0
      )
        broken.push(`${place}.${column} is not single`)
    }
    const keys = table.primaryKey.join(", ")
    if (keys !== "" && (await count(`select count(*) - count(distinct (${keys})) as n from ${place}`)) > 0)
      broken.push(`${place}: key ${keys}`)
  }
  const [types] = await session.rows(
    `select typeof(amount) as money, typeof(sold_at) as time, typeof(sale_key) as key from gold.fact_sales limit 1`,
  )
  await warehouse.close()
  expect(broken).toEqual([])
  const sales = model.tables.find(({ name }) => name === "fact_sales")
  const typeOf = (name: string) => sales?.columns.find((column) => column.name === name)?.type
  expect({ money: typeOf("amount"), time: typeOf("sold_at"), key: typeOf("sale_key") }).toEqual(types)
})

describe("cartwright docs", () => {
  test("writes the shop's data model as a page that needs nothing but a browser, or as Markdown", async () => {
    const { code, stdout, stderr } = await cartwright(["docs", "--dir", shop.folder])
    expect(code, stderr).toBe(0)
    expect(stdout).toContain(`(${model.tables.length} tables)`)
    const page = readFileSync(join(shop.folder, "data-model.html"), "utf8")
    for (const { name } of model.tables) expect(page).toContain(name)
    expect(page.match(/<svg class="diagram"/g)?.length).toBeGreaterThan(10)
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(/)
    const file = join(home, "new", "model.md")
    expect((await cartwright(["docs", "--dir", shop.folder, "--out", file])).code).toBe(0)
    expect(readFileSync(file, "utf8")).toContain("# Bus matrix")
  })

  test("tells what it cannot write before it reads anything, and what to do where nothing was built", async () => {
    const wrong = await cartwright(["docs", "--dir", shop.folder, "--out", "model.pdf"])
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain("cannot be written as .pdf")
    const { shop: empty } = await initShop({ files: join(home, "files"), folder: join(home, "empty") })
    const early = await cartwright(["docs", "--dir", empty.folder])
    expect(early.code).toBe(2)
    expect(early.stderr).toContain("the shop has never been run")
  })
})
