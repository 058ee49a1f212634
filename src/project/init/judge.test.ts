import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { CartwrightError } from "../../core/errors.ts"
import { initShop } from "./init.ts"

const rows = (count: number, row: (n: number) => (string | number)[]) =>
  Array.from({ length: count }, (_, i) => row(i + 1).join(",")).join("\n")

/** Products, what was sold, and stock that repeats the products. */
function shopFiles(columns = ["title", "brand", "price"]): Record<string, string> {
  const quoted = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(",")
  const product = (n: number) => [`Thing ${n}`, `Brand ${n % 7}`, `${n}.99`]
  return {
    "products.csv": `id,${quoted}\n${rows(30, (n) => [n, ...product(n)])}\n`,
    "sales.csv": `id,product_id,amount,sold_at\n${rows(60, (n) => [n, (n % 30) + 1, n * 2, `2026-01-${(n % 28) + 1}`])}\n`,
    "stock.csv": `id,product_id,${quoted},came_at\n${rows(90, (n) => [n, (n % 30) + 1, ...product((n % 30) + 1), `2026-02-${(n % 28) + 1}`])}\n`,
  }
}

async function init(files: Record<string, string>) {
  const home = mkdtempSync(join(tmpdir(), "cartwright-judge-"))
  mkdirSync(join(home, "files"))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, "files", name), text)
  const outcome = await initShop({ files: join(home, "files"), folder: join(home, "shop") })
  const included = Object.entries(outcome.shop.config.sources["files"]?.files.datasets ?? {}).map(
    ([name, { include }]) => `${name} ${include}`,
  )
  return { ...outcome, included, config: readFileSync(outcome.shop.configFile, "utf8") }
}

describe("init leaves out by the profile's verdict", () => {
  test("with the reason in the configuration, and no staging model", async () => {
    const { included, config, scaffolds } = await init(shopFiles())
    expect(included).toEqual(["products true", "sales true", "stock false"])
    expect(config.replaceAll(/\n +# /g, " ")).toContain(
      "Left out: It repeats 3 columns of products in every row (title, brand and price, by product_id). Of its own it has only came_at",
    )
    expect(scaffolds).toEqual([
      "dbt/models/staging/stg_files__products.sql",
      "dbt/models/staging/stg_files__sales.sql",
    ])
  })

  test("whatever the columns are called, the reason stays a comment", async () => {
    const hostile = ["a\ninclude: true", "b # c: [", "\u2028key: {x"]
    const { included } = await init(shopFiles(hostile))
    expect(included).toEqual(["products true", "sales true", "stock false"])
  })

  test("broken records keep nothing from being judged, and what cannot be read is taken in", async () => {
    const files = shopFiles()
    const { included } = await init({
      ...files,
      "stock.csv": files["stock.csv"]?.replace("\n5,", "\n5,surplus,surplus,surplus,") ?? "",
      "odd.csv": 'x,y\n"never closed,1\n',
    })
    expect(included).toContain("stock false")
    expect(included).toContain("products true")
  })

  test("a table alone is taken in", async () => {
    expect((await init({ "stock.csv": shopFiles()["stock.csv"] ?? "" })).included).toEqual(["stock true"])
  })
})

test("a folder without any table is refused", async () => {
  await expect(init({})).rejects.toThrow(CartwrightError)
})
