import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import type { DatasetDeclaration } from "../connectors/files/declaration.ts"
import { openLake } from "../lake/lake.ts"
import { loadLandings } from "../pipeline/load.ts"
import { localStorage } from "../storage/local/local-storage.ts"
import type { Storage } from "../storage/storage.ts"
import { type Workshop, workshop } from "./bronze.fixture.ts"

let shop: Workshop
let dataset = ""
let count = 0
beforeAll(async () => {
  shop = await workshop()
})
beforeEach(() => {
  dataset = `d${++count}`
})
afterAll(() => shop.close())

/** Lands and loads some files as one data set; gives its delivered columns back in order. */
async function read(
  files: Record<string, string | Uint8Array>,
  declared: Omit<DatasetDeclaration, "files"> = {},
) {
  for (const [name, content] of Object.entries(files)) shop.write(`${dataset}/${name}`, content)
  const declaration = { files: `${dataset}/**`, ...declared }
  await shop.land(dataset, declaration, "2026-01-01T00:00:00Z")
  const { warehouse, effects } = shop
  const sources = [shop.source({ [dataset]: declaration })]
  const [outcome] = await loadLandings({ lake: await shop.lake(), warehouse, sources, effects })
  if (outcome?.error !== undefined) throw outcome.error
  return shop.rows(
    `select columns(c -> not starts_with(c, '_') or c = '_row_number') from bronze.shop__${dataset} order by _seq`,
  )
}

const TABLE = 'id,name\n1,"Zoë, x"\n2,\n'
const ROWS = [
  { id: "1", name: "Zoë, x", _row_number: 1n },
  { id: "2", name: null, _row_number: 2n },
]

describe("encodings", () => {
  const utf16 = (text: string) => Buffer.from(text, "utf16le")
  test.each([
    ["UTF-8", Buffer.from(TABLE)],
    ["UTF-8 with a byte-order mark", Buffer.from(`\ufeff${TABLE}`)],
    ["UTF-16 LE with a byte-order mark", utf16(`\ufeff${TABLE}`)],
    ["UTF-16 LE without one", utf16(TABLE)],
    ["UTF-16 BE with a byte-order mark", utf16(`\ufeff${TABLE}`).swap16()],
    ["UTF-16 BE without one", utf16(TABLE).swap16()],
    ["ISO-8859-1", Buffer.from(TABLE, "latin1")],
  ])("%s", async (_, bytes) => {
    expect(await read({ "a.csv": bytes })).toEqual(ROWS)
  })

  test("Windows-1252: told from ISO-8859-1 by its signs", async () => {
    const bytes = Buffer.from([0x69, 0x64, 0x0a, 0x80, 0x20, 0x93, 0xe9, 0x94, 0x0a])
    expect(await read({ "a.csv": bytes })).toMatchObject([{ id: "€ “é”" }])
  })

  test("first met late in a large file, compressed", async () => {
    const plain = "12345678,some text of a line\n".repeat(40_000)
    const bytes = Buffer.from(`id,name\n${plain}9,\xa3 5\n`, "latin1")
    const rows = await read({ "a.csv.gz": gzipSync(bytes) })
    expect(rows.length).toBe(40_001)
    expect(rows.at(-1)).toEqual({ id: "9", name: "£ 5", _row_number: 40_001n })
  })

  test("stated", async () => {
    expect(
      await read({ "a.csv": Buffer.from("id\n\xc3\xa9\n", "latin1") }, { encoding: "iso-8859-1" }),
    ).toMatchObject([{ id: "Ã©" }])
  })
})

describe("compression, found out from the content and not from the name", () => {
  test("gzip, also of several members", async () => {
    expect(await read({ "a.csv": gzipSync(TABLE) })).toEqual(ROWS)
    dataset += "m"
    const [head, tail] = [TABLE.slice(0, 12), TABLE.slice(12)]
    expect(await read({ "a.csv": Buffer.concat([gzipSync(head), gzipSync(tail)]) })).toEqual(ROWS)
  })

  test("zstd, of CSV and of NDJSON", async () => {
    const csv = Buffer.from("KLUv/QRouQAAaWQsbmFtZQoxLCJab8OrLCB4IgoyLAoaPBUk", "base64")
    expect(await read({ "a.csv": csv })).toEqual(ROWS)
    dataset += "n"
    const ndjson = Buffer.from("KLUv/QRoGQEAeyJpZCI6MSwibmFtZSI6Ilpvw6ssIHgifQp7ImlkIjoyfQqf8m+I", "base64")
    expect(await read({ "a.ndjson": ndjson })).toEqual(ROWS)
  })
})

describe("CSV", () => {
  test.each([
    ["comma", ","],
    ["semicolon", ";"],
    ["tab", "\t"],
    ["bar", "|"],
  ])("delimiter found out: %s", async (_, delimiter) => {
    const text = `id${delimiter}name${delimiter}n\n1${delimiter}"a${delimiter}b, c; d"${delimiter}2\n`
    expect(await read({ "a.csv": text })).toMatchObject([{ id: "1", name: `a${delimiter}b, c; d`, n: "2" }])
  })

  test("delimiter and quote stated", async () => {
    const text = "id~~name\n1~~'it''s ~~'\n"
    expect(await read({ "a.csv": text }, { delimiter: "~~", quote: "'" })).toMatchObject([
      { id: "1", name: "it's ~~" },
    ])
  })

  test("no quoting stated", async () => {
    expect(await read({ "a.tsv": 'id\tname\n1\t"inch\n2\t5" x\n' }, { quote: "" })).toMatchObject([
      { name: '"inch' },
      { name: '5" x' },
    ])
  })

  test("without header stated", async () => {
    expect(await read({ "a.csv": "1,a\n2,b\n" }, { header: false })).toMatchObject([
      { column_1: "1", column_2: "a" },
      { column_1: "2", column_2: "b" },
    ])
  })

  test("line ends of any kind, even mixed; blank lines are no records", async () => {
    for (const text of ["id,v\r\n1,a\r\n\r\n2,b\r\n", "id,v\r1,a\r\r2,b", "id,v\n1,a\r\n\n2,b\n"]) {
      expect(await read({ "a.csv": text })).toEqual([
        { id: "1", v: "a", _row_number: 1n },
        { id: "2", v: "b", _row_number: 2n },
      ])
      dataset += "x"
    }
  })

  test("line ends and quotes in quoted fields", async () => {
    expect(await read({ "a.csv": 'id,v\n1,"a\r\nb ""c"""\n2,"\n"\n' })).toMatchObject([
      { v: 'a\r\nb "c"' },
      { v: "\n" },
    ])
  })

  test.each([
    ["plain", "id,v\n1,a\n2,b", "b"],
    ["in quotes that hold line ends", 'id,v\n1,a\n2,"x\n\ny"', "x\n\ny"],
    ["an empty last field", "id,v\r\n1,a\r\n2,", null],
  ])("a last record without line end, complete: %s", async (_, text, last) => {
    expect((await read({ "a.csv": text })).at(-1)).toEqual({ id: "2", v: last, _row_number: 2n })
  })

  test("texts that mean no value", async () => {
    const rows = await read(
      { "a.csv": "id,v\n1,null\n2,NULL\n3,\\N\n4,nullify\n" },
      { nullText: ["null", "\\N"] },
    )
    expect(rows.map((row) => row["v"])).toEqual([null, "NULL", null, "nullify"])
  })

  test("headers: blanks trimmed, doubles and reserved names told apart", async () => {
    const [row] = await read({ "a.csv": " id ,ID,,_op,a b\n1,2,3,4,5\n" })
    expect(row).toEqual({ id: "1", ID_2: "2", column_3: "3", "a b": "5", _row_number: 1n })
    expect(await shop.rows(`select _op, _op_2 from bronze.shop__${dataset}`)).toEqual([
      { _op: "I", _op_2: "4" },
    ])
  })

  test("a header that changes between files: columns by name, missing ones null, in the order of the files", async () => {
    expect(
      await read({
        "1.csv": "id,a\n1,x\n",
        "2.csv": "B;ID\ny;2\n",
        "3.csv": "id,a\n3,z\n",
        "4.csv": "id,a\n",
      }),
    ).toEqual([
      { id: "1", a: "x", B: null, _row_number: 1n },
      { id: "2", a: null, B: "y", _row_number: 2n },
      { id: "3", a: "z", B: null, _row_number: 3n },
    ])
  })

  test("large files with different headers are numbered through, in their order", async () => {
    const many = (from: number) => Array.from({ length: 150_000 }, (_, i) => `${from + i},x\n`).join("")
    await read({
      "1.csv": `n,a\n${many(1)}`,
      "2.csv": `n,b\n${many(150_001)}`,
      "3.csv": `n,a\n${many(300_001)}`,
    })
    expect(
      await shop.rows(`select count(*) as n, count(*) filter (n::int = _row_number and _seq - _row_number =
      (select first_seq - 1 from bronze.landings where dataset = '${dataset}')) as right from bronze.shop__${dataset}`),
    ).toEqual([{ n: 450_000n, right: 450_000n }])
  })

  test("a field longer than the engine takes at once", async () => {
    const long = "é,\n".repeat(1_000_000)
    const rows = await read({ "a.csv": `id,v\n1,"${long}"\n2,b\n` })
    expect(rows.map((row) => [row["_row_number"], (row["v"] as string).length])).toEqual([
      [1n, 3_000_000],
      [2n, 1],
    ])
  })

  test("names that are patterns or hold quotes", async () => {
    expect(await read({ "a[1]*?'.csv": 'i\'d,"v""w"\n1,2\n' })).toMatchObject([{ "i'd": "1", 'v"w': "2" }])
  })
})

describe("JSON", () => {
  const OBJECTS = [
    { id: 1, big: 0, text: "é\n", yes: true, none: null, list: [1, { a: "b" }], empty: "" },
    { id: 2, "a.b/c~d": "path" },
  ]
  const bigs = (text: string) => text.replace('"big":0', '"big":12345678901234567890')
  const EXPECTED = [
    {
      id: "1",
      big: "12345678901234567890",
      text: "é\n",
      yes: "true",
      none: null,
      list: '[1,{"a":"b"}]',
      empty: null,
      "a.b/c~d": null,
      _row_number: 1n,
    },
    {
      id: "2",
      big: null,
      text: null,
      yes: null,
      none: null,
      list: null,
      empty: null,
      "a.b/c~d": "path",
      _row_number: 2n,
    },
  ]
  test.each([
    ["NDJSON", bigs(OBJECTS.map((each) => JSON.stringify(each)).join("\n"))],
    ["an array", bigs(JSON.stringify(OBJECTS))],
    [
      "an array over many lines",
      JSON.stringify(OBJECTS, null, 2).replace('"big": 0', '"big": 12345678901234567890'),
    ],
    [
      "objects one after the other",
      OBJECTS.map((each) => bigs(JSON.stringify(each, null, 1)))
        .join("\n")
        .replace('"big": 0', '"big": 12345678901234567890'),
    ],
  ])("%s: keys are columns, nested values JSON text", async (_, text) => {
    expect(await read({ "a.json": text })).toEqual(EXPECTED)
  })

  test("keys that appear only late", async () => {
    const lines = `{"id":1}\n`.repeat(30_000)
    const rows = await read({ "a.ndjson": `${lines}{"late":"x"}\n` })
    expect(rows.length).toBe(30_001)
    expect(rows.at(-1)).toEqual({ id: null, late: "x", _row_number: 30_001n })
  })
})

test("objects of a store that is no local disk are copied to be read", async () => {
  shop.write(`${dataset}/a.csv`, "id,v\n1,a\n")
  shop.write(`${dataset}/b.csv.gz`, gzipSync("id,v\n2,b,c\n3,c\n"))
  const declared = { files: `${dataset}/**` }
  await shop.land(dataset, declared)
  const remote: Storage = { ...localStorage(join(shop.root, "lake")) }
  delete remote.localPath
  const { warehouse, effects } = shop
  const sources = [shop.source({ [dataset]: declared })]
  const [outcome] = await loadLandings({ lake: await openLake(remote), warehouse, sources, effects })
  expect(outcome).toMatchObject({ rowsRead: 3, rowsLoaded: 2, rowsRejected: 1 })
})

test("Parquet: scalars as text whatever the session's time zone, nested values as JSON", async () => {
  mkdirSync(join(shop.files, dataset))
  await shop.rows("set timezone = 'Asia/Tokyo'")
  await shop.rows(`copy (select 1::tinyint as i, 0.1::double as d, 12.30::decimal(10, 4) as m, '' as e, 'é' as t, true as b,
      timestamp '2026-07-01 12:00:00' as ts, timestamp_ns '2026-07-01 12:00:00.123456789' as ns,
      timestamptz '2026-07-01 12:00:00+02' as tz, date '2026-07-01' as day, [1, 2] as l, {'x': 'y'} as s, map {'k': 1} as mp)
    to '${shop.files}/${dataset}/a.parquet'`)
  expect(await read({})).toEqual([
    {
      i: "1",
      d: "0.1",
      m: "12.3000",
      e: null,
      t: "é",
      b: "true",
      ts: "2026-07-01 12:00:00",
      ns: "2026-07-01 12:00:00.123456",
      tz: "2026-07-01 10:00:00",
      day: "2026-07-01",
      l: "[1,2]",
      s: '{"x":"y"}',
      mp: '{"k":1}',
      _row_number: 1n,
    },
  ])
})
