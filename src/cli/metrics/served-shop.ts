import type { Shop } from "../../project/shop.ts"
import type { ServedShop } from "../../server/replies.ts"
import { manifestOf } from "./run-manifest.ts"

/** A shop as the server reads it. */
export function servedShop({ folder, config, paths }: Shop): ServedShop {
  return {
    folder,
    name: config.shop.name,
    places: { published: paths.published, dbtProject: paths.dbtProject },
    runs: paths.runs,
    manifestOf: (runId) => manifestOf(paths.runs, runId),
  }
}
