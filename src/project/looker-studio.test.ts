import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { parse } from "yaml"
import { parseConfig } from "./config/read.ts"
import { analyticsFolder, installationFolder } from "./installation.ts"
import { lookerStudioAddress, REPORT_PAGES } from "./looker-studio.ts"
import { shopOf } from "./shop.ts"

const models = join(analyticsFolder(), "models", "gold", "reporting")

function shopWith(warehouse: string) {
  const text = `shop: {name: Toys & more}\nsources: {s: {files: {path: f, datasets: {d: {files: "*.csv"}}}}}\n${warehouse}`
  return shopOf("/shop", parseConfig(text, "/shop/cartwright.yaml"))
}

test("the address binds each page's view, and its parts read as they were written", () => {
  const shop = shopWith(
    "warehouse: {type: bigquery, project: my-project, location: EU}\npublish: {dataset: for_readers}\n",
  )
  const address = new URL(lookerStudioAddress(shop, "1a2b"))
  expect(`${address.origin}${address.pathname}`).toBe("https://lookerstudio.google.com/reporting/create")
  const given = Object.fromEntries(address.searchParams)
  expect(given).toMatchObject({ "c.reportId": "1a2b", "c.mode": "edit", "r.reportName": "Toys & more" })
  for (const page of REPORT_PAGES)
    expect(given).toMatchObject({
      [`ds.${page}.connector`]: "bigQuery",
      [`ds.${page}.type`]: "TABLE",
      [`ds.${page}.projectId`]: "my-project",
      [`ds.${page}.datasetId`]: "for_readers",
      [`ds.${page}.tableId`]: `report_${page}`,
    })
  expect(lookerStudioAddress(shop, undefined)).not.toContain("reportId")
})

test("a shop on DuckDB is told that Looker Studio reads BigQuery", () => {
  expect(() => lookerStudioAddress(shopWith(""), undefined)).toThrow(
    expect.objectContaining({ code: "unsupported", message: expect.stringContaining("reads BigQuery") }),
  )
})

test("there is a model per page, and docs/looker-studio.md charts each of its columns and no other", () => {
  const files = readdirSync(models).filter((file) => file.endsWith(".sql"))
  expect(files.sort()).toEqual(REPORT_PAGES.map((page) => `report_${page}.sql`).sort())
  const { models: described } = parse(readFileSync(join(models, "_reporting.yml"), "utf8")) as {
    models: { name: string; columns: { name: string }[] }[]
  }
  const sections = readFileSync(join(installationFolder(), "docs", "looker-studio.md"), "utf8").split(
    "\n## Page ",
  )
  for (const { name, columns } of described) {
    const section = sections.find((text) => text.split("\n")[0]?.endsWith(`\`${name}\``)) ?? ""
    const tables = section.split("\n").filter((line) => line.startsWith("| "))
    const words = new Set(
      tables.flatMap((line) =>
        [...line.matchAll(/`([^`]+)`/g)].flatMap(([, code]) => (code ?? "").match(/[a-z]\w*/g) ?? []),
      ),
    )
    expect([...words].sort(), name).toEqual(columns.map((column) => column.name).sort())
  }
})
