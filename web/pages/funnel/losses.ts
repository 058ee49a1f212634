import type { QueryReply } from "../../../src/server/api.ts"

/** One step of a funnel, and what is lost on the way to it. */
export interface Step {
  name: string
  label: string
  count: number
  /** Share of the step before; undefined for the first. */
  rate: number | undefined
  rateBefore: number | undefined
  lost: number
}

export function stepsOf({ rows: [row], metrics }: QueryReply, names: readonly string[]): Step[] {
  const rate = (values: Record<string, number | null> | undefined, i: number) => {
    const [now, before] = [values?.[names[i] ?? ""], values?.[names[i - 1] ?? ""]]
    return now === undefined || now === null || before === undefined || before === null || before === 0
      ? undefined
      : now / before
  }
  return names.map((name, i) => {
    const count = row?.values[name] ?? 0
    return {
      name,
      label: metrics.find((metric) => metric.name === name)?.label ?? name,
      count,
      rate: rate(row?.values, i),
      rateBefore: rate(row?.previous, i),
      lost: i === 0 ? 0 : (row?.values[names[i - 1] ?? ""] ?? 0) - count,
    }
  })
}

/**
 * What the sessions lost before a step would have brought, had they gone on as those that took it: lost × the share of the step's
 * sessions that bought × the average order.
 */
export function worthOfLoss(steps: readonly Step[], at: number, order: number): number {
  const [step, last] = [steps[at], steps.at(-1)]
  return step === undefined || last === undefined || step.count === 0
    ? 0
    : step.lost * (last.count / step.count) * order
}
