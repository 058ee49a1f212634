import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { beforeAll, expect, test } from "vitest"
import { silentEffects } from "../../src/core/effects.ts"
import { type GenerateOutcome, generateShop } from "../../src/generator/generate.ts"
import { openDuckDb, quoteLiteral } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../src/warehouse/warehouse.ts"
import { describeWith, sharedData } from "./lib/engines.ts"

const CSV_FOLDERS: Record<string, readonly string[]> = {
  subset_orders_2025: ["distribution_centers", "order_items", "orders", "products", "users"],
  first_rows_2025: ["distribution_centers", "events", "inventory_items", "order_items", "products", "users"],
}

/** Forms that every value of a column has, in the real extracts as in generated files. */
const FORMS: Record<string, Record<string, string>> = {
  events: {
    id: String.raw`\d+`,
    user_id: String.raw`|\d+`,
    session_id: "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    created_at: String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})? UTC`,
    ip_address: String.raw`\d{1,3}(\.\d{1,3}){3}`,
    browser: "Chrome|Firefox|IE|Other|Safari",
    traffic_source: "Adwords|Email|Facebook|Organic|YouTube",
    uri: String.raw`/home|/cart|/purchase|/cancel|/product/\d+|/department/(women|men)/category/[^ /]+/brand/.*`,
    event_type: "home|department|product|cart|purchase|cancel",
  },
  orders: {
    status: "Cancelled|Complete|Processing|Returned|Shipped",
    gender: "F|M",
    created_at: String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})? UTC`,
    num_of_item: "[1-4]",
  },
  order_items: {
    sale_price: String.raw`\d+\.\d+`,
    shipped_at: String.raw`|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})? UTC`,
  },
  products: {
    cost: String.raw`\d+\.\d+`,
    retail_price: String.raw`\d+\.\d+`,
    department: "Men|Women",
    sku: "[0-9A-F]{32}",
    distribution_center_id: "[1-9]|10",
  },
  inventory_items: { cost: String.raw`\d+\.\d+`, product_sku: "[0-9A-F]{32}", sold_at: "|.* UTC" },
  users: {
    email: String.raw`[a-z]+\d*@example\.(com|org|net)`,
    age: String.raw`\d\d`,
    gender: "F|M",
    latitude: String.raw`-?\d+(\.\d+)?`,
    traffic_source: "Display|Email|Facebook|Organic|Search",
    user_geom: String.raw`POINT\(-?[\d.]+ -?[\d.]+\)`,
  },
  distribution_centers: { distribution_center_geom: String.raw`POINT\(-?[\d.]+ -?[\d.]+\)` },
}

describeWith(
  { data: sharedData("thelook") },
  "a generated shop beside the real extracts of theLook",
  ({ data }) => {
    let shop: GenerateOutcome
    let session: Session
    beforeAll(async () => {
      const dir = mkdtempSync(join(tmpdir(), "cartwright-generator-"))
      shop = await generateShop({ dir, scale: 0.05, seed: 5, effects: silentEffects() })
      session = await (await openDuckDb({ path: ":memory:" })).session()
    })
    const generatedFile = (name: string) => shop.tables.find((table) => table.name === name)?.files[0] ?? ""
    const read = (path: string) =>
      `read_csv(${quoteLiteral(path)}, all_varchar = true, header = true, delim = ',', quote = '"')`

    for (const [folder, names] of Object.entries(CSV_FOLDERS)) {
      test.each(names)(`${folder}: %s has the same header and the same forms of values`, async (name) => {
        const real = join(data, folder, `${name}.csv.gz`)
        const header = (text: string) => text.slice(0, text.indexOf("\n"))
        expect(header(readFileSync(generatedFile(name), "utf8"))).toBe(
          header(gunzipSync(readFileSync(real)).toString("utf8")),
        )
        for (const [column, form] of Object.entries(FORMS[name] ?? {})) {
          for (const file of [real, generatedFile(name)]) {
            const rows = await session.rows(
              `select ${column} as v from ${read(file)} where not regexp_full_match(coalesce(${column}, ''), ${quoteLiteral(form)}) limit 3`,
            )
            expect({ file, column, others: rows }).toEqual({ file, column, others: [] })
          }
        }
      })
    }

    test("orders have theLook's shares of statuses and items", async () => {
      const shares = async (from: string) => {
        const rows = await session.rows<{ name: string; share: number }>(
          `select status as name, count(*) / sum(count(*)) over () as share from ${from} group by 1 union all
          select 'items ' || num_of_item, count(*) / sum(count(*)) over () from ${from} group by num_of_item`,
        )
        return new Map(rows.map(({ name, share }) => [name, share]))
      }
      const real = await shares(`read_parquet(${quoteLiteral(join(data, "full_tables", "orders.parquet"))})`)
      const ours = await shares(read(generatedFile("orders")))
      expect([...ours.keys()].sort()).toEqual([...real.keys()].sort())
      for (const [name, share] of real) expect(Math.abs((ours.get(name) ?? 0) - share)).toBeLessThan(0.08)
    })

    test("no brand, product or person is taken from the real data, but by chance", async () => {
      const taken = async (column: string, table: string, real: string) =>
        Number(
          (
            await session.rows(
              `select count(*)::int as n from (select distinct ${column} from ${read(generatedFile(table))} where ${column} is not null
              intersect select distinct ${column} from ${real})`,
            )
          )[0]?.["n"],
        )
      const products = `read_parquet(${quoteLiteral(join(data, "full_tables", "products.parquet"))})`
      expect(await taken("name", "products", products)).toBe(0)
      expect(await taken("brand", "products", products)).toBeLessThanOrEqual(2)
      expect(await taken("sku", "products", products)).toBe(0)
    })
  },
)
