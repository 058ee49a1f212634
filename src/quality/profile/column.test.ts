import { describe, expect, test } from "vitest"
import { columnOf, numbers } from "./profile.fixture.ts"

describe("the type of a column", () => {
  test.each([
    ["whole numbers", ["1", "-2", "0", "+3"], "integer", null],
    ["numbers", ["1.5", "2", "-.5", "1e3"], "decimal", null],
    ["numbers with a decimal comma", ["1,5", "1.234,50", "-0,25"], "decimal", "decimal comma"],
    ["amounts of money", ["£1.50", "$1,234.50", "£-3"], "decimal", "currency sign or thousands separator"],
    ["codes with leading zeros", ["01234", "99999", "12345"], "text", "digits, some with leading zeros"],
    ["yes and no", ["yes", "no", "Yes"], "boolean", null],
    ["days", ["2026-01-31", "2026-02-01"], "date", null],
    ["times of BigQuery", ["2025-09-12 01:11:58.000000 UTC", "2025-09-12 01:11:58 UTC"], "timestamp", null],
    ["times of Kaggle", ["2022-07-19 10:38:00+00:00", "2022-07-19T10:38:00Z"], "timestamp", null],
    ["American times", ["12/1/2010 8:26", "12/31/2010 18:26"], "timestamp", "month/day/year"],
    ["British days", ["1/12/2010", "31/12/2010"], "date", "day/month/year"],
    ["German days", ["1.12.2010", "31.12.2010"], "date", "day.month.year"],
    ["ids", ["6f9619ff-8b86-d011-b42d-00cf4fc964ff"], "text", "uuid"],
    ["hashes", ["2A3E953A5E3D81E67945BCE5519F84C8"], "text", "hash"],
    ["nested values", ['{"a": 1}', "[1, 2]"], "json", null],
    ["texts", ["a", "1 b", "2026-13-45"], "text", null],
  ])("%s", async (_, values, name, format) => {
    const { type } = await columnOf("value", values)
    expect(type).toEqual({ name, format, fits: values.length, of: values.length })
  })

  test("numbers are times where the column is named after one", async () => {
    const seconds = numbers(20, (n) => 1_700_000_000 + n)
    expect((await columnOf("created_at", seconds)).type.name).toBe("timestamp")
    expect((await columnOf("amount", seconds)).type.name).toBe("integer")
    expect((await columnOf("event_date", ["20201101", "20201231"])).type.name).toBe("date")
    expect((await columnOf("visits", ["20201101", "20201231"])).type.name).toBe("integer")
  })

  test("tells how many values fit, and holds codes that are mostly digits for texts", async () => {
    const values = [...numbers(95), ...numbers(5, (n) => `C${n}`)]
    expect((await columnOf("quantity", values)).type).toMatchObject({ name: "integer", fits: 95, of: 100 })
    expect((await columnOf("InvoiceNo", values)).type).toMatchObject({ name: "text", fits: 100, of: 100 })
  })
})

test("counts, ranges, lengths and the most frequent values", async () => {
  const column = await columnOf("size", ["9", "10", "10", "100", null, null, null])
  expect(column).toMatchObject({
    nulls: 3,
    blanks: 0,
    distinct: 3,
    min: "9",
    max: "100",
    length: { min: 1, max: 3 },
    numbers: { mean: (9 + 10 + 10 + 100) / 4, quartiles: [9, 10, 10] },
    top: [
      { value: "10", rows: 2, share: 0.5 },
      { value: "100", rows: 1, share: 0.25 },
      { value: "9", rows: 1, share: 0.25 },
    ],
  })
})

test("patterns stand for what values look like, in any script", async () => {
  const column = await columnOf("code", ["SW1A 1AA", "EC2B 9ZZ", "Köln-7", "大阪 5"])
  expect(column.patterns).toEqual([
    { pattern: "A9A 9A", share: 0.5 },
    { pattern: "Aa-9", share: 0.25 },
    { pattern: "x 9", share: 0.25 },
  ])
})

describe("what is suspicious", () => {
  const found = async (name: string, values: (string | number | null)[]) =>
    Object.fromEntries(
      (await columnOf(name, values)).suspicious.map(({ rule, rows, example }) => [rule, [rows, example]]),
    )

  test.each([
    ["null-text", "city", ["Rome", "Oslo", "null", "N/A", "null", "-"], 4, "null"],
    ["edge-blanks", "city", ["Rome ", "\tOslo", "Bonn", "Bern\u00a0"], 3, undefined],
    ["control-characters", "city", ["Ro\u0007me", "Oslo", "Bonn\u007f"], 2, undefined],
    ["broken-letters", "city", ["KÃ¶ln", "Köln", "S\ufffdo"], 2, undefined],
    ["formula", "note", ["=HYPERLINK(1)", "@SUM(A1)", "-1 is fine", "@handle", "a=b"], 2, undefined],
    ["markup", "note", ["<script>x</script>", "<b>fine</b>", "JavaScript:alert(1)"], 2, undefined],
    ["unreadable", "quantity", [...numbers(19), "many"], 1, "many"],
    ["placeholder-date", "born", ["1900-01-01", "9999-12-31", "1970-01-01", "1999-12-31"], 3, undefined],
    ["future-date", "paid_on", ["2026-06-16", "2026-06-15", "2020-01-01"], 1, "2026-06-16"],
    ["negative-price", "unit_price", ["1.50", "-2.00", "3"], 1, "-2.00"],
    ["zero-price", "unit_price", ["0", "0.00", "3"], 2, undefined],
    ["unrounded-amount", "price", ["0.0199999995529651", "1.99"], 1, "0.0199999995529651"],
    ["negative", "quantity", [...numbers(20), -5], 1, "-5"],
    ["outlier", "quantity", [...numbers(200, (n) => (n % 10) + 1), 80_995], 1, "80995"],
    ["spelling", "country", ["Italy", "Italy", "ITALY", "italy ", "Spain"], 2, "Italy / ITALY / italy "],
    ["ambiguous-date", "day", ["01/02/2026", "03/04/2026"], 2, undefined],
    ["constant", "currency", ["EUR", "EUR"], 2, "EUR"],
    ["no-values", "fax", [null, null], 2, null],
  ] as const)("%s", async (rule, name, values, rows, example) => {
    const [seenRows, seenExample] = (await found(name, [...values]))[rule] ?? []
    expect(seenRows).toBe(rows)
    if (example !== undefined) expect(seenExample).toBe(example)
  })

  test("says nothing about what is as it should be", async () => {
    expect(await found("city", ["Rome", "Oslo", "São Paulo", "L'Aquila"])).toEqual({})
    expect(
      await found(
        "longitude",
        numbers(20, (n) => n - 1.5),
      ),
    ).toEqual({})
    expect(
      await found(
        "price",
        numbers(50, (n) => `${n}.99`),
      ),
    ).toEqual({})
    expect(await found("paid_on", ["2026-06-15 11:59:59", "2020-12-31 00:00:00"])).toEqual({})
    expect(await found("profit", [-3, 4, 5, 6, 7, 8, 9, 10, 11, 12])).toEqual({})
  })
})
