import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { addDays, addMonths, bucketsOf, GRAINS, isDay, parsePeriod, priorPeriod, startOf } from "./period.ts"

const COVERAGE = { from: "2024-02-10", to: "2026-03-17" }

describe("periods", () => {
  test.each([
    ["2026", "2026-01-01", "2026-12-31"],
    ["2026-Q2", "2026-04-01", "2026-06-30"],
    ["2024-02", "2024-02-01", "2024-02-29"],
    ["2026-01-15", "2026-01-15", "2026-01-15"],
    ["2025-11..2026-01", "2025-11-01", "2026-01-31"],
    ["last_7_days", "2026-03-11", "2026-03-17"],
    ["last_30_days", "2026-02-16", "2026-03-17"],
    ["this_month", "2026-03-01", "2026-03-17"],
    ["last_month", "2026-02-01", "2026-02-28"],
    ["last_12_months", "2025-03-18", "2026-03-17"],
    ["last_year", "2025-01-01", "2025-12-31"],
  ])("%s", (text, from, to) => {
    expect(parsePeriod(text, COVERAGE)).toEqual({ from, to })
  })

  test("all is no period, and what is none says what would be", () => {
    expect(parsePeriod("all", COVERAGE)).toBeUndefined()
    for (const text of ["2026-13", "2026-02-30", "yesterday", "2026..2025", "2026..", "a..b..c"])
      expect(() => parsePeriod(text, COVERAGE), text).toThrow(expect.objectContaining({ code: "usage" }))
    expect(() => parsePeriod("last_month", undefined)).toThrow("nothing that is published has a date")
  })

  test.each([
    ["as many days", { from: "2026-03-11", to: "2026-03-17" }, { from: "2026-03-04", to: "2026-03-10" }],
    [
      "as many whole months",
      { from: "2026-03-01", to: "2026-03-31" },
      { from: "2026-02-01", to: "2026-02-28" },
    ],
    [
      "a quarter before a quarter",
      { from: "2026-01-01", to: "2026-03-31" },
      { from: "2025-10-01", to: "2025-12-31" },
    ],
  ])("the period before has %s", (_, period, before) => {
    expect(priorPeriod(period, "previous_period")).toEqual(before)
  })

  test.each([
    [
      { from: "2024-02-01", to: "2024-02-29" },
      { from: "2023-02-01", to: "2023-02-28" },
    ],
    [
      { from: "2025-02-01", to: "2025-02-28" },
      { from: "2024-02-01", to: "2024-02-29" },
    ],
  ])("the year before has the same months", (period, before) => {
    expect(priorPeriod(period, "previous_year")).toEqual(before)
  })

  const day = fc.integer({ min: 0, max: 40_000 }).map((days) => addDays("1990-01-01", days))

  test("the period before ends on the day before, whatever the period", () => {
    fc.assert(
      fc.property(day, fc.nat(800), (from, days) => {
        const before = priorPeriod({ from, to: addDays(from, days) }, "previous_period")
        expect(addDays(before.to, 1)).toBe(from)
        expect(before.from <= before.to).toBe(true)
      }),
    )
  })

  test("every day is in exactly one part of time", () => {
    fc.assert(
      fc.property(day, fc.nat(800), fc.constantFrom(...GRAINS), (from, days, grain) => {
        const buckets = bucketsOf({ from, to: addDays(from, days) }, grain)
        const starts = Array.from({ length: days + 1 }, (_, i) => startOf(addDays(from, i), grain))
        expect(buckets).toEqual([...new Set(starts)])
      }),
    )
  })

  test("months later is a day of the calendar", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -50, max: 50 }), (from, months) => isDay(addMonths(from, months))),
    )
    expect(addMonths("2026-01-31", 1)).toBe("2026-02-28")
  })
})
