import * as z from "zod"

/** What a failure leads to: recorded only, recorded and marked, never current, nothing published. */
export const ACTIONS = ["pass", "flag", "reject", "stop"] as const
const SEVERITIES = ["info", "warning", "error"] as const
/** Of the 63 bits of a silver log's mask, the first belong to the columns that are read. */
export const FIRST_BIT = 16
export const LAST_BIT = 62

type Schemas = Readonly<Record<string, z.ZodObject>>

const common = {
  name: z.string().regex(/^[a-z][a-z0-9_]*$/, "lower-case letters, digits and _"),
  severity: z.enum(SEVERITIES),
  action: z.enum(ACTIONS),
  description: z.string().min(1),
}
const bit = z.number().int().min(FIRST_BIT).max(LAST_BIT)
const column = z.string().min(1)
const columns = z.array(column).min(1)
const bound = z.union([z.number(), z.string().regex(/^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?$/)])
const share = z.number().min(0)

/** Screens of one record: part of the silver log's pass, each with a bit of its mask. By kind. */
export const RECORD_SCREENS: Schemas = {
  not_null: z.strictObject({ ...common, kind: z.literal("not_null"), column, bit }),
  range: z.strictObject({
    ...common,
    kind: z.literal("range"),
    column,
    bit,
    min: bound.optional(),
    max: bound.optional(),
  }),
  length: z.strictObject({
    ...common,
    kind: z.literal("length"),
    column,
    bit,
    min: z.number().int().min(0).optional(),
    max: z.number().int().min(0).optional(),
  }),
  pattern: z.strictObject({ ...common, kind: z.literal("pattern"), column, bit, pattern: z.string().min(1) }),
  accepted_values: z.strictObject({
    ...common,
    kind: z.literal("accepted_values"),
    column,
    bit,
    values: z.array(z.union([z.string(), z.number()])).min(1),
  }),
  not_in_future: z.strictObject({
    ...common,
    kind: z.literal("not_in_future"),
    column,
    bit,
    tolerance_days: z.number().min(0).optional(),
  }),
  ordered_times: z.strictObject({
    ...common,
    kind: z.literal("ordered_times"),
    columns: z.array(column).min(2),
    bit,
  }),
  hierarchy: z.strictObject({
    ...common,
    kind: z.literal("hierarchy"),
    column,
    within: column,
    bit,
    members: z.record(z.string(), z.array(z.string()).min(1)),
  }),
  business_rule: z.strictObject({
    ...common,
    kind: z.literal("business_rule"),
    columns,
    bit,
    condition: z.string().min(1),
  }),
}

/** Screens across records and tables: models of their own, which never reject. By kind. */
export const CROSS_SCREENS: Schemas = {
  foreign_key: z.strictObject({
    ...common,
    kind: z.literal("foreign_key"),
    column,
    references: z.string().min(1),
  }),
  unique: z.strictObject({
    ...common,
    kind: z.literal("unique"),
    column: column.optional(),
    columns: columns.optional(),
  }),
  header_equals_lines: z.strictObject({
    ...common,
    kind: z.literal("header_equals_lines"),
    column,
    lines: z.string().min(1),
    by: column,
    sum: column.optional(),
  }),
  share_of: z.strictObject({
    ...common,
    kind: z.literal("share_of"),
    column,
    references: z.string().min(1),
    by: column,
    bound: column,
    min: share,
    max: share,
  }),
  matching_sale: z.strictObject({ ...common, kind: z.literal("matching_sale"), columns }),
}

const least_batches = z.number().int().min(1)
/** Screens of batches as a whole. By kind. */
export const BATCH_SCREENS: Schemas = {
  volume: z.strictObject({ ...common, kind: z.literal("volume"), min: share, max: share, least_batches }),
  freshness: z.strictObject({ ...common, kind: z.literal("freshness"), max: share, least_batches }),
}

/** A screen as declared; what a kind has beside is in the schemas above. */
export interface ScreenDeclaration {
  name: string
  kind: string
  action: (typeof ACTIONS)[number]
  bit?: number
  column?: string
  columns?: string[]
  [parameter: string]: unknown
}

/** One thing that is wrong with a declaration, and where below the screen. */
export interface DeclarationProblem {
  path: (string | number)[]
  offence: string
  choices: readonly string[]
}
