import { mkdirSync, readFileSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { silentEffects } from "../../src/core/effects.ts"
import { generateShop } from "../../src/generator/generate.ts"
import { openDuckDb } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import { cartwright, temporaryFolder } from "../e2e/lib/cli.ts"
import { askWarehouse } from "../e2e/lib/published.ts"

/**
 * What history costs follows the change, not the size of the shop: five customers of whom it is learnt late that they lived
 * elsewhere for a while, in shops of three sizes.
 */
const SCALES = [0.002, 0.008, 0.032]
const CUSTOMERS = 5
const FIRST = "2025-06-30"
const LEARNT = "2025-09-15"
const MOVED = "2025-12-30"

const home = temporaryFolder()
afterAll(() => rmSync(home, { recursive: true, force: true }))

const folderOf = (date: string): string => `date=${date.replaceAll("-", "")}`

/** Files of the customers with the most events in the span, as they were delivered but for where they live. */
async function deliverMoves(files: string): Promise<{ ids: string[]; inSpan: Record<string, number> }> {
  const warehouse = await openDuckDb({ path: ":memory:" })
  const session = await warehouse.session()
  const ask = (sql: string) => session.rows(sql)
  const raw = (table: string): string =>
    `read_csv('${join(files, folderOf(FIRST), `${table}.csv`)}', all_varchar = true, header = true)`
  const span = (column: string): string =>
    `left(${column}, 19) >= '${LEARNT} 00:00:00' and left(${column}, 19) < '${MOVED} 00:00:00'`
  const found = await ask(
    `select user_id from ${raw("events")} where user_id is not null and ${span("created_at")}
     group by user_id order by count(*) desc, user_id limit ${CUSTOMERS}`,
  )
  const ids = found.map((row) => row["user_id"] as string)
  const own = `(${ids.map((id) => `'${id}'`).join(", ")})`
  for (const [date, city] of [
    [LEARNT, "Elsewhere"],
    [MOVED, "Overthere"],
  ] as const) {
    mkdirSync(join(files, folderOf(date)), { recursive: true })
    await ask(
      `copy (select * replace ('${city}' as city) from ${raw("users")} where id in ${own} order by id)
       to '${join(files, folderOf(date), "users.csv")}' (header)`,
    )
  }
  const counts = await ask(
    `select (select count(*)::int from ${raw("events")} where user_id in ${own} and ${span("created_at")}) as fact_events,
       (select count(*)::int from ${raw("order_items")} where user_id in ${own} and ${span("created_at")}) as fact_sales,
       (select count(*)::int from ${raw("orders")} where user_id in ${own} and ${span("created_at")}) as fact_orders,
       (select count(*)::int from (select session_id, min(created_at) as began from ${raw("events")}
          where session_id in (select session_id from ${raw("events")} where user_id in ${own}) group by session_id)
        where ${span("began")}) as fact_sessions,
       (select count(*)::int from ${raw("events")}) as events`,
  )
  await warehouse.close()
  return { ids, inSpan: Object.fromEntries(Object.entries(counts[0] ?? {}).map(([k, v]) => [k, Number(v)])) }
}

async function run(shop: string): Promise<void> {
  const { code, stderr } = await cartwright(["run", "--dir", shop])
  expect(code, stderr).toBe(0)
}

describe.each(SCALES)("a shop of scale %d", (scale) => {
  test("writes the versions of five customers, and the facts that move to them", async () => {
    const files = join(home, `files-${scale}`)
    const shop = join(home, `shop-${scale}`)
    await generateShop({ dir: join(files, folderOf(FIRST)), scale, seed: 11, effects: silentEffects() })
    const { ids, inSpan } = await deliverMoves(files)
    const aside = join(home, `aside-${scale}`)
    renameSync(join(files, folderOf(LEARNT)), aside)
    const made = await cartwright(["init", files, "--dir", shop])
    expect(made.code, made.stderr).toBe(0)
    // That the few users are additions and no shrunken snapshot, init has seen for itself.
    expect(readFileSync(join(shop, "cartwright.yaml"), "utf8")).toMatch(
      /users\.csv.*\n.*\n.*\n +kind: incremental/,
    )
    await run(shop)
    renameSync(aside, join(files, folderOf(LEARNT)))
    await run(shop)

    const ask = (sql: string) => askWarehouse(shop, sql)
    const [last] = await ask("select max(cut)::int as cut from meta.cuts")
    const written = async (table: string): Promise<number> =>
      Number(
        (
          await ask(`select count(*)::int as n from gold.${table} where _cut = ${Number(last?.["cut"])}`)
        )[0]?.["n"],
      )
    // Where they lived first, then elsewhere, then where they are now: three versions each.
    expect(await written("dim_customers")).toBe(3 * CUSTOMERS)
    const facts = { fact_events: 0, fact_sales: 0, fact_orders: 0, fact_sessions: 0 }
    for (const table of Object.keys(facts) as (keyof typeof facts)[]) facts[table] = await written(table)
    expect(facts).toEqual({
      fact_events: inSpan["fact_events"],
      fact_sales: inSpan["fact_sales"],
      fact_orders: inSpan["fact_orders"],
      fact_sessions: inSpan["fact_sessions"],
    })
    const [elsewhere] = await ask(
      `select count(*)::int as n from gold.fact_events f join gold.dim_customers c using (customer_key)
       where c.city = 'Elsewhere' and c.customer_id in (${ids.map((id) => `'${id}'`).join(", ")})`,
    )
    expect(Number(elsewhere?.["n"])).toBe(inSpan["fact_events"])
    console.info(
      `${inSpan["events"]} events: ${3 * CUSTOMERS} versions and ${JSON.stringify(facts)} rows written`,
    )
  })
})
