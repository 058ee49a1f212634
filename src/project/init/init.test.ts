import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { PLAIN_CSV } from "../../core/csv.fixture.ts"
import type { SurveyedFile } from "../../connectors/files/survey.ts"
import { parseConfig } from "../config/read.ts"
import { openShop } from "../shop.ts"
import { sourcePathError } from "../source-paths.ts"
import { configText } from "./config-text.ts"
import { varsOf, withVarsBlock } from "./dbt-vars.ts"
import { initShop } from "./init.ts"
import { scaffoldFiles } from "./scaffold.ts"
import { upgradeShop } from "./upgrade.ts"
import { packageState } from "./vendor.ts"

const temporaryFolder = () => mkdtempSync(join(tmpdir(), "cartwright-init-"))

async function newShop() {
  const home = temporaryFolder()
  mkdirSync(join(home, "files"))
  writeFileSync(
    join(home, "files", "orders.csv"),
    "order_id,user_id,status,gender,created_at,returned_at,shipped_at,delivered_at,num_of_item\n1,1,x,F,,,,,1\n",
  )
  return { home, ...(await initShop({ files: join(home, "files"), folder: join(home, "shop") })) }
}

function surveyed(columns: string[]): SurveyedFile {
  return { path: "/files/x.csv", name: "x.csv", size: 1, ...PLAIN_CSV, columns, sampleRows: [] }
}

describe("init", () => {
  test("refers to files and shop by paths that hold after moving both", async () => {
    const { shop } = await newShop()
    expect(readFileSync(shop.configFile, "utf8")).toContain("path: ../files\n")
    expect(openShop(undefined, join(shop.folder, "dbt")).folder).toBe(shop.folder)
    expect(existsSync(join(shop.folder, "cartwright.schema.json"))).toBe(true)
  })

  test("does not overwrite what is in the folder", async () => {
    const { home, shop } = await newShop()
    rmSync(shop.configFile)
    writeFileSync(join(shop.paths.dbtProject, "packages.yml"), "mine")
    await initShop({ files: join(home, "files"), folder: shop.folder })
    expect(readFileSync(join(shop.paths.dbtProject, "packages.yml"), "utf8")).toBe("mine")
  })

  test("refuses to put a shop among its own files", async () => {
    const { home } = await newShop()
    await expect(initShop({ files: join(home, "files"), folder: join(home, "files") })).rejects.toThrow(
      "cannot be in the folder of its files",
    )
  })
})

describe("the shop's copy of the dbt package", () => {
  test("is renewed when it is another version's, and only then", async () => {
    const { shop } = await newShop()
    expect(upgradeShop(shop)).toEqual([])
    const stamp = join(shop.paths.dbtProject, "packages", "cartwright", ".cartwright.json")
    writeFileSync(stamp, readFileSync(stamp, "utf8").replace(/"version": "[^"]+"/, '"version": "0.0.1"'))
    expect(upgradeShop(shop)).toEqual(["the dbt package"])
    expect(upgradeShop(shop)).toEqual([])
    rmSync(join(shop.paths.dbtProject, "packages"), { recursive: true })
    expect(packageState(shop.paths.dbtProject, "/nowhere", "1")).toBe("missing")
    expect(upgradeShop(shop)).toEqual(["the dbt package"])
  })

  test("is not renewed over edits, which are named", async () => {
    const { shop } = await newShop()
    const folder = join(shop.paths.dbtProject, "packages", "cartwright")
    const stamp = join(folder, ".cartwright.json")
    writeFileSync(stamp, readFileSync(stamp, "utf8").replace(/"version": "[^"]+"/, '"version": "0.0.1"'))
    appendFileSync(join(folder, "dbt_project.yml"), "# mine\n")
    expect(() => upgradeShop(shop)).toThrow(
      expect.objectContaining({ code: "usage", choices: ["dbt_project.yml"] }),
    )
    expect(readFileSync(join(folder, "dbt_project.yml"), "utf8")).toContain("# mine")
  })
})

test("dbt_project.yml follows cartwright.yaml between its marks, and nowhere else", async () => {
  const { shop } = await newShop()
  const file = join(shop.paths.dbtProject, "dbt_project.yml")
  const text = readFileSync(file, "utf8").replace("  # top_n: 20", "  top_n: 20")
  expect(withVarsBlock(text, varsOf(shop))).toBe(text)
  const changed = withVarsBlock(text, { ...varsOf(shop), sources: { thelook: ["users"] }, currency: "EUR" })
  expect(changed).toContain("  currency: EUR\n")
  expect(changed).toContain("    thelook: [users]\n")
  expect(
    changed?.replace("currency: EUR", "currency: USD").replace("thelook: [users]", "thelook: [orders]"),
  ).toBe(text)
  expect(withVarsBlock(text.replaceAll("cartwright:", "c:"), varsOf(shop))).toBeUndefined()
})

test("the folder of a source that is gone is told with its line and what is there instead", async () => {
  const { home, shop } = await newShop()
  expect(sourcePathError(shop, "thelook")).toBeUndefined()
  rmSync(join(home, "files"), { recursive: true })
  mkdirSync(join(home, "flies"))
  const error = sourcePathError(shop, "thelook")
  expect(error?.message).toContain('did you mean "flies"?')
  expect(error?.place).toMatch(/cartwright\.yaml:\d+:13$/)
  expect(error?.choices).toContain(join(home, "flies"))
})

test("deliveries with few of the keys of the one before bring only what is new; whole ones do not", async () => {
  const home = temporaryFolder()
  const file = (date: string, name: string, text: string) => {
    mkdirSync(join(home, "files", `date=${date}`), { recursive: true })
    writeFileSync(join(home, "files", `date=${date}`, name), text)
  }
  const ORDERS = "order_id,user_id,status,gender,created_at,returned_at,shipped_at,delivered_at,num_of_item"
  const ITEMS =
    "id,order_id,user_id,product_id,inventory_item_id,status,created_at,shipped_at,delivered_at,returned_at,sale_price"
  const records = (header: string, ids: number[]) =>
    [header, ...ids.map((id) => `${id}${",1".repeat(header.split(",").length - 1)}`)].join("\n").concat("\n")
  file("20260101", "orders.csv", records(ORDERS, [1, 2, 3, 4]))
  file("20260102", "orders.csv", records(ORDERS, [4, 5, 6, 7]))
  // Another order, and one is gone.
  file("20260101", "order_items.csv", records(ITEMS, [1, 2, 3, 4]))
  file("20260102", "order_items.csv", records(ITEMS, [5, 4, 2, 1]))
  const { shop } = await initShop({ files: join(home, "files"), folder: join(home, "shop") })
  expect(shop.config.sources["thelook"]?.files.datasets).toMatchObject({
    orders: { files: "date=*/orders.csv", kind: "incremental" },
    order_items: { files: "date=*/order_items.csv", kind: "full" },
  })
})

test("any file name survives cartwright.yaml", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", minLength: 1 }).filter((name) => !name.includes("${")),
      fc.string({ minLength: 1 }).filter((name) => !name.includes("${")),
      (files, shopName) => {
        const found = [surveyed(["a"])]
        const text = configText({
          shopName,
          preset: "default",
          sourcePath: files,
          datasets: [{ source: "files", dataset: "x", files, found, known: undefined }],
          incremental: new Set(),
        })
        const { config } = parseConfig(text, "cartwright.yaml")
        expect(config.shop.name).toBe(shopName)
        expect(config.sources["files"]?.files.path).toBe(files)
        expect(config.sources["files"]?.files.datasets["x"]?.files).toBe(files)
      },
    ),
  )
})

test("scaffolded columns have plain names of their own", () => {
  const columns = ["Größe (cm)", "order", "ORDER", "1st", "", "it's", "a b", "a-b"]
  const files = scaffoldFiles([
    { source: "files", dataset: "x", files: "x.csv", found: [surveyed(columns)], known: undefined },
  ])
  const sql = files["models/staging/stg_files__x.sql"] ?? ""
  const names = [...sql.matchAll(/\{'name': '(\w+)'/g)].map(([, name]) => name)
  expect(names).toEqual(["grosse_cm", "order_", "order__2", "column_1st", "column_5", "it_s", "a_b", "a_b_2"])
  expect(sql).toContain("'from': 'it\\'s'")
})
