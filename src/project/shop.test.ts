import { expect, test } from "vitest"
import { parseConfig } from "./config/read.ts"
import { shopOf } from "./shop.ts"

function shopWith(more: string) {
  const text = `shop: {name: x}\nsources: {s: {files: {path: ../files, datasets: {d: {files: "*.csv"}}}}}\n${more}`
  return shopOf("/home/shop", parseConfig(text, "/home/shop/cartwright.yaml"))
}

test("paths are relative to the shop's folder, wherever the command is called; a bare dbt is one on the PATH", () => {
  const { paths, sources } = shopWith(
    "lake: {path: /data/lake}\ntransform: {engine: dbt, dbt: .venv/bin/dbt}\n",
  )
  expect(paths).toEqual({
    lake: "/data/lake",
    published: "/home/shop/published",
    runs: "/home/shop/runs",
    dbtProject: "/home/shop/dbt",
    dbt: "/home/shop/.venv/bin/dbt",
  })
  expect(sources[0]?.files.path).toBe("/home/files")
  expect(shopWith("transform: {engine: dbt}\n").paths.dbt).toBe("dbt")
})
