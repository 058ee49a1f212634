import { type Calm, type Disturbance, disturb, type Kill } from "./experiment.ts"
import type { Random } from "./random.ts"

/** The seed of this run: asked for, the same one in CI, another one on every other run. */
export function crashSeed(): number {
  const { PROPERTY_SEED: asked, CI: ci } = process.env
  return asked !== undefined ? Number(asked) : ci === "true" ? 20_260_101 : Date.now() % 1_000_000
}

/**
 * Which runs to kill, and when: at `count` durable actions spread evenly over all days; at random moments, a quarter as
 * many; and, where asked, at every boundary of a step of one day. Many runs are killed several times in a row.
 */
export function planCampaign(
  calm: Calm,
  count: number,
  random: Random,
  atBoundaries: boolean,
): Disturbance[] {
  const points = calm.days.flatMap(({ actions }, day) => actions.map((_, i) => ({ day, action: i + 1 })))
  const stride = Math.max(1, points.length / count)
  const first = (random.int(0, 99) / 100) * stride
  const spread = points.filter(
    (_, i) => Math.floor((i - first) / stride) !== Math.floor((i - 1 - first) / stride),
  )
  const some = random.int(0, calm.days.length - 1)
  const boundaries = points.filter(
    ({ day, action }) => atBoundaries && day === some && isBoundary(calm.days[day]?.actions[action - 1]),
  )
  const disturbances: { day: number; kills: Kill[] }[] = [...boundaries, ...spread].map(
    ({ day, action }) => ({
      day,
      kills: [{ action }],
    }),
  )
  for (let i = 0; i < count / 4; i++) {
    const day = random.int(0, calm.days.length - 1)
    disturbances.push({ day, kills: [aMoment(calm, day, random)] })
  }
  return disturbances.map(({ day, kills }) => {
    const again: Kill[] = []
    while (random.chance(0.45)) {
      const last = calm.days[day]?.actions.length ?? 1
      again.push(random.chance(0.5) ? aMoment(calm, day, random) : { action: random.int(1, last) })
    }
    const late = calm.kind.dated && day + 1 < calm.days.length && random.chance(0.3)
    return { calm, day, kills: [...kills, ...again], late }
  })
}

/** The record of the run, the ledger or the pointer is about to be replaced. */
function isBoundary(action = ""): boolean {
  return /^rename .*[/](?:state[.]json|ledger[.]json|current)$/.test(action)
}

function aMoment(calm: Calm, day: number, random: Random): Kill {
  return { ms: random.int(150, Math.max(200, calm.days[day]?.duration ?? 0)) }
}

export interface CampaignOutcome {
  kills: number
  reads: number
  /** What was found, with how to find it again. */
  found: string[]
}

/** Runs disturbances, two at a time. */
export async function runCampaign(disturbances: readonly Disturbance[]): Promise<CampaignOutcome> {
  const queue = [...disturbances]
  const outcome: CampaignOutcome = { kills: 0, reads: 0, found: [] }
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { kills, reads, faults } = await disturb(next)
      outcome.kills += kills
      outcome.reads += reads
      if (faults.length > 0) outcome.found.push(`${described(next)}:\n  ${faults.join("\n  ")}`)
    }
  }
  await Promise.all([work(), work()])
  return outcome
}

function described({ calm, day, kills, late }: Disturbance): string {
  const whens = kills.map((kill) =>
    "ms" in kill
      ? `after ${kill.ms} ms`
      : "before" in kill
        ? `before ${kill.before.source}`
        : `before action ${kill.action} (${calm.days[day]?.actions[kill.action - 1]})`,
  )
  return `${calm.kind.name} shop of seed ${calm.seed}, the run of day ${day} killed ${whens.join(", then ")}${late === true ? ", then with the next day's files" : ""}`
}
