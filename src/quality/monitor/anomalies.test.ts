import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { findAnomalies, healthOf } from "./anomalies.ts"
import { LEAST_HISTORY } from "./expectation.ts"
import { dailyHistory, intervalsOf, type Random, randomOf } from "./histories.fixture.ts"
import type { Measurement } from "./measures.ts"

const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1)

/** Volumes per day without anything odd, by what they are like. */
const CALM: Record<string, (day: number, random: Random) => number> = {
  steady: (_, { normal }) => 1000 * (1 + 0.08 * normal()),
  "few rows": (_, { binomial }) => binomial(200, 0.05),
  "weekends at a third": (day, { normal }) => 3000 * (isWeekend(day) ? 0.33 : 1) * (1 + 0.06 * normal()),
  "growing by two percent a day": (day, { normal }) => 500 * 1.02 ** day * (1 + 0.06 * normal()),
  "growing by fifty rows a day": (day, { normal }) => 400 + 50 * day * (1 + 0.03 * normal()),
  "growing, with weekends": (day, { normal }) =>
    800 * 1.01 ** day * (isWeekend(day) ? 1.6 : 1) * (1 + 0.06 * normal()),
  "a snapshot that grows": (day, { normal }) => 20_000 + 40 * day + 5 * normal(),
}

/** The first day is a Thursday. */
function isWeekend(day: number): boolean {
  return day % 7 === 2 || day % 7 === 3
}

const DAYS = 70
const daysOf = (history: readonly Measurement[]) =>
  new Set(findAnomalies(history).map(({ landing }) => Number(landing.split("-")[1])))

function calmValues(kind: string, seed: number): number[] {
  const random = randomOf(seed)
  return Array.from({ length: DAYS }, (_, day) => Math.max(0, Math.round(CALM[kind]?.(day, random) ?? 0)))
}

describe("volumes", () => {
  test.each(Object.keys(CALM))("%s: nothing is told, from the first landing on", (kind) => {
    const told = SEEDS.reduce((sum, seed) => sum + daysOf(dailyHistory(calmValues(kind, seed))).size, 0)
    // 20 histories of 62 judged landings: less than one false alarm in a thousand.
    expect(told).toBeLessThanOrEqual(1)
  })

  test.each([
    ["a delivery of which half is missing", 0.4],
    ["an empty delivery", 0],
    ["a delivery three times over", 3],
  ])("%s is found, and nothing else", (_, factor) => {
    let [found, wrong, planted] = [0, 0, 0]
    for (const kind of Object.keys(CALM).filter((each) => each !== "few rows")) {
      for (const seed of SEEDS.slice(0, 8)) {
        const values = calmValues(kind, seed)
        const day = 30 + (seed % 35)
        values[day] = Math.round((values[day] ?? 0) * factor)
        const days = daysOf(dailyHistory(values))
        planted++
        if (days.delete(day)) found++
        wrong += days.size
      }
    }
    expect(found / planted).toBeGreaterThanOrEqual(0.98)
    expect(found / (found + wrong)).toBeGreaterThanOrEqual(0.98)
  })

  test("says what was expected, and since when, in words", () => {
    const values = [...Array.from({ length: 30 }, (_, i) => 1000 + (i % 5)), 100, 90]
    expect(
      findAnomalies(dailyHistory(values)).map(({ message, isOpen, direction }) => [
        message,
        isOpen,
        direction,
      ]),
    ).toEqual([
      [
        expect.stringMatching(
          /^shop[.]orders: 90 rows delivered, usually [\d,]+ to [\d,]+, since 2026-01-31$/,
        ),
        true,
        "low",
      ],
      [expect.stringMatching(/^shop[.]orders: 100 rows delivered, usually [\d,]+ to [\d,]+$/), false, "low"],
    ])
  })

  test("a new level is told at first, and is what is usual after some weeks", () => {
    const values = Array.from({ length: 120 }, (_, day) => (day < 40 ? 1000 : 2000) + (day % 4))
    const days = daysOf(dailyHistory(values))
    expect(days.has(40)).toBe(true)
    expect([...days].filter((day) => day > 90)).toEqual([])
  })
})

describe("a cold start", () => {
  test("nothing is told before there is a history, whatever comes", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { maxLength: LEAST_HISTORY }), (values) => {
        expect(findAnomalies(dailyHistory(values))).toEqual([])
      }),
    )
  })

  test("and how far the learning has come is said", () => {
    const [health] = healthOf([
      ...dailyHistory([900, 1000, 950, 990, 1010]),
      ...intervalsOf(Array(5).fill(true)),
    ])
    expect(health).toMatchObject({ landings: 4, needed: LEAST_HISTORY, usualRows: null, dueBy: null })
  })
})

describe("times between deliveries", () => {
  test("a missing day is told when the next delivery comes, and is overdue before", () => {
    const delivered = Array.from({ length: 30 }, (_, day) => day !== 20)
    expect([...daysOf(intervalsOf(delivered))]).toEqual([21])
    const until = delivered.slice(0, 20)
    const [health] = healthOf([...dailyHistory(until.map(() => 100)), ...intervalsOf(until)])
    // Delivered on 20 January at three: a day and half of one later at the latest.
    expect(health?.dueBy).toBe("2026-01-21T15:00:00.000Z")
  })

  test("weekends without deliveries are no news, and nothing is overdue on a Sunday", () => {
    const delivered = Array.from({ length: 60 }, (_, day) => !isWeekend(day))
    expect(findAnomalies(intervalsOf(delivered))).toEqual([])
    // Day 57 is a Friday: nothing is due before Monday.
    const until = delivered.slice(0, 58)
    const [health] = healthOf([
      ...dailyHistory(until.map((is) => (is ? 100 : undefined))),
      ...intervalsOf(until),
    ])
    expect(new Date(health?.dueBy ?? "").getTime()).toBeGreaterThan(Date.parse("2026-03-02T03:00:00Z"))
  })
})

describe("rates", () => {
  const rates = (seed: number, rows: number, shareOf: (day: number) => number) => {
    const random = randomOf(seed)
    const values = Array.from({ length: 40 }, (_, day) => random.binomial(rows, shareOf(day)) / rows)
    return dailyHistory(values, { measure: "null_rate", subject: "email", ofRows: rows })
  }

  test.each([
    [40, 0.02],
    [40, 0.3],
    [500, 0.1],
    [500, 0.5],
    [500, 0],
  ])("of %i rows and a share of %d: chance is no news", (rows, share) => {
    const told = SEEDS.reduce((sum, seed) => sum + daysOf(rates(seed, rows, () => share)).size, 0)
    expect(told).toBeLessThanOrEqual(1)
  })

  test("a jump is found on its day, a fall is good news", () => {
    for (const seed of SEEDS) {
      expect([...daysOf(rates(seed, 300, (day) => (day === 30 ? 0.35 : 0.1)))]).toEqual([30])
      expect([...daysOf(rates(seed, 300, (day) => (day === 30 ? 0 : 0.1)))]).toEqual([])
    }
  })

  test("a few rows are no alarm, however large their share", () => {
    const values = [...Array(20).fill(0), 1] as number[]
    expect(
      findAnomalies(dailyHistory(values, { measure: "null_rate", subject: "email", ofRows: 6 })),
    ).toEqual([])
  })
})

test("what is found does not depend on the order in which measures are given", () => {
  const history = [
    ...dailyHistory(calmValues("steady", 1).with(40, 5).with(69, 4)),
    ...intervalsOf(Array.from({ length: DAYS }, (_, day) => day !== 50)),
  ]
  const expected = findAnomalies(history)
  expect(expected.length).toBe(3)
  fc.assert(
    fc.property(fc.shuffledSubarray(history, { minLength: history.length }), (shuffled) => {
      expect(findAnomalies(shuffled)).toEqual(expected)
      expect(healthOf(shuffled)).toEqual(healthOf(history))
    }),
    { numRuns: 5 },
  )
})
