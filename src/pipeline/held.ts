import type { HeldLanding } from "../bronze/held.ts"
import type { Effects } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import type { Landing } from "../lake/lake.ts"
import type { Acceptable } from "../lake/records.ts"
import { openShopLake } from "../project/open-storage.ts"
import { includedDatasets, type Shop } from "../project/shop.ts"
import { readLedger } from "./ledger.ts"

/** What of a held landing is to be accepted. */
const ACCEPTED: Record<HeldLanding["reason"], Acceptable> = {
  missing_keys: "deletes",
  schema_change: "schema",
}

/** Whether a person has accepted a landing since it was held. */
export function isAccepted({ landingId, reason }: HeldLanding, landings: readonly Landing[]): boolean {
  const landing = landings.find((each) => each.landingId === landingId)
  return landing?.accepted[ACCEPTED[reason]] !== undefined
}

/** A held landing, and whether it waits for a decision or for the load that applies it. */
export interface Waiting extends HeldLanding {
  accepted: boolean
}

/** The landings of a shop that are held, as its last load left them, by data set and time. Opens no warehouse. */
export async function waitingLandings(shop: Shop): Promise<Waiting[]> {
  const landings = await landingsOf(shop)
  return (readLedger(shop.paths.runs).held ?? []).map((each) => ({
    ...each,
    accepted: isAccepted(each, landings),
  }))
}

export interface AcceptOptions {
  shop: Shop
  /** Landings by id, or by the beginning of one; `all` that wait. */
  which: readonly string[] | "all"
  /** Who accepts. */
  by: string
  reason: string | undefined
  effects: Effects
}

export interface AcceptedLanding {
  landingId: string
  source: string
  dataset: string
  reason: HeldLanding["reason"]
  asOf: string
  /** False: somebody had accepted it before; nothing was written. */
  first: boolean
}

/**
 * Records in the lake that held landings are accepted. The next load applies it.
 * @throws CartwrightError `usage` when a landing is not held; then nothing is accepted
 */
export async function acceptLandings(options: AcceptOptions): Promise<AcceptedLanding[]> {
  const { shop, which, by, effects } = options
  const lake = await openShopLake(shop)
  const landings = await landingsOf(shop)
  const held = heldNow(shop, landings)
  const chosen =
    which === "all"
      ? held.filter((each) => !isAccepted(each, landings))
      : which.flatMap((id) => find(id, held))
  const accepted: AcceptedLanding[] = []
  for (const { landingId, source, dataset, reason, asOf } of chosen) {
    const landing = landings.find((each) => each.landingId === landingId) as Landing
    const first = await lake.accept(landing, ACCEPTED[reason], {
      by,
      at: effects.now().toISOString(),
      reason: options.reason ?? null,
      follows: null,
    })
    accepted.push({ landingId, source, dataset, reason, asOf, first })
  }
  return accepted
}

/**
 * What can be accepted: what the last load held, and, as the lake tells it, whatever was taken as partial; also where a
 * later delivery has settled it, since the history may be wanted right.
 */
function heldNow(shop: Shop, landings: readonly Landing[]): HeldLanding[] {
  const held = readLedger(shop.paths.runs).held ?? []
  const known = new Set(held.map(({ landingId }) => landingId))
  const partial = landings.filter(
    ({ landingId, source, dataset, decided }) =>
      decided?.kind === "partial" && !known.has(landingId) && isFull(shop, source, dataset),
  )
  return [
    ...held.filter(({ landingId }) => landings.some((each) => each.landingId === landingId)),
    ...partial.map(
      ({ landingId, source, dataset, decided, asOf, landedAt }): HeldLanding => ({
        landingId,
        source,
        dataset,
        reason: "missing_keys",
        detail: "",
        missingKeys: decided?.missing ?? null,
        predecessorKeys: decided?.of ?? null,
        asOf,
        heldSince: landedAt,
        acceptedAt: null,
        supersededBy: null,
      }),
    ),
  ]
}

/** Deliveries of a data set that is declared incremental miss nothing. */
function isFull({ sources }: Shop, source: string, dataset: string): boolean {
  const declared = sources.find(({ name }) => name === source)?.files.datasets[dataset]
  return (declared?.kind ?? "full") === "full"
}

function find(written: string, held: readonly HeldLanding[]): HeldLanding[] {
  const found = held.filter(({ landingId }) => landingId === written || landingId.startsWith(written))
  const ids = [...new Set(found.map(({ landingId }) => landingId))]
  if (ids.length === 1) return found
  const what =
    ids.length === 0
      ? `no delivery with the id ${written} is held`
      : `${written} is the beginning of several held deliveries' ids`
  throw new CartwrightError("usage", what, {
    choices: (ids.length > 1 ? found : held).map(({ landingId }) => landingId),
    next: "Name one of those that `cartwright accept` lists; what a load has not looked at yet is not held: run `cartwright load` first.",
    state: "Nothing was accepted.",
  })
}

async function landingsOf(shop: Shop): Promise<Landing[]> {
  const lake = await openShopLake(shop)
  const included = new Set(
    includedDatasets(shop.sources).map(({ source, dataset }) => `${source}.${dataset}`),
  )
  return (await lake.landings()).filter(({ source, dataset }) => included.has(`${source}.${dataset}`))
}
