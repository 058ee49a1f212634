import { expect, test } from "vitest"
import { globMatcher } from "./glob.ts"

test.each([
  ["*.csv", "a.csv", true],
  ["*.csv", "sub/a.csv", false],
  ["**/*.csv", "a.csv", true],
  ["**/*.csv", "x/y/a.csv", true],
  ["**/*.csv", "x/y/a.csv.gz", false],
  ["events/**", "events/date=20260101/a.csv", true],
  ["events", "events/a.csv", true],
  ["events/", "events/x/a.csv", true],
  ["events", "events2/a.csv", false],
  ["events.csv.gz", "events.csv.gz", true],
  ["events.csv.gz", "eventsXcsv.gz", false],
  ["date=*/a?.csv", "date=20260101/a1.csv", true],
  ["{users,orders}.{csv,parquet}", "orders.parquet", true],
  ["{users,orders}.{csv,parquet}", "events.csv", false],
  ["[a-c]*.csv", "b1.csv", true],
  ["[!a-c]*.csv", "b1.csv", false],
  ["a+(b).csv", "a+(b).csv", true],
  ["./a.csv", "a.csv", true],
  [".", "any/thing", true],
  ["a,b*.csv", "a,b1.csv", true],
])("%s on %s: %s", (pattern, path, expected) => {
  expect(globMatcher(pattern)(path)).toBe(expected)
})
