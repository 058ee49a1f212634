import fc from "fast-check"
import { expect, test } from "vitest"
import { fromBigQuery, toParameter, typeName } from "./values.ts"

test.each([
  ["INTEGER", "-9223372036854775808", -9223372036854775808n],
  ["FLOAT", "1.5e-7", 1.5e-7],
  ["FLOAT64", "-Infinity", -Infinity],
  ["FLOAT", "NaN", Number.NaN],
  ["BOOLEAN", "false", false],
  ["NUMERIC", "99999999999999999999999999999.999999999", "99999999999999999999999999999.999999999"],
  ["DATE", "9999-12-31", "9999-12-31"],
  ["DATETIME", "2026-01-02T03:04:05.120000", "2026-01-02 03:04:05.12"],
  ["TIME", "03:04:05", "03:04:05"],
  ["TIMESTAMP", "-62135596800000000", "0001-01-01 00:00:00"],
  ["TIMESTAMP", "253402300799999999", "9999-12-31 23:59:59.999999"],
  ["TIMESTAMP", "-1", "1969-12-31 23:59:59.999999"],
  ["STRING", "", ""],
  ["JSON", '{"a":1}', '{"a":1}'],
])("%s %s", (type, raw, value) => {
  expect(fromBigQuery({ type }, raw)).toEqual(value)
  expect(fromBigQuery({ type }, null)).toBeNull()
})

test("lists and structs are read to any depth, and their types written", () => {
  const field = {
    name: "orders",
    type: "RECORD",
    mode: "REPEATED",
    fields: [
      {
        name: "id",
        type: "INTEGER",
      },
      {
        name: "tags",
        type: "STRING",
        mode: "REPEATED",
      },
      {
        name: "price",
        type: "NUMERIC",
        precision: "18",
        scale: "6",
      },
    ],
  }
  const cells = [{ v: "1" }, { v: [{ v: "a" }, { v: "b" }] }, { v: null }]
  expect(fromBigQuery(field, [{ v: { f: cells } }])).toEqual([{ id: 1n, tags: ["a", "b"], price: null }])
  expect(fromBigQuery(field, null)).toEqual([])
  expect(typeName(field)).toBe("ARRAY<STRUCT<id INT64, tags ARRAY<STRING>, price NUMERIC(18, 6)>>")
})

test("a time's text is the one that JavaScript has for its milliseconds", () => {
  const date = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
  fc.assert(
    fc.property(date, (at) => {
      const text = fromBigQuery({ type: "TIMESTAMP" }, String(BigInt(at.getTime()) * 1000n)) as string
      expect(new Date(`${text.replace(" ", "T")}Z`).getTime()).toBe(at.getTime())
    }),
  )
})

test("parameters have the types of their values", () => {
  expect(toParameter(5n)).toEqual({ parameterType: { type: "INT64" }, parameterValue: { value: "5" } })
  expect(toParameter(5).parameterType).toEqual({ type: "INT64" })
  expect(toParameter(0.5).parameterType).toEqual({ type: "FLOAT64" })
  expect(toParameter([1, 0.5, null]).parameterType).toEqual({ type: "ARRAY", arrayType: { type: "FLOAT64" } })
  expect(toParameter(null)).toEqual({ parameterType: { type: "STRING" }, parameterValue: { value: null } })
  expect(toParameter({ a: [], b: true })).toEqual({
    parameterType: {
      type: "STRUCT",
      structTypes: [
        { name: "a", type: { type: "ARRAY", arrayType: { type: "STRING" } } },
        { name: "b", type: { type: "BOOL" } },
      ],
    },
    parameterValue: { structValues: { a: { arrayValues: [] }, b: { value: "true" } } },
  })
})
