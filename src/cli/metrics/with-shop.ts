import type { CommandContext, CommandInput } from "../command.ts"
import { openPublished, type PublishedShop, type ShopPlaces } from "../../metrics/published-shop.ts"
import { bringPublished } from "../../pipeline/bring-published.ts"
import { openShop, type Shop } from "../../project/shop.ts"

/** Opens the published version of the shop that was named, for one piece of work. */
export async function withPublished<T>(
  input: CommandInput,
  context: CommandContext,
  work: (opened: { shop: Shop; places: ShopPlaces; published: PublishedShop }) => Promise<T>,
): Promise<T> {
  const shop = openShop(input.text("dir"), context.workingDirectory)
  await bringPublished(shop, context.effects)
  const places = { published: shop.paths.published, dbtProject: shop.paths.dbtProject }
  const published = await openPublished(places)
  try {
    return await work({ shop, places, published })
  } finally {
    await published.close()
  }
}
