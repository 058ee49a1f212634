import { rmSync } from "node:fs"
import { expect, test } from "vitest"
import { crashSeed, planCampaign, runCampaign } from "../crash/lib/campaign.ts"
import { tellCalmly } from "../crash/lib/experiment.ts"
import { randomOf } from "../crash/lib/random.ts"
import { thelookShop } from "../crash/lib/thelook-shop.ts"
import { tinyShop } from "../crash/lib/tiny-shop.ts"

/**
 * Killed anywhere and run again = never killed, over random shops. `CRASH_POINTS=all` kills at every durable action of
 * every run, which takes half an hour; `PROPERTY_SEED=<number>` repeats a run.
 */
const seed = crashSeed()
const { CRASH_POINTS: asked } = process.env
const points = (usual: number) => (asked === "all" ? Number.POSITIVE_INFINITY : Number(asked ?? usual))

test.each([
  { kind: tinyShop, shops: 2, usual: 44, boundaries: true, least: 175 },
  { kind: thelookShop, shops: 1, usual: 12, boundaries: false, least: 15 },
])(
  "a shop of the kind $kind.name whose runs are killed",
  { timeout: 3_600_000 },
  async ({ kind, shops, usual, boundaries, least }) => {
    const random = randomOf(seed)
    const total = { kills: 0, reads: 0 }
    for (let shop = 0; shop < shops; shop++) {
      const calm = await tellCalmly(kind, seed + shop)
      const { kills, reads, found } = await runCampaign(planCampaign(calm, points(usual), random, boundaries))
      expect(found.join("\n\n")).toBe("")
      rmSync(calm.folder, { recursive: true, force: true })
      total.kills += kills
      total.reads += reads
    }
    console.log(
      `crash seed ${seed}: ${total.kills} kills, ${total.reads} reads of a published version meanwhile`,
    )
    if (asked === undefined) expect(total.kills).toBeGreaterThanOrEqual(least)
    expect(total.reads).toBeGreaterThan(total.kills)
  },
)
