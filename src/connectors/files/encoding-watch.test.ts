import * as fc from "fast-check"
import { expect, test } from "vitest"
import { EncodingWatch } from "./encoding-watch.ts"

function told(bytes: Uint8Array, cuts: number[] = []): string {
  const watch = new EncodingWatch()
  let from = 0
  for (const cut of [...cuts.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    if (cut > from) watch.push(bytes.subarray(from, cut))
    from = Math.max(from, cut)
  }
  return watch.encoding()
}

test("UTF-8 is told as such wherever its chunks are cut", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
      const bytes = Buffer.from(`${text} é € 😀`)
      return told(bytes, cuts) === "utf-8"
    }),
  )
})

test("a byte of no UTF-8 in plain text makes it single-byte, wherever its chunks are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 8 }), fc.nat(200), (cuts, place) => {
      const bytes = Buffer.from(`${"x".repeat(place)}\xa3 5,caf\xe9${"y".repeat(200 - place)}`, "latin1")
      return told(bytes, cuts) === "iso-8859-1"
    }),
  )
})

test.each([
  ["the signs of Windows-1252", Buffer.from([0x61, 0x80, 0x62, 0x96]), "windows-1252"],
  [
    "few broken bytes among much UTF-8",
    Buffer.concat([Buffer.from("é".repeat(9)), Buffer.from([0xe9, 0x0a])]),
    "utf-8",
  ],
  [
    "overlong and surrogate forms, which are no UTF-8",
    Buffer.from([0xc0, 0x80, 0x41, 0xed, 0xa0, 0x80]),
    "windows-1252",
  ],
  ["a sequence cut off at the end", Buffer.from([0x61, 0xe2, 0x82]), "windows-1252"],
  ["nothing", Buffer.alloc(0), "utf-8"],
  ["UTF-16 LE by its mark", Buffer.from([0xff, 0xfe, 0x61, 0x00]), "utf-16le"],
  ["UTF-16 BE by its mark", Buffer.from([0xfe, 0xff, 0x00, 0x61]), "utf-16be"],
  ["UTF-16 LE by its zeros", Buffer.from("id,name\n", "utf16le"), "utf-16le"],
  ["UTF-16 BE by its zeros", Buffer.from("id,name\n", "utf16le").swap16(), "utf-16be"],
])("%s", (_, bytes, expected) => {
  expect(told(bytes)).toBe(expected)
})
