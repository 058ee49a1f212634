import * as z from "zod"
import { CartwrightError } from "../core/errors.ts"
import { type Comparison, COMPARISONS, GRAINS, isDay, type Period, priorPeriod } from "./period.ts"

/** Rows that an answer has at most. */
export const MOST_ROWS = 10_000

const name = z.string().min(1).max(100)
const day = z.string().refine(isDay, "expected a day such as 2026-01-31")

const where = z
  .array(
    z.strictObject({
      dimension: name,
      is: z
        .array(z.string().max(1000).nullable())
        .min(1)
        .max(200)
        .meta({ description: "Its values; null for where there is none." }),
      not: z.boolean().default(false).meta({ description: "All but these." }),
    }),
  )
  .max(20)
  .default([])
  .meta({ description: "Conditions that must all hold." })

/** A question: numbers, by what they are split, of which part of the shop, and when. It holds no SQL and no names of tables. */
export const querySchema = z.strictObject({
  metrics: z.array(name).min(1).max(20).meta({ description: "Names of metrics." }),
  by: z.array(name).max(3).default([]).meta({ description: "Names of dimensions to split by." }),
  where,
  period: z
    .strictObject({ from: day, to: day })
    .refine(({ from, to }) => from <= to, "the period ends before it begins")
    .optional()
    .meta({ description: "First and last day. Without it: all." }),
  grain: z.enum(GRAINS).optional().meta({ description: "Splits by time as well." }),
  compare: z.enum(COMPARISONS).optional().meta({ description: "With what the numbers are compared." }),
  order: z
    .strictObject({ by: name, descending: z.boolean().default(true) })
    .optional()
    .meta({
      description: "A metric or dimension. Without it: by time, else the first metric's largest first.",
    }),
  limit: z.int().min(1).max(MOST_ROWS).default(1000),
})

export type Query = z.output<typeof querySchema>

/** Which customers: those behind a number of the segments' metrics, the most valuable first. */
export const customersSchema = z.strictObject({
  where,
  limit: z.int().min(1).max(500).default(50),
  offset: z.int().min(0).max(1_000_000).default(0),
})

/** One customer, by the durable key. */
export const customerSchema = z.strictObject({ customer: z.string().regex(/^\d{1,19}$/, "expected a key") })

/** Which failed records: of one screen of a data set. */
export const errorsSchema = z.strictObject({
  source: name,
  dataset: name,
  screen: name,
  limit: z.int().min(1).max(1000).default(100),
})

/** @throws CartwrightError `usage` with all that is wrong */
export function parseAs<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw wrong(z.prettifyError(parsed.error).replaceAll("✖ ", "").replaceAll("\n", " "))
}

/** @throws CartwrightError `usage` with all that is wrong */
export function parseQuery(value: unknown): Query {
  const query = parseAs(querySchema, value)
  if (query.compare === undefined || query.period !== undefined) return query
  throw wrong("a comparison needs a period", ["last_30_days", "2026", "2026-01-15..2026-02-14"])
}

/** All names of metrics and dimensions in it. */
export function namesIn({
  metrics = [],
  by = [],
  where,
  order,
}: Pick<Query, "where"> & Partial<Query>): string[] {
  return [
    ...metrics,
    ...by,
    ...where.map(({ dimension }) => dimension),
    ...(order === undefined ? [] : [order.by]),
  ]
}

/** The same question of the period to compare with: all of its rows. */
export function priorQuery(query: Query, period: Period, comparison: Comparison): Query & { period: Period } {
  const { order: _order, ...unordered } = query
  return { ...unordered, period: priorPeriod(period, comparison), limit: MOST_ROWS }
}

function wrong(offence: string, choices: readonly string[] = []): CartwrightError {
  return new CartwrightError("usage", offence, { choices, state: "Nothing was asked." })
}
