import { gzipSync } from "node:zlib"
import { beforeEach, describe, expect, test } from "vitest"
import { DAY, type Things, thingsWorkshop } from "../pipeline/things.fixture.ts"

let shop: Things
beforeEach(async () => {
  shop = await thingsWorkshop()
  return () => shop.close()
})

describe("broken records", () => {
  test("are kept with file, line, text and reason, and the rows beside them are numbered past them", async () => {
    shop.write("1.csv", 'id,v\n1,"two\nlines"\n2\n3,c\n4,d,e\n')
    shop.write("2.csv.gz", gzipSync('id,v\r\n5,e\r\n6,"open\r\n7,g\r\n8,"h"x\r\n9,i,\r\n'))
    const [outcome] = await shop.landAndLoad({ files: "*", key: ["id"] }, DAY(1))
    expect(outcome).toMatchObject({ rowsRead: 9, rowsLoaded: 5, rowsUnchanged: 0, rowsRejected: 4 })
    expect(
      await shop.rows(
        "select file, line, row_number, raw_text, reason from bronze.rejected_lines order by seq",
      ),
    ).toEqual([
      { file: "1.csv", line: 4n, row_number: 2n, raw_text: "2", reason: "1 field where 2 are expected" },
      { file: "1.csv", line: 6n, row_number: 4n, raw_text: "4,d,e", reason: "3 fields where 2 are expected" },
      {
        file: "2.csv.gz",
        line: 3n,
        row_number: 6n,
        raw_text: '6,"open',
        reason: "text after the closing quote of a field",
      },
      {
        file: "2.csv.gz",
        line: 5n,
        row_number: 8n,
        raw_text: '8,"h"x',
        reason: "text after the closing quote of a field",
      },
    ])
    expect(await shop.log("id, _row_number")).toEqual([
      { id: "1", _row_number: 1n },
      { id: "3", _row_number: 3n },
      { id: "5", _row_number: 5n },
      { id: "7", _row_number: 7n },
      { id: "9", _row_number: 9n },
    ])
  })

  test("in another encoding than the file's are told as such", async () => {
    const good = Array.from({ length: 9 }, (_, i) => `${i},é\n`).join("")
    shop.write(
      "things.csv",
      Buffer.concat([Buffer.from(`id,v\n${good}`), Buffer.from("9,caf\xe9\n", "latin1")]),
    )
    const [outcome] = await shop.landAndLoad({ files: "things.csv" }, DAY(1))
    expect(outcome).toMatchObject({ rowsRead: 10, rowsLoaded: 9, rowsRejected: 1 })
    expect(await shop.rows("select line, raw_text, reason from bronze.rejected_lines")).toEqual([
      { line: 11n, raw_text: "9,caf\ufffd", reason: "not valid in the encoding of the file" },
    ])
  })

  test("do not delete the record whose key stands in them", async () => {
    const declared = { files: "things.csv", key: ["id"] }
    shop.write("things.csv", "id,v\n1001,a\n1002,b\n1003,c\n")
    await shop.landAndLoad(declared, DAY(1))
    shop.write("things.csv", "id,v\n1001,a\n1002,b,oops\n")
    const [outcome] = await shop.landAndLoad(declared, DAY(2))
    expect(outcome).toMatchObject({ rowsRead: 2, rowsUnchanged: 1, rowsRejected: 1, rowsDeleted: 1 })
    expect((await shop.log("id, _op")).slice(3)).toEqual([{ id: "1003", _op: "D" }])
  })

  test("of NDJSON: lines that are no objects", async () => {
    shop.write("things.ndjson", '{"id":1}\n\n{"id":2\n[3]\n{"id":4,"v":NaN}\n"5"\n{"id":6}\n')
    const [outcome] = await shop.landAndLoad({ files: "things.ndjson" }, DAY(1))
    expect(outcome).toMatchObject({ rowsRead: 6, rowsLoaded: 3, rowsRejected: 3 })
    expect(await shop.log("id, v, _row_number")).toEqual([
      { id: "1", v: null, _row_number: 1n },
      { id: "4", v: "NaN", _row_number: 4n },
      { id: "6", v: null, _row_number: 6n },
    ])
    expect(
      await shop.rows("select line, row_number, raw_text from bronze.rejected_lines order by seq"),
    ).toEqual([
      { line: 3n, row_number: 2n, raw_text: '{"id":2' },
      { line: 4n, row_number: 3n, raw_text: "[3]" },
      { line: 6n, row_number: 5n, raw_text: '"5"' },
    ])
  })

  test("only: the landing is not loaded, and the rerun after stating the delimiter is", async () => {
    shop.write("things.csv", "id;v,w\n1;a\n2;b\n")
    const wrong = { files: "things.csv", delimiter: "," }
    const [failed] = await shop.landAndLoad(wrong, DAY(1))
    expect(failed).toMatchObject({ status: "failed", error: { code: "load", place: "things.csv:2" } })
    expect(failed?.error?.message).toContain("none of 2 records can be read")
    expect(await shop.rows("select count(*) as n from bronze.landings")).toEqual([{ n: 0n }])
    const [mended] = await shop.load({ files: "things.csv", delimiter: ";" })
    expect(mended).toMatchObject({ status: "loaded", rowsLoaded: 2 })
    expect(await shop.log('id, "v,w"')).toEqual([
      { id: "1", "v,w": "a" },
      { id: "2", "v,w": "b" },
    ])
  })
})
