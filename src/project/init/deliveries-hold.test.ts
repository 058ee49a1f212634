import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { initShop } from "./init.ts"

const HEADER = "order_id,user_id,status,gender,created_at,returned_at,shipped_at,delivered_at,num_of_item\n"

/** An order a line, of these ids. */
function orders(from: number, to: number): string {
  let lines = HEADER
  for (let id = from; id <= to; id++) lines += `${id},1,Complete,F,2026-01-01 10:00:00 UTC,,,,1\n`
  return lines
}

/** Whether init takes deliveries of theLook's orders, the earliest first, for additions. */
async function takenForAdditions(...deliveries: string[]): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), "cartwright-deliveries-"))
  for (const [i, content] of deliveries.entries()) {
    const folder = join(home, "files", `date=2026010${i + 1}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, "orders.csv"), content)
  }
  const { shop } = await initShop({ files: join(home, "files"), folder: join(home, "shop") })
  return readFileSync(shop.configFile, "utf8").includes("kind: incremental")
}

test("deliveries that repeat the records of the one before hold all of them, those that do not hold what is new", async () => {
  expect(await takenForAdditions(orders(1, 100), orders(1, 103))).toBe(false)
  expect(await takenForAdditions(orders(1, 100), orders(60, 160))).toBe(true)
  expect(await takenForAdditions(orders(1, 100))).toBe(false)
})

test("a broken record in a delivery hides neither", async () => {
  const broken = "7,one field too few\n"
  expect(await takenForAdditions(orders(1, 100) + broken, orders(101, 104))).toBe(true)
  expect(await takenForAdditions(orders(1, 100), orders(101, 104) + broken)).toBe(true)
  expect(await takenForAdditions(orders(1, 100) + broken, orders(1, 103))).toBe(false)
})
