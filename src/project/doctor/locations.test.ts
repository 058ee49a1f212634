import { expect, test } from "vitest"
import { canLoad } from "./locations.ts"

test.each([
  ["US", "ASIA-EAST1", [], true],
  ["EU", "EU", [], true],
  ["eu", "EUROPE-WEST1", [], true],
  ["EU", "EUROPE-WEST2", [], false],
  ["EU", "EUR4", [], true],
  ["EU", "EUR5", [], false],
  ["EU", "EU", ["EUROPE-WEST1", "EUROPE-WEST4"], true],
  ["EU", "US", [], false],
  ["europe-west1", "EUROPE-WEST1", [], true],
  ["europe-west1", "EUR5", [], true],
  ["europe-west1", "EU", ["EUROPE-WEST1", "EUROPE-WEST4"], true],
  ["europe-west1", "EU", [], false],
  ["europe-west1", "EUROPE-WEST4", [], false],
])("into %s from a bucket in %s %j: %s", (datasets, location, dataLocations, expected) => {
  expect(canLoad(datasets, { location, dataLocations })).toBe(expected)
})
