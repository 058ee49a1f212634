import { gzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { loadLandings } from "../pipeline/load.ts"
import { workshop } from "./bronze.fixture.ts"
import { locateRow } from "./locate.ts"
import { linesOfFile, placesOfRows, rowOnLine } from "./places.ts"

test("records of Parquet files are counted where the lake is on no local disk", async () => {
  const shop = await workshop()
  for (const [i, name] of ["a", "b"].entries())
    await shop.rows(`copy (select range as id from range(${i + 2})) to '${shop.files}/${name}.parquet'`)
  await shop.land("things", { files: "*" })
  const lake = await shop.lake()
  const remote = { ...lake.storage }
  delete remote.localPath
  const [landing] = await lake.landings()
  if (landing === undefined) throw new Error("no landing")
  const rules = { key: [], nullText: [] }
  const inSecond = { file: "b.parquet", line: undefined, record: 3 }
  expect(await locateRow(remote, landing, rules, 5)).toEqual(inSecond)
  expect([...(await placesOfRows(remote, landing, rules, new Set([5])))]).toEqual([[5, inSecond]])
  expect(await locateRow(remote, landing, rules, 6)).toBeUndefined()
})

test("every row of a landing, and every rejected one, is found where it stands", async () => {
  const shop = await workshop()
  shop.write("1.csv", 'id,v\n1,"two\nlines"\n\n2,x,y\n3,c\n')
  shop.write("2.csv.gz", gzipSync("id,v\r\n4,d\r\n5,e"))
  shop.write("3.ndjson", '\n{"id":6}\n{"id":7}\n')
  shop.write("4.json", '[{"id":8, "v":{"q":"}{\\""}},\n\n {"id":9}]')
  await shop.rows(`copy (select '10' as id union all select '11') to '${shop.files}/5.parquet'`)
  const declared = { files: "*" }
  await shop.land("things", declared)
  const lake = await shop.lake()
  const { warehouse, effects } = shop
  const [outcome] = await loadLandings({
    lake,
    warehouse,
    sources: [shop.source({ things: declared })],
    effects,
  })
  expect(outcome).toMatchObject({ rowsRead: 11, rowsLoaded: 10, rowsRejected: 1 })
  const [landing] = await lake.landings()
  if (landing === undefined) throw new Error("no landing")
  const rules = { key: [], nullText: [] }
  const expected: [id: string, file: string, line: number | undefined, record: number][] = [
    ["1", "1.csv", 2, 1],
    ["rejected", "1.csv", 5, 2],
    ["3", "1.csv", 6, 3],
    ["4", "2.csv.gz", 2, 1],
    ["5", "2.csv.gz", 3, 2],
    ["6", "3.ndjson", 2, 1],
    ["7", "3.ndjson", 3, 2],
    ["8", "4.json", 1, 1],
    ["9", "4.json", 3, 2],
    ["10", "5.parquet", undefined, 1],
    ["11", "5.parquet", undefined, 2],
  ]
  const rows = await shop.rows(`select id, _row_number as n from bronze.shop__things
    union all select 'rejected', row_number from bronze.rejected_lines order by n`)
  expect(rows).toEqual(expected.map(([id], i) => ({ id, n: BigInt(i + 1) })))
  for (const [i, [, file, line, record]] of expected.entries()) {
    expect(await locateRow(lake.storage, landing, rules, i + 1)).toEqual({ file, line, record })
  }
  // All at once, and back from the line.
  const every = new Set(expected.map((_, i) => i + 1))
  const places = await placesOfRows(lake.storage, landing, rules, every)
  expect([...places.values()]).toEqual(expected.map(([, file, line, record]) => ({ file, line, record })))
  for (const [i, [, file, line]] of expected.entries()) {
    const row = await rowOnLine(lake.storage, landing, rules, file, line ?? 1)
    expect(row).toBe(line === undefined ? undefined : i + 1)
  }
  expect(await rowOnLine(lake.storage, landing, rules, "1.csv", 1)).toBeUndefined()
  expect(await rowOnLine(lake.storage, landing, rules, "1.csv", 3)).toBe(1)
  const lines = await linesOfFile(lake.storage, landing, rules, "2.csv.gz", new Set([1, 3, 4]))
  expect([...lines]).toEqual([
    [1, "id,v"],
    [3, "5,e"],
  ])
  expect(await locateRow(lake.storage, landing, rules, 12)).toBeUndefined()
  expect(await locateRow(lake.storage, landing, rules, 0)).toBeUndefined()
  await shop.close()
})
