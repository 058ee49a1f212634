import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { expect, test } from "vitest"
import { silentEffects } from "../core/effects.ts"
import { fingerprints, generated, number, reader, truthOf } from "./generator.fixture.ts"
import { sizes } from "./options.ts"

test.each([
  [{ scale: 0 }, /scale is 0/],
  [{ scale: Number.NaN }, /scale is NaN/],
  [{ seed: 1.5 }, /seed is 1.5/],
  [{ from: "2025-02-30" }, /from is 2025-02-30/],
  [{ from: "yesterday" }, /from is yesterday/],
  [{ from: "2025-02-01", to: "2025-01-01" }, /to is 2025-01-01/],
  [{ from: "2025-01-01", to: "2025-01-03", days: 4 }, /days is 4/],
])("%j is refused, and says what would be valid", async (options, message) => {
  await expect(generated(options)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(message) as string,
    next: expect.stringMatching(/^Give /) as string,
  })
})

test("a folder that cannot be made is an environment error", async () => {
  await expect(generated({ dir: "/dev/null/shop" })).rejects.toMatchObject({
    code: "environment",
    place: "/dev/null/shop",
  })
})

test("files from elsewhere are never overwritten; those of a generation that was stopped are", async () => {
  const dir = mkdtempSync(join(tmpdir(), "cartwright-generator-"))
  writeFileSync(join(dir, "orders.csv"), "mine")
  await expect(generated({ dir })).rejects.toMatchObject({ code: "usage", place: join(dir, "orders.csv") })
  expect(readFileSync(join(dir, "orders.csv"), "utf8")).toBe("mine")
  mkdirSync(join(dir, ".truth"))
  writeFileSync(join(dir, "events_0007.csv"), "left over")
  writeFileSync(join(dir, "notes.csv"), "mine")
  await generated({ dir })
  expect(readdirSync(dir).sort()).toEqual([
    ".truth",
    "distribution_centers.csv",
    "events.csv",
    "inventory_items.csv",
    "notes.csv",
    "order_items.csv",
    "orders.csv",
    "products.csv",
    "users.csv",
  ])
})

test("it stops where it is asked to", async () => {
  const controller = new AbortController()
  const effects = silentEffects({
    signal: controller.signal,
    report: (event) => {
      if (event.name === "users" && event.status === "start") controller.abort()
    },
  })
  await expect(generated({ effects })).rejects.toMatchObject({ code: "interrupted" })
})

test("progress names each table, its rows and its file", async () => {
  const told: string[] = []
  await generated({
    scale: 0.001,
    effects: silentEffects({
      report: (e) => void (e.status === "done" && told.push(`${e.name} ${e.message}`)),
    }),
  })
  expect(told).toEqual(
    ["events", "distribution_centers", "products", "users", "orders", "order_items", "inventory_items"].map(
      (name) => `${name} ${name}.csv`,
    ),
  )
})

test("any small shop is whole, and the same for any number of threads", { timeout: 120_000 }, async () => {
  const seed = Number(process.env["CARTWRIGHT_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31))
  console.info(`property seed ${seed} (CARTWRIGHT_TEST_SEED)`)
  const anyOptions = fc
    .record({
      seed: fc.integer(),
      scale: fc.double({ min: 1e-6, max: 0.01, noNaN: true }),
      first: fc.integer({ min: 0, max: 9000 }),
      covered: fc.integer({ min: 1, max: 500 }),
      days: fc.integer({ min: 0, max: 3 }),
      dirt: fc.boolean(),
      format: fc.constantFrom("csv", "csv.gz", "ndjson", "parquet"),
      style: fc.constantFrom("bigquery", "kaggle"),
    })
    .map(({ first, covered, days, ...rest }) => {
      const date = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)
      return {
        ...rest,
        days: Math.min(days, covered),
        from: date(first + 11_000),
        to: date(first + 11_000 + covered - 1),
      } as const
    })
  await fc.assert(
    fc.asyncProperty(anyOptions, async (options) => {
      const shop = await generated({ ...options, threads: 1 })
      expect(fingerprints(await generated({ ...options, threads: 3 }))).toEqual(fingerprints(shop))
      const truth = truthOf(shop)
      expect(truth.tables.map(({ rows }) => rows)).toEqual(shop.tables.map(({ rows }) => rows))
      if (options.dirt || !options.format.startsWith("csv")) return
      const query = await reader(shop, options.days === 0 ? "" : `date=${options.to.replaceAll("-", "")}`)
      const none = async (sql: string) => expect(await number(query, `select count(*) from ${sql}`)).toBe(0)
      await none("order_items anti join orders using (order_id)")
      await none("order_items anti join products on products.id = product_id")
      await none("order_items i join orders o using (order_id) where i.status <> o.status")
      await none(
        "orders left join (select order_id, count(*) as n from order_items group by 1) using (order_id) where n is distinct from num_of_item::int",
      )
      await none(`events where created_at < '${options.from}' or created_at >= '${options.to} 24'`)
      await none(`users where created_at < '${options.from}'`)
      if (options.days === 0) await none("orders o anti join users u on u.id = o.user_id")
      expect(await number(query, "select count(*) from users")).toBeLessThanOrEqual(
        sizes(options.scale).customers,
      )
    }),
    { seed, numRuns: 3, endOnFailure: true },
  )
})
