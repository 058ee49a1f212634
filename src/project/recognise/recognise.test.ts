import { describe, expect, test } from "vitest"
import { PLAIN_CSV } from "../../core/csv.fixture.ts"
import { globMatcher } from "../../connectors/files/glob.ts"
import type { SurveyedFile } from "../../connectors/files/survey.ts"
import { globFor } from "./glob-for.ts"
import { recognise } from "./recognise.ts"

function file(name: string, columns: string, problem?: string): SurveyedFile {
  return {
    path: `/files/${name}`,
    name,
    size: 100,
    ...PLAIN_CSV,
    columns: columns === "" ? [] : columns.split(" "),
    sampleRows: [],
    ...(problem === undefined ? {} : { problem }),
  }
}

const ORDERS = "order_id user_id status gender created_at returned_at shipped_at delivered_at num_of_item"
const CENTERS = "id name latitude longitude"
const found = (...files: SurveyedFile[]) =>
  recognise("/files", files).datasets.map(
    ({ source, dataset, files: glob }) => `${source}.${dataset} ${glob}`,
  )

describe("recognising files", () => {
  test("goes by columns, whatever their order, letter case and the file's name", () => {
    const shuffled = "Country CustomerID UnitPrice InvoiceDate Quantity Description StockCode InvoiceNo"
    expect(found(file("a.csv", shuffled))).toEqual(["online_retail.invoices a.csv"])
    expect(found(file("b.txt", shuffled.toUpperCase()))).toEqual(["online_retail.invoices b.txt"])
  })

  test("takes optional columns and a few further ones, but not another data set", () => {
    expect(found(file("c.csv", `${CENTERS} distribution_center_geom`))).toEqual([
      "thelook.distribution_centers c.csv",
    ])
    expect(found(file("o.csv", `${ORDERS} channel`))).toEqual(["thelook.orders o.csv"])
    expect(found(file("o.csv", ORDERS.replace("status ", "")))).toEqual(["files.o o.csv"])
    expect(found(file("shops.csv", `${CENTERS} opened_on manager`))).toEqual(["files.shops shops.csv"])
  })

  test("takes files that come in parts or by day for one data set", () => {
    expect(found(file("date=20260701/o.csv", ORDERS), file("date=20260702/o.csv", ORDERS))).toEqual([
      "thelook.orders date=*/o.csv",
    ])
    expect(found(file("date=20260701/o.csv", ORDERS), file("date=20260701/p.csv", "a b"))).toEqual([
      "thelook.orders date=*/o.csv",
      "files.p date=*/p.csv",
    ])
    expect(found(file("orders/part-1.csv", ORDERS), file("orders/part-2.csv", ORDERS))).toEqual([
      "thelook.orders orders/part-*.csv",
    ])
    expect(
      found(file("sales-2025.csv", "a b"), file("sales-2026.csv", "a b"), file("sales-x.csv", "a c")),
    ).toEqual(["files.sales {sales-2025.csv,sales-2026.csv}", "files.sales_x sales-x.csv"])
  })

  test("takes one data set in several folders for several dumps, which are several shops", () => {
    expect(() => found(file("2024 dump/o.csv", ORDERS), file("other/o.csv", ORDERS))).toThrow(
      "holds 2 dumps of thelook",
    )
  })

  test("names data sets after their files", () => {
    expect(
      found(
        file("Monthly Sales 2026-01.csv.gz", "a"),
        file("visits/part-0001.parquet", "b"),
        file("2024.csv", "c"),
      ),
    ).toEqual([
      "files.monthly_sales Monthly Sales 2026-01.csv.gz",
      "files.visits visits/part-0001.parquet",
      "files.data 2024.csv",
    ])
    expect(found(file("a/x.csv", "a"), file("b/x.csv", "b"))).toEqual([
      "files.x a/x.csv",
      "files.x_2 b/x.csv",
    ])
  })

  test("tells what cannot be used", () => {
    const { datasets, unusable } = recognise("/files", [
      file("empty.csv", "", "the file is empty"),
      file("o.csv", ORDERS, "no records"),
    ])
    expect(datasets.map(({ dataset }) => dataset)).toEqual(["orders"])
    expect(unusable.map(({ name }) => name)).toEqual(["empty.csv", "o.csv"])
  })
})

test.each([
  [["a.csv"], ["a.csv", "b.csv"], "a.csv"],
  [["e/1.csv", "e/2.csv"], ["e/1.csv", "e/2.csv", "f/1.csv"], "e/*.csv"],
  [["e-10.csv.gz", "e-11.csv.gz"], ["e-10.csv.gz", "e-11.csv.gz"], "e-*.csv.gz"],
  [["d/e.csv", "e.csv"], ["d/e.csv", "e.csv", "x.csv"], "**/e.csv"],
  [["a1.csv", "a2.csv"], ["a1.csv", "a2.csv", "a3.csv"], "{a1.csv,a2.csv}"],
])("the glob for %j among %j", (chosen, all, glob) => {
  expect(globFor(chosen, all)).toBe(glob)
  expect(all.filter(globMatcher(glob))).toEqual(chosen)
})
