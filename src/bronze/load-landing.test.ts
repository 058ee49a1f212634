import { beforeEach, describe, expect, test } from "vitest"
import { DAY, KEYED, type Things, thingsWorkshop } from "../pipeline/things.fixture.ts"

let shop: Things
beforeEach(async () => {
  shop = await thingsWorkshop()
  return () => shop.close()
})

describe("a first landing", () => {
  test("is loaded as delivered, every column as text, with where each row came from", async () => {
    shop.write("things.csv", 'id, name ,price\n1,"a, b",0.0199999995529651\n2,,7\n')
    const [outcome] = await shop.landAndLoad({ files: "things.csv", key: ["id"] }, DAY(1))
    expect(outcome).toMatchObject({
      status: "loaded",
      kind: "full",
      rowsRead: 2,
      rowsLoaded: 2,
      rowsUnchanged: 0,
      rowsRejected: 0,
    })
    expect(await shop.log("* exclude (_loaded_at, _row_hash, _landing_id)")).toEqual([
      {
        id: "1",
        name: "a, b",
        price: "0.0199999995529651",
        _row_number: 1n,
        _op: "I",
        _seq: 1n,
        _extracted_at: "2026-03-01 00:00:00",
        _as_of: "2026-03-01 00:00:00",
      },
      {
        id: "2",
        name: null,
        price: "7",
        _row_number: 2n,
        _op: "I",
        _seq: 2n,
        _extracted_at: "2026-03-01 00:00:00",
        _as_of: "2026-03-01 00:00:00",
      },
    ])
    expect(
      await shop.rows("select source, dataset, kind, rows_read, first_seq, last_seq from bronze.landings"),
    ).toEqual([
      { source: "shop", dataset: "things", kind: "full", rows_read: 2n, first_seq: 1n, last_seq: 2n },
    ])
  })

  test("loaded twice changes nothing", async () => {
    shop.write("things.csv", "id,v\n1,a\n2,b\n")
    await shop.landAndLoad({ files: "things.csv", key: ["id"] }, DAY(1))
    const before = await shop.log("*")
    expect(await shop.load({ files: "things.csv", key: ["id"] })).toEqual([])
    expect(await shop.log("*")).toEqual(before)
  })
})

describe("a later full snapshot", () => {
  test("appends only what changed: updates, inserts, deletes with the last attributes", async () => {
    const declared = { files: "things.csv", key: ["id"] }
    shop.write("things.csv", "id,v\n1,a\n2,b\n3,c\n")
    await shop.landAndLoad(declared, DAY(1))
    shop.write("things.csv", "id,v\n4,d\n1,a\n3,C\n")
    const [outcome] = await shop.landAndLoad(declared, DAY(2))
    expect(outcome).toMatchObject({ rowsRead: 3, rowsLoaded: 2, rowsUnchanged: 1, rowsDeleted: 1 })
    expect((await shop.log("id, v, _op, _row_number, _seq")).slice(3)).toEqual([
      { id: "4", v: "d", _op: "I", _row_number: 1n, _seq: 4n },
      { id: "3", v: "C", _op: "U", _row_number: 3n, _seq: 6n },
      { id: "2", v: "b", _op: "D", _row_number: 0n, _seq: 7n },
    ])
  })

  test("brings a deleted key back as an insert", async () => {
    const declared = { files: "things.csv", key: ["id"] }
    for (const [i, rows] of ["1,a\n2,b", "1,a", "1,a\n2,b"].entries()) {
      shop.write("things.csv", `id,v\n${rows}\n`)
      await shop.landAndLoad(declared, DAY(i + 1))
    }
    expect(await shop.log("id, _op")).toEqual([
      { id: "1", _op: "I" },
      { id: "2", _op: "I" },
      { id: "2", _op: "D" },
      { id: "2", _op: "I" },
    ])
  })

  test("without a key is compared as a multiset: true duplicates count", async () => {
    const declared = { files: "things.csv" }
    shop.write("things.csv", "code,qty\nA,1\nA,1\nB,2\n")
    await shop.landAndLoad(declared, DAY(1))
    shop.write("things.csv", "code,qty\nA,1\nC,3\nC,3\nB,2\n")
    const [outcome] = await shop.landAndLoad(declared, DAY(2))
    expect(outcome).toMatchObject({ rowsRead: 4, rowsLoaded: 2, rowsUnchanged: 2, rowsDeleted: 1 })
    expect((await shop.log("code, _op")).slice(3)).toEqual([
      { code: "C", _op: "I" },
      { code: "C", _op: "I" },
      { code: "A", _op: "D" },
    ])
  })

  test("keeps several versions of a key, and exact duplicates, that one landing holds", async () => {
    const declared = { files: "things.csv", key: ["id"] }
    shop.write("things.csv", "id,v\n1,a\n1,b\n2,x\n2,x\n")
    await shop.landAndLoad(declared, DAY(1))
    shop.write("things.csv", "id,v\n2,x\n1,a\n2,x\n1,c\n")
    const [outcome] = await shop.landAndLoad(declared, DAY(2))
    expect(outcome).toMatchObject({ rowsRead: 4, rowsLoaded: 2, rowsUnchanged: 2 })
    expect((await shop.log("id, v, _op, _row_number")).slice(4)).toEqual([
      { id: "1", v: "a", _op: "U", _row_number: 2n },
      { id: "1", v: "c", _op: "U", _row_number: 4n },
    ])
  })

  test("whose values swap columns, or are equal in two columns, is told from the one before", async () => {
    const declared = { files: "things.csv", key: ["id"] }
    shop.write("things.csv", "id,a,b\n1,x,y\n2,x,x\n3,,z\n")
    await shop.landAndLoad(declared, DAY(1))
    shop.write("things.csv", "id,a,b\n1,y,x\n2,y,y\n3,z,\n")
    expect((await shop.landAndLoad(declared, DAY(2)))[0]).toMatchObject({ rowsLoaded: 3, rowsUnchanged: 0 })
  })

  test("adds new columns, announces missing ones, and an added empty column changes no row", async () => {
    const declared = { files: "things.csv", key: ["id"] }
    shop.write("things.csv", "id,v,old\n1,a,o\n2,b,\n")
    await shop.landAndLoad(declared, DAY(1))
    shop.write("things.csv", "id,v,fresh\n1,a,\n2,b,\n")
    const [outcome] = await shop.landAndLoad(declared, DAY(2))
    expect(outcome).toMatchObject({
      changes: [
        { change: "added", column: "fresh", related: null },
        { change: "dropped", column: "old", related: null },
      ],
      missingColumns: ["old"],
      notices: [
        "column fresh is new (rows from before have no value), since the delivery as of 2026-03-02 00:00",
        "column old is missing (null from here on), since the delivery as of 2026-03-02 00:00",
      ],
      rowsLoaded: 1,
      rowsUnchanged: 1,
    })
    expect(await shop.log("id, v, old, fresh, _op")).toEqual([
      { id: "1", v: "a", old: "o", fresh: null, _op: "I" },
      { id: "2", v: "b", old: null, fresh: null, _op: "I" },
      { id: "1", v: "a", old: null, fresh: null, _op: "U" },
    ])
  })

  test("that misses too many keys is partial, once and for all", async () => {
    const declared = { files: "things.csv", key: ["id"] }
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => `${from + i},x\n`).join("")
    shop.write("things.csv", `id,v\n${lines(0, 1000)}`)
    await shop.landAndLoad(declared, DAY(1))
    shop.write("things.csv", `id,v\n${lines(0, 799)}5000,new\n`)
    const [outcome] = await shop.landAndLoad(declared, DAY(2))
    expect(outcome).toMatchObject({ kind: "partial", rowsDeleted: 0, rowsLoaded: 1 })
    expect(outcome?.notices[0]).toContain("taken as partial")
    const lake = await shop.lake()
    expect((await lake.landings("shop", "things")).map(({ kind, decided }) => [kind, decided?.kind])).toEqual(
      [
        ["full", "full"],
        ["partial", "partial"],
      ],
    )
    // Exactly the share that is allowed: full, and its deletes count from the last known state.
    shop.write("things.csv", `id,v\n${lines(0, 801)}\n`)
    expect((await shop.landAndLoad(declared, DAY(3)))[0]).toMatchObject({ kind: "full", rowsDeleted: 200 })
  })
})

describe("an incremental landing", () => {
  test("appends all it brings and deletes nothing", async () => {
    const declared = { files: "*.csv", key: ["id"], kind: "incremental" as const }
    shop.write("a.csv", "id,v\n1,a\n2,b\n")
    await shop.landAndLoad(declared, DAY(1))
    shop.write("b.csv", "id,v\n2,b\n3,c\n")
    const [outcome] = await shop.landAndLoad(declared, DAY(2))
    expect(outcome).toMatchObject({ kind: "incremental", rowsRead: 2, rowsLoaded: 2, rowsUnchanged: 0 })
    expect(await shop.log("id, _op, _row_number")).toEqual([
      { id: "1", _op: "I", _row_number: 1n },
      { id: "2", _op: "I", _row_number: 2n },
      { id: "2", _op: "U", _row_number: 1n },
      { id: "3", _op: "I", _row_number: 2n },
    ])
  })
})

test("a log that somebody dropped or altered is built again from the lake", async () => {
  await shop.deliver(1, "id,v\n1,a\n2,b\n", KEYED)
  await shop.deliver(2, "id,v\n1,A\n2,b\n", KEYED)
  const columns = "id, v, _op, _row_number, _extracted_at"
  const before = await shop.log(columns)
  for (const statement of [
    "drop table bronze.shop__things",
    "alter table bronze.shop__things drop column _row_hash",
  ]) {
    await shop.session.run(statement)
    const outcomes = await shop.load(KEYED)
    expect(outcomes[0]?.notices.join()).toMatch(/its log (?:is gone|has no column _row_hash)/)
    expect(await shop.log(columns)).toEqual(before)
  }
})

test("another key builds the log again from the lake, and sequence numbers go on", async () => {
  shop.write("things.csv", "id,v\n1,a\n2,b\n")
  await shop.landAndLoad({ files: "things.csv" }, DAY(1))
  shop.write("things.csv", "id,v\n1,a\n2,c\n")
  await shop.landAndLoad({ files: "things.csv" }, DAY(2))
  const outcomes = await shop.load({ files: "things.csv", key: ["id"] })
  expect(outcomes.map(({ rowsLoaded, rowsUnchanged }) => [rowsLoaded, rowsUnchanged])).toEqual([
    [2, 0],
    [1, 1],
  ])
  expect(outcomes[0]?.notices[0]).toContain("built again from the lake")
  const before = 2 + 2 + 1
  expect(await shop.log("id, v, _op, _seq")).toEqual([
    { id: "1", v: "a", _op: "I", _seq: BigInt(before + 1) },
    { id: "2", v: "b", _op: "I", _seq: BigInt(before + 2) },
    { id: "2", v: "c", _op: "U", _seq: BigInt(before + 4) },
  ])
})

test("a key that is no column is told with the columns there are", async () => {
  shop.write("things.csv", "id,v\n1,a\n")
  const [failed] = await shop.landAndLoad({ files: "things.csv", key: ["ID ", "nr"] }, DAY(1))
  expect(failed).toMatchObject({ status: "failed", error: { code: "load", choices: ["id", "v"] } })
})

test("hashes of another engine version are renewed, so that nothing seems changed", async () => {
  const declared = { files: "things.csv", key: ["id"] }
  shop.write("things.csv", "id,v\n1,a\n2,b\n")
  await shop.landAndLoad(declared, DAY(1))
  await shop.rows("update bronze.shop__things set _row_hash = _row_hash + 1")
  await shop.rows("update bronze.datasets set engine = 'v0.0.1'")
  shop.write("things.csv", "id,v\n2,b\n1,a\n")
  expect((await shop.landAndLoad(declared, DAY(2)))[0]).toMatchObject({ rowsLoaded: 0, rowsUnchanged: 2 })
})
