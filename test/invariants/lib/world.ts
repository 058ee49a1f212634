import * as fc from "fast-check"
import { DATASET_NAMES, type DatasetName } from "./records.ts"
import { rulesFor } from "./rules.ts"

/** A tiny shop: what was delivered, in which order it arrives, and what is run in between. Plain data, so it shrinks. */
export interface World {
  /** Decides which values the records have; see records.ts. */
  salt: number
  deliveries: Delivered[]
  /** Runs before the last one, which is always whole and comes after the last arrival. */
  runs: Run[]
  /** By which rules the last run goes, beside the package's own; see rules.ts. */
  rules: string[]
}

/** One delivery. Deliveries of a data set are extracted in the order of their days, then of the list. */
export interface Delivered {
  dataset: DatasetName
  kind: "full" | "partial" | "incremental"
  /** 0 … 5: it shows the state of the morning of January 1st … 6th, 2026. */
  day: number
  records: Entry[]
  /** Place in the order of arrival; equals arrive in the order of extraction. */
  arrives: number
  /** A column that this delivery does not have. */
  lacks: string | undefined
}

/** A record: its key (0: the key is missing) and which of its looks it has; see records.ts. */
export type Entry = readonly [key: number, look: number]

/** A run after so many arrivals. */
export interface Run {
  after: number
  how: Partial
  /** By which rules it goes; undefined for those of the last run. */
  rules: string[] | undefined
}

/**
 * How much of a run succeeds: all of it; only some models (the others were not selected); all but some (these failed, and
 * with `+` what needs them was skipped).
 */
export type Partial = { kind: "whole" } | { kind: "only" | "without"; models: { pick: number; and: Reach }[] }
export type Reach = "alone" | "descendants" | "ancestors"

const key = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 30 }) },
)
const entry = fc.tuple(key, fc.integer({ min: 0, max: 3 }))

const deliveryOf = (datasets: readonly DatasetName[]): fc.Arbitrary<Delivered> =>
  fc.record({
    dataset: fc.constantFrom(...datasets),
    kind: fc.constantFrom("full", "full", "full", "partial", "incremental", "incremental"),
    day: fc.integer({ min: 0, max: 5 }),
    records: fc.array(entry, { minLength: 1, maxLength: 30, size: "+1" }),
    arrives: fc.nat(20),
    lacks: fc.oneof(
      { weight: 12, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom("traffic_source", "country", "brand", "shipped_at", "uri") },
    ),
  })

const selection = fc.record({
  kind: fc.constantFrom("only", "without"),
  models: fc.array(
    fc.record({ pick: fc.nat(9999), and: fc.constantFrom("alone", "descendants", "ancestors") }),
    { minLength: 1, maxLength: 6 },
  ),
})
const partial: fc.Arbitrary<Partial> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: "whole" as const }) },
  { weight: 1, arbitrary: selection },
)

/** A delivery once more: a retry where it is of the same day, else the same state of a later morning. */
const repeat = fc.record({ of: fc.nat(), later: fc.nat(2), arrives: fc.nat(20) })

const THELOOK = DATASET_NAMES.filter((name) => name !== "invoices")

/** @param datasets theLook's five tables, Online Retail's one, or both in one shop */
const worldOf = (datasets: readonly DatasetName[], most: number): fc.Arbitrary<World> => {
  const rules = fc.uniqueArray(fc.constantFrom(...rulesFor(datasets)), { minLength: 1, maxLength: 3 })
  const run = fc.record({
    after: fc.nat(most),
    how: partial,
    rules: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: rules }),
  })
  return fc
    .record({
      salt: fc.noShrink(fc.nat()),
      deliveries: fc.array(deliveryOf(datasets), { minLength: 1, maxLength: most, size: "+1" }),
      repeats: fc.array(repeat, { maxLength: 2 }),
      runs: fc.array(run, { maxLength: 2 }),
      rules: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, { weight: 2, arbitrary: rules }),
    })
    .map(({ repeats, ...shop }) => ({ ...shop, deliveries: withRepeats(shop.deliveries, repeats) }))
}

function withRepeats(
  deliveries: readonly Delivered[],
  repeats: readonly { of: number; later: number; arrives: number }[],
): Delivered[] {
  const again = repeats.map(({ of, later, arrives }) => {
    const delivered = deliveries[of % deliveries.length] as Delivered
    return { ...delivered, day: Math.min(delivered.day + later, 5), arrives }
  })
  return [...deliveries, ...again]
}

export const world: fc.Arbitrary<World> = fc.oneof(
  { weight: 6, arbitrary: worldOf(THELOOK, 14) },
  { weight: 1, arbitrary: worldOf(["invoices"], 5) },
  { weight: 1, arbitrary: worldOf(DATASET_NAMES, 14) },
)
