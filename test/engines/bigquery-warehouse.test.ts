import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { afterAll, beforeAll, expect, test } from "vitest"
import { openBigQuery, type BigQueryWarehouse } from "../../src/warehouse/bigquery/bigquery-warehouse.ts"
import { openDuckDb, quoteLiteral } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import { warehouseContract } from "../contracts/warehouse.ts"
import { type BigQueryEmulator, startBigQueryEmulator } from "./lib/bigquery-emulator.ts"
import { bigQueryEmulatorBin, describeWith } from "./lib/engines.ts"

const PROJECT = "shop-1"

describeWith({ emulator: bigQueryEmulatorBin() }, "BigQuery, emulated", ({ emulator: bin }) => {
  let emulator: BigQueryEmulator
  let buckets: string
  let datasets = 0

  const open = async (run = "run-1", maxBytesBilled?: number): Promise<BigQueryWarehouse> =>
    openBigQuery({
      project: PROJECT,
      location: "US",
      shop: "toys",
      run,
      endpoint: emulator.url,
      credentials: { accessToken: "made-up" },
      ...(maxBytesBilled === undefined ? {} : { maxBytesBilled }),
    })
  const newDataset = async (warehouse: BigQueryWarehouse) => {
    const name = `d${++datasets}`
    expect(await warehouse.ensureDataset(name)).toBe(true)
    return name
  }

  beforeAll(async () => {
    buckets = mkdtempSync(join(tmpdir(), "cartwright-buckets-"))
    mkdirSync(join(buckets, "lake"))
    emulator = await startBigQueryEmulator(bin, PROJECT, buckets)
  })
  afterAll(() => emulator.stop())

  warehouseContract({
    open: async () => {
      const warehouse = await open()
      return { warehouse, schema: await newDataset(warehouse) }
    },
    struct: "struct(cast(1 as int64) as a, 'x' as b)",
    series: (n) => `select i from unnest(generate_array(1, ${n})) as i`,
  })

  test("a dataset is made once, and stays", async () => {
    const warehouse = await open()
    const name = await newDataset(warehouse)
    expect(await warehouse.ensureDataset(name)).toBe(false)
    await warehouse.close()
  })

  test("a step that is tried again does not run its statements twice, and another run does", async () => {
    const attempt = async (run: string) => {
      const warehouse = await open(run)
      const session = await warehouse.session("append")
      const changed = await session.runOnce("rows", "insert into once.t values (1), (2)")
      const [row] = await session.rows<{ n: bigint }>("select count(*) as n from once.t")
      await warehouse.close()
      return [changed, row?.n]
    }
    const warehouse = await open()
    await warehouse.ensureDataset("once")
    await (await warehouse.session()).run("create table once.t (i int64)")
    expect(await attempt("monday")).toEqual([2, 2n])
    expect(await attempt("monday")).toEqual([2, 2n])
    expect(await attempt("tuesday")).toEqual([2, 4n])
    await warehouse.close()
  })

  test("a statement whose answer is lost on the way has run once", async () => {
    const warehouse = await open()
    const dataset = await newDataset(warehouse)
    const session = await warehouse.session()
    await session.run(`create table ${dataset}.t (i int64)`)
    emulator.loseNextAnswer()
    expect(await session.run(`insert into ${dataset}.t values (1), (2)`)).toBe(2)
    expect(await session.rows(`select count(*) as n from ${dataset}.t`)).toEqual([{ n: 2n }])
    await warehouse.close()
  })

  test("a transaction that an attempt left open is undone by the next", async () => {
    const left = await open()
    await left.ensureDataset("abandoned")
    const session = await left.session("merge")
    await session.run("create table abandoned.t (i int64)")
    await new Promise<void>((resolve) => {
      void session.transaction(async () => {
        await session.run("insert into abandoned.t values (1)")
        resolve()
        await new Promise(() => {})
      })
    })
    const next = await open()
    const again = await next.session("merge")
    await again.transaction(() => again.run("insert into abandoned.t values (2)"))
    expect(await again.rows("select i from abandoned.t")).toEqual([{ i: 2n }])
    await next.close()
  })

  test("every job has labels, and carries the cap that is left", async () => {
    const warehouse = await open("Run 7", 1_000_000_000)
    await (await warehouse.session("Load: orders")).rows("select 1 as one")
    expect(emulator.jobs.at(-1)?.configuration).toMatchObject({
      labels: { application: "cartwright", shop: "toys", run: "run-7", step: "load-orders" },
      query: { maximumBytesBilled: String(10 * 1024 * 1024) },
    })
    await warehouse.close()
  })

  test("loads text from a stream and from a bucket once, however often it is asked to", async () => {
    const warehouse = await open()
    const dataset = await newDataset(warehouse)
    const session = await warehouse.session("look")
    const csv = 'id,name\n01,"a\n""b"""\n02,\n03,ü\n'
    writeFileSync(join(buckets, "lake", "users.csv"), csv)
    const request = {
      dataset,
      table: "users",
      into: "append" as const,
      format: { type: "csv", columns: ["id", "name"] } as const,
    }
    const stream = { name: "users.csv", open: () => Readable.from([csv]) }
    const object = { uris: ["gs://lake/users.csv"] }
    const first = await warehouse.load("load", "stream", { ...request, source: stream })
    expect(first).toEqual({ loaded: 3, rejected: 0, rejectedRows: [], takenOver: false })
    const rows = [
      { id: "01", name: 'a\n"b"' },
      { id: "02", name: null },
      { id: "03", name: "ü" },
    ]
    const query = `select * from ${dataset}.users order by id`
    expect(await session.rows(query)).toEqual(rows)
    const second = await warehouse.load("load", "stream", { ...request, source: stream })
    expect(second.takenOver).toBe(true)
    expect(await session.rows(query)).toEqual(rows)
    await warehouse.load("load", "object", { ...request, source: object })
    expect(await session.rows(query)).toEqual(rows.flatMap((row) => [row, row]))
    await warehouse.close()
  })

  test("loads NDJSON and Parquet", async () => {
    const warehouse = await open()
    const dataset = await newDataset(warehouse)
    const session = await warehouse.session()
    const lines = '{"id": 1, "name": "x"}\n{"id": 2, "name": null}\n'
    const columns = [
      { name: "id", type: "INT64" },
      { name: "name", type: "STRING" },
    ]
    await warehouse.load("load", `${dataset} ndjson`, {
      dataset,
      table: "lines",
      into: "empty",
      format: {
        type: "ndjson",
        columns,
      },
      source: {
        name: "lines",
        open: () => Readable.from([lines]),
      },
    })
    expect(await session.rows(`select * from ${dataset}.lines order by id`)).toEqual([
      { id: 1n, name: "x" },
      { id: 2n, name: null },
    ])
    const duckdb = await openDuckDb({ path: ":memory:" })
    const file = join(buckets, "lake", "p.parquet")
    const from = "select 7::bigint as i, timestamp '2026-01-02 03:04:05' as moment"
    await (await duckdb.session()).run(`copy (${from}) to ${quoteLiteral(file)} (format parquet)`)
    await duckdb.close()
    // BigQuery would make the table from the file.
    await session.run(`create table ${dataset}.typed (i int64, moment timestamp)`)
    await warehouse.load("load", `${dataset} parquet`, {
      dataset,
      table: "typed",
      into: "append",
      format: { type: "parquet" },
      source: { uris: ["gs://lake/p.parquet"] },
    })
    expect(await session.rows(`select * from ${dataset}.typed`)).toEqual([
      { i: 7n, moment: "2026-01-02 03:04:05" },
    ])
    await warehouse.close()
  })

  test("a query costs two requests", async () => {
    const warehouse = await open()
    const session = await warehouse.session()
    const before = emulator.requests()
    await session.rows("select 1 as one")
    expect(emulator.requests() - before).toBe(2)
    await warehouse.close()
  })
})
