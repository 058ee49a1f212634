import * as fc from "fast-check"
import type { SchemaPolicy } from "../../../src/core/file-format.ts"

/** One delivery: records of a key and a value, perhaps with a broken line, and perhaps other columns than the one before. */
const record = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 2 }))
const delivery = fc.record({
  records: fc.array(record, { minLength: 1, maxLength: 6 }),
  /** The number that alone stands on a line too short to be a record. */
  broken: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  more: fc.boolean(),
  /** Whether somebody accepts it after it was loaded, whatever it misses or changes. */
  accepted: fc.boolean(),
})

/** A data set and its deliveries by day, with the order in which these arrive. */
export const world = fc.record({
  key: fc.constantFrom<string[]>([], ["k"], ["k", "v"]),
  kind: fc.constantFrom("full" as const, "full" as const, "incremental" as const),
  schema: fc.constantFrom<SchemaPolicy>("evolve", "freeze", "stop"),
  deliveries: fc.array(delivery, { minLength: 2, maxLength: 4 }),
  arrival: fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
})
export type World = typeof world extends fc.Arbitrary<infer T> ? T : never
export type Delivery = World["deliveries"][number]

/** A delivery of records written as key and value: `"11 21"`. */
export function given(records: string, rest: Partial<Delivery> = {}): Delivery {
  const pairs = records.split(" ").map((pair): [number, number] => [Number(pair[0]), Number(pair[1])])
  return { records: pairs, broken: undefined, more: false, accepted: false, ...rest }
}

/** Worlds that take each way through the comparison: with and without a key, whole and not, on time and late. */
export const EVERY_WAY: [World][] = [
  [
    {
      key: ["k", "v"],
      kind: "full",
      schema: "evolve",
      arrival: [0, 2, 1, 3],
      deliveries: [
        given("11 21 31 01"),
        given("12 02", { accepted: true, more: true }),
        given("11 12 21", { broken: 3 }),
      ],
    },
  ],
  [
    {
      key: ["k", "v"],
      kind: "incremental",
      schema: "evolve",
      arrival: [0, 1, 2, 3],
      deliveries: [given("11 21"), given("11 32"), given("01 21")],
    },
  ],
  [
    {
      key: [],
      kind: "full",
      schema: "evolve",
      arrival: [2, 0, 1, 3],
      deliveries: [given("11 11 21 31"), given("11"), given("11 31 41")],
    },
  ],
]

/** As CSV; the key 0 is none. */
export function textOf({ records, broken, more }: Delivery): string {
  const lines = records.map(([k, v]) => `${k === 0 ? "" : k},v${v}${more ? `,m${k}` : ""}`)
  const short = broken === undefined ? [] : [`${broken}`]
  return [`k,v${more ? ",more" : ""}`, ...lines, ...short, ""].join("\n")
}
