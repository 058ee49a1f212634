import fc from "fast-check"
import { expect, test } from "vitest"
import {
  checkColumnName,
  checkDatasetName,
  checkTableName,
  jobId,
  labelValue,
  quoteIdentifier,
} from "./names.ts"

test("quoting cannot be escaped from", () => {
  expect(quoteIdentifier("a`b\\")).toBe("`a\\`b\\\\`")
})

test.each([
  [checkDatasetName, ["bronze", "RAW_2"], ["", "a-b", "a b", "ü", "x".repeat(1025)]],
  [checkTableName, ["orders", "a b-c", "bestellungen_für"], ["", "a.b", "a/b", "a`b", "ü".repeat(513)]],
  [
    checkColumnName,
    ["_landing", "Id2"],
    ["", "2nd", "unit price", "größe", "_PARTITIONDATE", "_table_x", "x".repeat(301)],
  ],
])("%o lets through what BigQuery allows", (check, allowed, refused) => {
  for (const name of allowed) expect(check(name)).toBe(name)
  for (const name of refused) expect(() => check(name)).toThrow(/BigQuery does not allow/)
})

test("ids of jobs are allowed, equal for equal parts and distinct for others", () => {
  const parts = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(jobId(a)).toMatch(/^[\w-]{1,1024}$/)
      expect(jobId(a) === jobId(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      expect(labelValue(a.join())).toMatch(/^[a-z0-9_-]{0,63}$/)
    }),
  )
})
