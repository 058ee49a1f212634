import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { PLAIN_CSV } from "../core/csv.fixture.ts"
import type { ManifestFile } from "../lake/manifest.ts"
import { openDuckDb, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { cleanText } from "./clean-text.ts"

const folder = mkdtempSync(join(tmpdir(), "cartwright-clean-"))

const FILE: ManifestFile = {
  key: "k",
  name: "n",
  size: 0,
  sourceVersion: "",
  sha256: "",
  ...PLAIN_CSV,
  columns: ["a", "b"],
}

/** A piece of a file whose verdict is known because of how it is made. */
interface Piece {
  text: string
  /** Lines that it takes. */
  lines: number
  records: (string | null)[][]
  /** How many of its records are broken. */
  broken: number
}

const plain = fc.stringMatching(/^[a-zé€ 5-9']{1,6}$/).filter((text) => text.trim() === text)
const anything = fc.stringMatching(/^[a-zé,"\n;]{0,6}$/)
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const value = (text: string) => (text === "" ? null : text)

const sound = (text: string, records: Piece["records"]): Piece => ({
  text,
  lines: text.split("\n").length,
  records,
  broken: 0,
})
const broken = (text: string): Piece => ({ text, lines: 1, records: [], broken: 1 })

const piece = fc.oneof(
  fc.tuple(plain, plain).map(([a, b]) => sound(`${a},${b}`, [[a, b]])),
  fc.tuple(anything, plain).map(([a, b]) => sound(`${quoted(a)},${b}`, [[value(a), b]])),
  plain.map((a) => sound(`${a},,,`, [[a, null]])),
  fc.constant(sound("", [])),
  plain.map(broken),
  fc.tuple(plain, plain).map(([a, b]) => broken(`${a},${b},${a}`)),
  fc.tuple(plain, plain).map(([a, b]) => broken(`${a},"${b}"x`)),
)

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncIterable<Uint8Array> {
  let from = 0
  for (const size of sizes) {
    if (from >= bytes.length) return
    yield bytes.subarray(from, from + size)
    from += size
  }
  if (from < bytes.length) yield bytes.subarray(from)
}

test("broken records are left out with their lines and numbers; the rest is what the engine reads", async () => {
  const warehouse = await openDuckDb({ path: ":memory:" })
  const session = await warehouse.session()
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 })
  const end = fc.constantFrom("\n", "\r\n", "\r")
  let files = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 12 }),
      sizes,
      end,
      fc.boolean(),
      async (pieces, sizes, end, marked) => {
        const path = join(folder, `${files++}.csv`)
        const body = pieces.map(({ text }) => `${text}${end}`).join("")
        const bytes = Buffer.from(`${marked ? "\ufeff" : ""}a,b${end}${body}`)
        const rejected: [line: number, ordinal: number, text: string][] = []
        const counts = await cleanText(cut(bytes, sizes), FILE, path, (line, ordinal, text) =>
          rejected.push([line, ordinal, text]),
        )
        const expected: typeof rejected = []
        let line = 2
        let ordinal = 0
        for (const { text, lines, records, broken } of pieces) {
          ordinal += records.length + broken
          if (broken > 0) expected.push([line, ordinal, text])
          line += lines
        }
        const records = pieces.flatMap((each) => each.records)
        expect(rejected).toEqual(expected)
        expect(counts).toEqual({ sound: records.length, rejected: expected.length })
        const { rows } =
          await session.result(`select * from read_csv(${quoteLiteral(path)}, auto_detect = false,
        header = false, delim = ',', quote = '"', escape = '"', new_line = '\\n', nullstr = [''],
        columns = {'a': 'VARCHAR', 'b': 'VARCHAR'})`)
        expect(rows).toEqual(records)
      },
    ),
    { numRuns: 300 },
  )
  await warehouse.close()
})

test("a quote that nobody closed costs its line, not the rest of the file", async () => {
  const path = join(folder, "open.csv")
  const text = `a,b\n1,x\n2,"open\n${"3,fine\n".repeat(50_000)}4,"also ""fine"\n`
  const rejected: unknown[] = []
  const counts = await cleanText(cut(Buffer.from(text), Array(9).fill(1 << 16)), FILE, path, (...each) =>
    rejected.push(each),
  )
  expect(counts).toEqual({ sound: 50_002, rejected: 1 })
  expect(rejected).toEqual([[3, 2, '2,"open', expect.stringMatching(/quote/)]])
})

test("a line longer than any record may be is rejected without being held in memory whole", async () => {
  const path = join(folder, "long.csv")
  async function* long() {
    yield Buffer.from("a,b\n1,x\n2,")
    for (let i = 0; i < 40; i++) yield Buffer.alloc(1 << 20, "y")
    yield Buffer.from("\n3,z\n")
  }
  const rejected: [line: number, ordinal: number, text: string, reason: string][] = []
  const counts = await cleanText(long(), FILE, path, (...each) => rejected.push(each))
  expect(counts).toEqual({ sound: 2, rejected: 1 })
  expect(rejected[0]?.slice(0, 2)).toEqual([3, 2])
  expect(rejected[0]?.[2].length).toBe(10_000)
  expect(rejected[0]?.[3]).toMatch(/longer than 16 MB/)
  expect(readFileSync(path, "utf8")).toBe("1,x\n3,z\n")
})
