import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { openPublished } from "./published-shop.ts"

test("where nothing is published, or no metric is declared, the error says what to do", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-metrics-"))
  const places = { published: join(folder, "published"), dbtProject: folder }
  await expect(openPublished(places)).rejects.toMatchObject({ code: "usage", next: "Run `cartwright run`." })
  const version = "0001-20260101T000000Z"
  mkdirSync(join(places.published, version), { recursive: true })
  writeFileSync(join(places.published, "current"), version)
  writeFileSync(
    join(places.published, version, "_version.json"),
    JSON.stringify({ format: 1, version, tables: {} }),
  )
  await expect(openPublished(places)).rejects.toMatchObject({
    code: "config",
    message: "the shop's dbt project declares no metrics",
    next: expect.stringContaining("init --upgrade") as string,
  })
})
