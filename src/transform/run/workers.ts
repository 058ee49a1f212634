import { reach } from "../graph/graph.ts"
import type { Plan } from "../graph/plan.ts"

export interface Working {
  plan: Plan
  threads: number
  /** Runs a node; tells whether what depends on it may run. Must not throw. */
  run(id: string, worker: number): Promise<boolean>
  /** Whether a node that was skipped is itself a reason to skip what depends on it, as in `build`. */
  skipsCascade: boolean
  /** Told for each node that is not run, with the one before it that failed or was skipped; with none when stopped. */
  skip(id: string, because: string | undefined): void
  /** Asked before each node; once true, what has not started is skipped. */
  stopped(): boolean
}

/** Runs a plan with a number of workers: each takes the first node in the plan's order whose parents are done. */
export async function runPlan(working: Working): Promise<void> {
  const { plan } = working
  const rank = new Map(plan.order.map((id, i) => [id, i]))
  const open = new Map([...plan.waitsFor].map(([id, parents]) => [id, parents.size]))
  const ready = plan.order.filter((id) => open.get(id) === 0)
  const settled = new Set<string>()
  const busy = new Set<Promise<void>>()
  const free = Array.from({ length: working.threads }, (_, i) => i).reverse()

  /** Nodes not to run, with the last node that gave a reason. */
  const marked = new Map<string, string>()
  const mark = (from: string): void => {
    for (const id of reach(plan.dependents, [from])) marked.set(id, from)
  }
  const settle = (id: string): void => {
    settled.add(id)
    const freed: string[] = []
    for (const dependent of plan.dependents.get(id) ?? []) {
      const left = (open.get(dependent) ?? 0) - 1
      open.set(dependent, left)
      if (left === 0) freed.push(dependent)
    }
    for (const dependent of freed) {
      const because = marked.get(dependent)
      if (because === undefined) ready.push(dependent)
      else {
        working.skip(dependent, because)
        if (working.skipsCascade) mark(dependent)
        settle(dependent)
      }
    }
    ready.sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0))
  }

  for (;;) {
    if (!working.stopped()) {
      while (ready.length > 0 && free.length > 0) {
        const id = ready.shift()
        const worker = free.pop()
        if (id === undefined || worker === undefined || settled.has(id)) {
          if (worker !== undefined) free.push(worker)
          continue
        }
        const task = working.run(id, worker).then((goOn) => {
          if (!goOn) mark(id)
          settle(id)
          free.push(worker)
          busy.delete(task)
        })
        busy.add(task)
      }
    }
    if (busy.size === 0) break
    await Promise.race(busy)
  }
  for (const id of plan.order) if (!settled.has(id)) working.skip(id, undefined)
}
