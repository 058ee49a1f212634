import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import { expect, test } from "vitest"
import { silentEffects } from "../core/effects.ts"
import { openDuckDb } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { publish } from "./publish.ts"
import { currentVersion } from "./version.ts"

/** What the tests below make in these schemas. */
const TABLES = ["dim_products", "agg", "fact_events", "fact_sales", "agg_daily_sales", "bad_values"].flatMap(
  (name) => [`gold.${name}`, `quality.${name}`],
)

/** A warehouse with a gold schema, and an empty folder to publish into. */
async function shop() {
  const directory = join(mkdtempSync(join(tmpdir(), "cartwright-publish-")), "published")
  const warehouse = await openDuckDb({ path: ":memory:" })
  const session = await warehouse.session()
  await session.run("create schema gold; create schema quality; create schema silver")
  await session.run("create table gold.dim_products as select 1 as product_key, 'Mug' as name")
  await session.run("create view quality.bad_values as select 'x' as why where false")
  await session.run("create table silver.secret as select 1 as i")
  let time = Date.UTC(2026, 10, 21, 8)
  const effects = silentEffects({ now: () => new Date((time += 1000)) })
  const next = (keep = 3, believed?: boolean) =>
    publish({
      warehouse,
      tables: TABLES,
      directory,
      runId: "r",
      keep,
      effects,
      cuts: believed === undefined ? undefined : { schema: "meta", believed },
    })
  const read = async (sql: string) =>
    session.rows(sql.replaceAll("$published", join(directory, pointer(directory))))
  return { directory, warehouse, session, next, read }
}

const pointer = (directory: string): string => readFileSync(join(directory, "current"), "utf8").trim()
const inode = (directory: string, path: string): number =>
  statSync(join(directory, pointer(directory), path)).ino

test("the named tables and views are readable Parquet behind the pointer", async () => {
  const { directory, next, read } = await shop()
  const outcome = await next()
  expect(outcome).toMatchObject({ unchanged: false, tables: 2, rows: 1, written: 2, linked: 0 })
  expect(pointer(directory)).toBe(outcome.version)
  expect(await read("select * from '$published/dim_products/**/*.parquet'")).toEqual([
    { product_key: 1, name: "Mug" },
  ])
  expect(await read("select * from '$published/bad_values/**/*.parquet'")).toEqual([])
  expect(existsSync(join(directory, outcome.version, "secret"))).toBe(false)
})

test("sums of whole numbers stay whole numbers", async () => {
  const { session, next, read } = await shop()
  await session.run(
    "create table gold.agg as select sum(i) as total from range(9007199254740993, 9007199254740995) t(i)",
  )
  await next()
  expect(await read("select total from '$published/agg/**/*.parquet'")).toEqual([
    { total: "18014398509481987" },
  ])
})

test("an unchanged warehouse gives no version; a changed table is written and the others are linked", async () => {
  const { directory, session, next } = await shop()
  const first = await next()
  expect(await next()).toMatchObject({ unchanged: true, version: first.version })
  const before = inode(directory, "bad_values/data.parquet")
  await session.run("update gold.dim_products set name = 'Cup'")
  const second = await next()
  expect(second).toMatchObject({ unchanged: false, written: 1, linked: 1 })
  expect(inode(directory, "bad_values/data.parquet")).toBe(before)
  expect((await currentVersion(directory))?.tables["bad_values"]?.partitions[""]?.writtenBy).toBe(
    first.version,
  )
})

test("only the tables that were asked for are published; others beside them are told", async () => {
  const { directory, warehouse, session } = await shop()
  await session.run(
    "create table gold.scratch as select 1 as i; create table gold.x__dbt_tmp as select 1 as i",
  )
  const outcome = await publish({
    warehouse,
    tables: ["gold.dim_products", "quality.gone"],
    directory,
    runId: "r",
    keep: 3,
    effects: silentEffects(),
  })
  expect(outcome).toMatchObject({ tables: 1, others: ["quality.bad_values", "gold.scratch"] })
})

test("a large fact is written by month, and only the months that changed", async () => {
  const { session, next, read, directory } = await shop()
  await session.run(
    `create table gold.fact_events as
     select i as event_key, case when i = 7 then -1 else 20260101 + (i % 3) * 100 end as date_key from range(1200000) t(i)`,
  )
  await next()
  const folder = join(directory, pointer(directory), "fact_events")
  expect(readdirSync(folder).sort()).toEqual(["2026-01", "2026-02", "2026-03", "undated"])
  expect(
    await read("select count(*)::int n, sum(event_key)::bigint s from '$published/fact_events/**/*.parquet'"),
  ).toEqual([{ n: 1_200_000, s: (1_200_000n * 1_199_999n) / 2n }])
  expect(await read("select * from '$published/fact_events/**/*.parquet' where event_key = 7")).toEqual([
    { event_key: 7n, date_key: -1n },
  ])
  await session.run("delete from gold.fact_events where event_key = 3")
  expect(await next()).toMatchObject({ written: 1, linked: 5 })
  expect(await read("select count(*)::int n from '$published/fact_events/**/*.parquet'")).toEqual([
    { n: 1_199_999 },
  ])
  await session.run("delete from gold.fact_events where date_key = -1")
  expect(await next()).toMatchObject({ written: 0, linked: 5 })
  expect(readdirSync(join(directory, pointer(directory), "fact_events"))).not.toContain("undated")
})

test("rows with the cuts that they had are not read again, unless somebody else may have changed them", async () => {
  const { session, next, read } = await shop()
  await session.run("create schema meta; create table meta.cuts as select 1 as cut, 'first' as invocation_id")
  await session.run(
    "create table gold.fact_sales as select i as sale_key, 20260101 + (i % 2) * 100 as date_key, 1 as _cut from range(200000) t(i)",
  )
  expect(await next(3, true)).toMatchObject({ written: 4 })
  expect(
    await read(
      "select column_name as name from (describe select * from '$published/fact_sales/**/*.parquet')",
    ),
  ).toEqual([{ name: "sale_key" }, { name: "date_key" }])
  // Behind dbt's back, so the cuts do not tell.
  await session.run("update gold.fact_sales set sale_key = -1 where sale_key = 0")
  expect(await next(3, true)).toMatchObject({ unchanged: true })
  // What was believed had not been compared, so all of it is written; from then on the rows can be compared.
  expect(await next(3, false)).toMatchObject({ unchanged: false, written: 2, linked: 2 })
  expect(await next(3, false)).toMatchObject({ unchanged: true })
  await session.run("update gold.fact_sales set sale_key = -2 where sale_key = 2")
  expect(await next(3, false)).toMatchObject({ written: 1, linked: 3 })
  expect(await next(3, true)).toMatchObject({ unchanged: true })
  await session.run("update gold.fact_sales set sale_key = -3, _cut = 2 where sale_key = 3")
  expect(await next(3, true)).toMatchObject({ written: 1, linked: 3 })
  await session.run("delete from gold.fact_sales where sale_key = 4")
  expect(await next(3, true)).toMatchObject({ written: 1, linked: 3 })
  // Written again without a change, as by a full refresh.
  await session.run("update gold.fact_sales set _cut = 3")
  expect(await next(3, true)).toMatchObject({ written: 2, linked: 2 })
  expect(await next(3, true)).toMatchObject({ unchanged: true })
  // Another warehouse, whose cuts begin anew.
  await session.run(
    "update meta.cuts set invocation_id = 'other'; update gold.fact_sales set sale_key = -5 where sale_key = 6",
  )
  expect(await next(3, true)).toMatchObject({ written: 2, linked: 2 })
})

test("rows that came in are written beside the files that were there, until there are many files", async () => {
  const { directory, session, next, read } = await shop()
  await session.run("create schema meta; create table meta.cuts as select 1 as cut, 'first' as invocation_id")
  await session.run(
    "create table gold.fact_sales as select i as sale_key, 20260101 + (i % 2) * 100 as date_key, 1 as _cut from range(200000) t(i)",
  )
  await next(3, true)
  const month = (name: string) => join("fact_sales", name)
  const filesOf = (name: string) => readdirSync(join(directory, pointer(directory), month(name)))
  const [written] = filesOf("2026-01")
  const node = () => inode(directory, join(month("2026-01"), String(written)))
  const first = node()
  const published = () =>
    read("select count(*)::int n, sum(sale_key)::bigint s from '$published/fact_sales/**/*.parquet'")
  const there = () => session.rows("select count(*)::int n, sum(sale_key)::bigint s from gold.fact_sales")

  await session.run("insert into gold.fact_sales values (-1, 20260115, 2), (-2, 20260301, 2)")
  expect(await next(3, true)).toMatchObject({ written: 2, linked: 3 })
  expect([filesOf("2026-01").length, filesOf("2026-02").length, filesOf("2026-03").length]).toEqual([2, 1, 1])
  expect(node()).toBe(first)
  expect(await published()).toEqual(await there())

  // As many were written as there are more, twice, but a row of the month before is gone or has moved: all of the month is written.
  await session.run("delete from gold.fact_sales where sale_key = 0")
  await session.run("insert into gold.fact_sales values (-3, 20260116, 3), (-4, 20260117, 3)")
  await session.run("update gold.fact_sales set date_key = 20260102, _cut = 3 where sale_key = 1")
  expect(await next(3, true)).toMatchObject({ written: 2 })
  expect([filesOf("2026-01").length, filesOf("2026-02").length]).toEqual([1, 1])
  expect(await published()).toEqual(await there())

  for (let cut = 4; cut < 4 + 8; cut++) {
    await session.run(`insert into gold.fact_sales values (${-cut}, 20260118, ${cut})`)
    await next(3, true)
    expect(filesOf("2026-01")).toHaveLength(cut < 4 + 7 ? cut - 2 : 1)
    expect(await published()).toEqual(await there())
  }
})

test("the last versions stay, older ones go, and what a killed run left is removed", async () => {
  const { directory, session, next } = await shop()
  mkdirSync(join(directory, ".building-0009-20260101T000000Z", "fact_sales"), { recursive: true })
  for (let i = 0; i < 5; i++) {
    await session.run(`update gold.dim_products set product_key = ${i + 10}`)
    await next(2)
  }
  const names = readdirSync(directory).filter((name) => !name.startsWith("current"))
  expect(names.map((name) => name.slice(0, 4)).sort()).toEqual(["0004", "0005"])
  expect(pointer(directory)).toMatch(/^0005-/)
})

test("a version that a kill kept from being published takes no place among those that stay, and is removed", async () => {
  const { directory, session, next } = await shop()
  const first = await next(2)
  // Complete, but the pointer never named it.
  cpSync(join(directory, first.version), join(directory, "0002-20261121T080000Z"), { recursive: true })
  writeFileSync(join(directory, "0002-20261121T080000Z", "_unpublished"), "")
  await session.run("update gold.dim_products set product_key = 2")
  const second = await next(2)
  expect(readdirSync(directory).sort()).toEqual([first.version, second.version, "current"])
  expect(readdirSync(join(directory, second.version))).not.toContain("_unpublished")
})

test("a version that was being made known when the kill came is published and stays", async () => {
  const { directory, next } = await shop()
  const { version } = await next()
  writeFileSync(join(directory, version, "_unpublished"), "")
  expect(await next()).toMatchObject({ unchanged: true, version })
  expect(readdirSync(join(directory, version))).not.toContain("_unpublished")
})

test("versions that a killed publishing still had to remove go, also when nothing is new", async () => {
  const { directory, session, next } = await shop()
  for (let i = 0; i < 3; i++) {
    await session.run(`update gold.dim_products set product_key = ${i}`)
    await next(3)
  }
  expect(await next(2)).toMatchObject({ unchanged: true })
  expect(readdirSync(directory).map((name) => name.slice(0, 4))).toEqual(["0002", "0003", "curr"])
})

test("a failed publishing leaves the published version up and says so", async () => {
  const { directory, session, next, read } = await shop()
  const { version } = await next()
  await session.run("create or replace view quality.bad_values as select error('boom') as why")
  await expect(next()).rejects.toMatchObject({
    code: "publish",
    state: `Version ${version} stays published.`,
  })
  expect(pointer(directory)).toBe(version)
  expect(await read("select name from '$published/dim_products/**/*.parquet'")).toEqual([{ name: "Mug" }])
})

test("two datasets with a table of one name, no table, and a pointer to nothing are told", async () => {
  const { directory, session, next } = await shop()
  await session.run("create table quality.dim_products as select 1 as i")
  await expect(next()).rejects.toThrow("two datasets hold a table named dim_products: gold and quality")
  await session.run("drop schema gold cascade; drop schema quality cascade")
  await expect(next()).rejects.toThrow("there is no table to publish")
  writeFileSync(join(directory, "current"), "0042-20260101T000000Z\n")
  await expect(next()).rejects.toMatchObject({
    code: "publish",
    place: expect.stringContaining("0042-20260101T000000Z"),
  })
})

test("a reader that loops while versions are published never sees half a state", async () => {
  const { directory, warehouse, session, next } = await shop()
  await session.run("create table gold.fact_sales as select i as k, 0 as generation from range(1000) t(i)")
  await session.run("create table gold.agg_daily_sales as select 1000 as n, 0 as generation")
  await next()
  const reading = { done: false }
  let reads = 0
  const generations = new Set<unknown>()
  const reader = (async () => {
    const mine = await warehouse.session()
    while (!reading.done) {
      const version = join(directory, pointer(directory))
      const [row] = await mine.rows(
        `select (select count(*) from '${version}/fact_sales/**/*.parquet')::int as lines,
           (select n from '${version}/agg_daily_sales/**/*.parquet') as told,
           (select min(generation) = max(generation) and min(generation) = (select generation from '${version}/agg_daily_sales/**/*.parquet')
            from '${version}/fact_sales/**/*.parquet') as one_state,
           (select max(generation) from '${version}/fact_sales/**/*.parquet') as generation`,
      )
      expect(row).toMatchObject({ lines: row?.["told"], one_state: true })
      generations.add(row?.["generation"])
      reads += 1
      await setImmediate()
    }
    mine.close()
  })()
  for (let generation = 1; generation <= 15; generation++) {
    await session.run(
      `create or replace table gold.fact_sales as select i as k, ${generation} as generation from range(${1000 + generation}) t(i)`,
    )
    await session.run(
      `create or replace table gold.agg_daily_sales as select ${1000 + generation} as n, ${generation} as generation`,
    )
    await next(5)
  }
  reading.done = true
  await reader
  expect(reads).toBeGreaterThan(15)
  expect(generations.size).toBeGreaterThan(1)
})
