import type { QueryReply } from "../../../src/server/api.ts"
import { type Step, stepsOf, worthOfLoss } from "./losses.ts"

/** The funnel of one member of a dimension. */
export interface Leak {
  value: string | null
  steps: Step[]
  /** The step before which the loss is worth most; undefined where nothing is lost that was worth anything. */
  worst: Step | undefined
  worth: number
}

/** Of each row its dearest leak, at the average order of all. */
export function leaksOf(
  reply: QueryReply,
  dimension: string,
  names: readonly string[],
  order: number,
): Leak[] {
  return reply.rows.map((row) => {
    const steps = stepsOf({ ...reply, rows: [row] }, names)
    const worths = steps.map((_, i) => worthOfLoss(steps, i, order))
    const worth = Math.max(...worths)
    return {
      value: row.by[dimension] ?? null,
      steps,
      worst: worth > 0 ? steps[worths.indexOf(worth)] : undefined,
      worth,
    }
  })
}
