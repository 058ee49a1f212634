import { spawnSync } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { warehouseContract } from "../../../test/contracts/warehouse.ts"
import { openDuckDb, quoteIdentifier, quoteLiteral } from "./duckdb-warehouse.ts"

const folder = () => mkdtempSync(join(tmpdir(), "cartwright-duckdb-"))

warehouseContract({
  open: async () => ({ warehouse: await openDuckDb({ path: ":memory:" }), schema: "main" }),
  struct: "{'a': 1::bigint, 'b': 'x'}",
  series: (n) => `select i from range(1, ${n} + 1) as r(i)`,
})

test("a table that a transaction made is gone with it", async () => {
  const warehouse = await openDuckDb({ path: ":memory:" })
  expect(warehouse.transactionalDdl).toBe(true)
  const session = await warehouse.session()
  await expect(
    session.transaction(async () => {
      await session.run("create table t (i int)")
      throw new Error("in the middle")
    }),
  ).rejects.toThrow("in the middle")
  await expect(session.rows("select * from t")).rejects.toThrow(/does not exist/)
  await warehouse.close()
})

test("numbers of 32 bits and decimals are as DuckDB has them", async () => {
  const warehouse = await openDuckDb({ path: ":memory:" })
  const session = await warehouse.session()
  expect(await session.rows("select 1 as i, 12.340000::decimal(18, 6) as m")).toEqual([
    { i: 1, m: "12.340000" },
  ])
  await warehouse.close()
})

test("the file is free after close, and its stem is the catalog", async () => {
  const path = join(folder(), "warehouse.duckdb")
  for (let i = 0; i < 3; i++) {
    const warehouse = await openDuckDb({ path })
    expect(warehouse.catalog).toBe("warehouse")
    const session = await warehouse.session()
    await session.run(`create or replace table "warehouse".main.t as select ${i} as i`)
    session.close()
    await warehouse.close()
  }
})

test("a file that is no database is an environment error that names it", async () => {
  const path = join(folder(), "missing", "w.duckdb")
  await expect(openDuckDb({ path })).rejects.toMatchObject({ code: "environment", place: path })
})

test("quoting cannot be escaped from", () => {
  expect(quoteIdentifier('a"b')).toBe('"a""b"')
  expect(quoteLiteral("it's")).toBe("'it''s'")
})

test("aborting interrupts the statement that runs, and the session goes on afterwards", async () => {
  const stopping = new AbortController()
  const warehouse = await openDuckDb({ path: ":memory:", signal: stopping.signal })
  const session = await warehouse.session()
  setTimeout(() => stopping.abort(), 50)
  const started = performance.now()
  await expect(
    session.transaction(() =>
      session.run("create table t as select sum(a.i * b.i) from range(200000) a(i), range(200000) b(i)"),
    ),
  ).rejects.toThrow(/interrupt/i)
  expect(performance.now() - started).toBeLessThan(5000)
  expect(await session.rows("select 1 as n")).toEqual([{ n: 1 }])
  await warehouse.close()
})

test("closing unlocks the file, also where a session was left open", async () => {
  const path = join(folder(), "left.duckdb")
  const first = await openDuckDb({ path })
  const left = await first.session()
  await left.run("create table t as select 1 as i")
  await first.close()
  left.close()
  const child = spawnSync(
    process.execPath,
    [
      "-e",
      `require("node:module").createRequire(${JSON.stringify(import.meta.filename)})("@duckdb/node-api").DuckDBInstance.create(${JSON.stringify(path)}).then(() => console.log("open"))`,
    ],
    { encoding: "utf8" },
  )
  expect(child.stdout + child.stderr).toBe("open\n")
})
