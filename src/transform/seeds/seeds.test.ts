import { describe, expect, test } from "vitest"
import { parseCsv } from "./csv.ts"
import { inferType } from "./types.ts"

describe("the types of seeds are those that dbt finds", () => {
  test.each([
    [["1", "2"], "integer"],
    [["1.0", "2"], "integer"],
    [["1.5", ""], "float8"],
    [["5%", "$3"], "integer"],
    [["1,000"], "integer"],
    [["1e5"], "integer"],
    [["1e-5"], "float8"],
    [["100e-2"], "integer"],
    [["NaN", "Infinity"], "integer"],
    [["007"], "integer"],
    [["0x10"], "text"],
    [["true", "FALSE"], "boolean"],
    [["yes"], "text"],
    [["2020-01-01", "2020-1-2"], "date"],
    [["2020-02-30"], "text"],
    [["20200101"], "integer"],
    [["2020-01-01 10:00:00"], "timestamp without time zone"],
    [["2020-01-01T10:00:00.5Z"], "timestamp without time zone"],
    [["2020-01-01T10:00"], "timestamp without time zone"],
    [["2020-01-01 10:00:00+02"], "text"],
    [["2020-01-01", "2020-01-01 10:00:00"], "text"],
    [["", "null", " NULL "], "integer"],
    [[], "integer"],
    [["12:00:00"], "text"],
  ])("%j is %s", (values, type) => {
    expect(inferType(values)).toBe(type)
  })
})

test("CSV is read as Python reads it", () => {
  expect(parseCsv('a,b\r\n1,"x, ""y""\nz"\r\n\n3,un"quoted\n', ",")).toEqual([
    ["a", "b"],
    ["1", 'x, "y"\nz'],
    ["3", 'un"quoted'],
  ])
  expect(parseCsv("a;b\n;", ";")).toEqual([
    ["a", "b"],
    ["", ""],
  ])
})
