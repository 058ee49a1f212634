import { openPublished, type PublishedShop, type ShopPlaces } from "../metrics/published-shop.ts"
import { pointedVersion } from "../publish/version.ts"

/** The version that readers see now, kept open; another one takes its place when it is published. */
export interface LiveShop {
  /** Works with the newest version, which stays open until the work ends. */
  use<T>(work: (shop: PublishedShop) => Promise<T>): Promise<T>
  close(): Promise<void>
}

interface Opened {
  shop: PublishedShop
  users: number
  replaced: boolean
}

export async function openLiveShop(
  places: ShopPlaces,
  limits: Parameters<typeof openPublished>[1] = {},
): Promise<LiveShop> {
  let current: Opened = { shop: await openPublished(places, limits), users: 0, replaced: false }
  let taking: Promise<void> | undefined

  const leave = async (opened: Opened): Promise<void> => {
    if (opened.replaced && opened.users === 0) await opened.shop.close()
  }
  const takeOver = async (): Promise<void> => {
    if ((await pointedVersion(places.published)) === current.shop.version.version) return
    const before = current
    current = { shop: await openPublished(places, limits), users: 0, replaced: false }
    before.replaced = true
    await leave(before)
  }
  return {
    async use(work) {
      // One look at the pointer for all who ask meanwhile. A version that cannot be opened leaves the one before in place.
      taking ??= takeOver()
        .catch(() => undefined)
        .finally(() => (taking = undefined))
      await taking
      const opened = current
      opened.users += 1
      try {
        return await work(opened.shop)
      } finally {
        opened.users -= 1
        await leave(opened)
      }
    },
    async close() {
      await taking
      current.replaced = true
      await leave(current)
    },
  }
}
