import * as z from "zod"

/** How a landing is taken, decided at its first load. It is input to everything after, and never decided again. */
export const decisionSchema = z.object({
  kind: z.enum(["full", "partial", "incremental"]),
  /** Keys of the predecessor that a full snapshot does not hold, and all keys of the predecessor. */
  missing: z.number(),
  of: z.number(),
  /** How many were allowed to be missing. */
  allowed: z.number(),
  /** Columns that bronze does not take, because the data set's schema is frozen. */
  leftOut: z.array(z.string()).default([]),
  decidedAt: z.iso.datetime(),
})
export type LandingDecision = z.infer<typeof decisionSchema>

/** What of a held landing a person can accept: that its missing records are deleted, or that its columns changed. */
export const ACCEPTABLE = ["deletes", "schema"] as const
export type Acceptable = (typeof ACCEPTABLE)[number]

/** Who accepted it, when and why. */
export const acceptanceSchema = z.object({
  by: z.string(),
  at: z.iso.datetime(),
  reason: z.string().nullable(),
  /** The landing whose acceptance brought this one with it. */
  follows: z.string().nullable(),
})
export type Acceptance = z.infer<typeof acceptanceSchema>
