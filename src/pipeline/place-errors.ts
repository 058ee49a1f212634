import { placesOfRows } from "../bronze/places.ts"
import type { Lake } from "../lake/lake.ts"
import type { Shop } from "../project/shop.ts"
import type { ErrorStore } from "../quality/errors/error-store.ts"
import { rulesOf } from "./load.ts"

/**
 * Looks up file and line of the records with errors that are new: their landings' files are read once, up to the last such
 * record. The warehouse knows a record by its number in the landing only.
 */
export async function placeErrors(shop: Shop, lake: Lake, store: ErrorStore): Promise<void> {
  const unplaced = await store.unplaced()
  if (unplaced.size === 0) return
  for (const landing of await lake.landings()) {
    const rows = unplaced.get(landing.landingId)
    const declared = shop.sources.find(({ name }) => name === landing.source)?.files.datasets[landing.dataset]
    if (rows === undefined || declared === undefined) continue
    const places = await placesOfRows(lake.storage, landing, rulesOf(declared), rows)
    await store.keepPlaces(landing.landingId, places)
  }
}
