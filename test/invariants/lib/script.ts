import { asOf } from "./records.ts"
import { recordsOf } from "./landings.ts"
import type { Run, World } from "./world.ts"

/** A tiny shop as a person reads it: its deliveries with their records, then what happens, in order. */
export function scriptOf(world: World, options: (run: Conditions) => string): string {
  const lines: string[] = []
  const name = (index: number) => `L${index + 1}`
  for (const [index, delivered] of world.deliveries.entries()) {
    const { dataset, kind, day, lacks } = delivered
    const without = lacks === undefined ? "" : `, without column ${lacks}`
    lines.push(`${name(index)}  ${dataset}, ${kind}, as of ${asOf(day).slice(0, 16)}Z${without}`)
    for (const record of recordsOf(world, delivered)) {
      const fields = Object.entries(record).map(([column, text]) => `${column}=${text === "" ? "∅" : text}`)
      lines.push(`      ${fields.join(" ")}`)
    }
  }
  for (const step of stepsOf(world)) {
    lines.push(step.kind === "load" ? `load ${step.landings.map(name).join(", ")}` : `run ${options(step)}`)
  }
  return lines.join("\n")
}

/** Loads (places in the list of deliveries) and the runs between them; the whole run at the end is the last. */
type Step = { kind: "load"; landings: number[] } | ({ kind: "run" } & Conditions)

/** How much of a run succeeds, and by which rules it goes. */
export type Conditions = Pick<Run, "how"> & { rules: readonly string[] }

/** What happens to a tiny shop, in order. */
export function stepsOf(world: World): Step[] {
  const arrivals = world.deliveries
    .map(({ arrives, day }, index) => ({ arrives, day, index }))
    .sort((a, b) => a.arrives - b.arrives || a.day - b.day || a.index - b.index)
    .map(({ index }) => index)
  const steps: Step[] = []
  let from = 0
  for (const { after, how, rules = world.rules } of world.runs.toSorted((a, b) => a.after - b.after)) {
    const to = Math.min(Math.max(after, 1), arrivals.length)
    if (to > from) steps.push({ kind: "load", landings: arrivals.slice(from, to) })
    steps.push({ kind: "run", how, rules })
    from = Math.max(from, to)
  }
  if (from < arrivals.length) steps.push({ kind: "load", landings: arrivals.slice(from) })
  steps.push({ kind: "run", how: { kind: "whole" }, rules: world.rules })
  return steps
}
