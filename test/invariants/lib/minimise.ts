import type { Delivered, World } from "./world.ts"

type StillFails = (world: World) => Promise<boolean>

/**
 * Makes a failing shop smaller while it goes on failing: fewer runs, deliveries and records, and nothing special that is
 * not needed. Knows what a shop is made of, so it needs tens of plays where shrinking value by value needs hundreds.
 */
export async function minimise(world: World, stillFails: StillFails): Promise<World> {
  let smallest = world
  const attempt = async (smaller: World): Promise<boolean> => {
    if (smaller.deliveries.length === 0 || !(await stillFails(smaller))) return false
    smallest = smaller
    return true
  }
  await fewer(smallest.runs, (runs) => attempt({ ...smallest, runs }))
  await fewer(smallest.rules, (rules) => attempt({ ...smallest, rules }))
  await fewer(smallest.deliveries, (deliveries) => attempt({ ...smallest, deliveries }))
  const records = smallest.deliveries.flatMap((delivered, index) =>
    delivered.records.map((_, place) => ({ index, place })),
  )
  const { deliveries } = smallest
  await fewer(records, (kept) => {
    const fewerRecords = deliveries.map((delivered, index) => ({
      ...delivered,
      records: delivered.records.filter((_, place) =>
        kept.some((each) => each.index === index && each.place === place),
      ),
    }))
    return attempt({ ...smallest, deliveries: fewerRecords.filter((each) => each.records.length > 0) })
  })
  await plainer(() => smallest, attempt)
  return smallest
}

/** Drops as much of a list as can be dropped: halves first, then ever smaller parts, at last single items. */
async function fewer<T>(items: readonly T[], holds: (kept: T[]) => Promise<boolean>): Promise<void> {
  let kept = [...items]
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < kept.length; ) {
      const without = [...kept.slice(0, from), ...kept.slice(from + size)]
      if (await holds(without)) kept = without
      else from += size
    }
  }
}

async function plainer(now: () => World, attempt: (world: World) => Promise<boolean>): Promise<void> {
  for (const [index, run] of now().runs.entries()) {
    if (run.rules !== undefined)
      await attempt({ ...now(), runs: now().runs.with(index, { ...run, rules: undefined }) })
  }
  const plain: Partial<Delivered>[] = [{ arrives: 0 }, { lacks: undefined }, { kind: "full" }]
  for (const [index] of now().deliveries.entries()) {
    for (const change of plain) {
      const { deliveries } = now()
      const before = deliveries[index] as Delivered
      const after = { ...before, ...change }
      if (JSON.stringify(after) === JSON.stringify(before)) continue
      await attempt({ ...now(), deliveries: deliveries.with(index, after) })
    }
  }
}
