import { rmSync } from "node:fs"
import { join } from "node:path"
import type { Effects } from "../core/effects.ts"
import { openWorkArea } from "../project/open-storage.ts"
import type { Shop } from "../project/shop.ts"
import { removeUnpublished } from "../publish/left-overs.ts"
import { isBucketUri } from "../storage/bucket-uri.ts"
import { localStorage } from "../storage/local/local-storage.ts"
import { removeUnfinished } from "../storage/local/whole-file.ts"
import { toFailure } from "./failure.ts"
import { type Lease, takeLease } from "./lease.ts"
import { publishedState } from "./published-state.ts"
import { killedRuns, listRuns, markKilled, newRunId } from "./run-record.ts"

/**
 * Takes the shop for one writer, under an id that no run had, and tidies up where writers before it were killed.
 * @param onLost called when another process has taken the shop over, e.g. after this machine slept
 * @throws CartwrightError `locked` while another process works on the shop
 */
export async function enterShop(
  shop: Shop,
  command: string,
  effects: Effects,
  onLost: () => void,
): Promise<{ runId: string; release: () => Promise<void> }> {
  const { runs } = shop.paths
  const now = () => effects.now()
  try {
    for (;;) {
      const runId = newRunId(now(), runs)
      const lease = takeLease(runs, { runId, command }, now, onLost)
      try {
        // A run that ended before the lease was free may have had this very id.
        if (!listRuns(runs).includes(runId)) {
          await tidyUp(shop, lease)
          const shared = await takeSharedLease(shop, lease, now, onLost)
          const release = async () => {
            await shared?.release()
            lease.release()
          }
          return { runId, release }
        }
      } catch (error) {
        lease.release()
        throw error
      }
      lease.release()
    }
  } catch (error) {
    throw toFailure(error, publishedState(shop))
  }
}

/** Where other machines may load the same warehouse, from the same lake, one of them does at a time. */
async function takeSharedLease(shop: Shop, { holder }: Lease, now: () => Date, onLost: () => void) {
  const area = shop.warehouse.type === "bigquery" ? await openWorkArea(shop) : undefined
  if (area === undefined) return undefined
  const { takeBucketLease } = await import("./bucket-lease.ts")
  return takeBucketLease(area, holder, now, onLost)
}

/** The records say last that a run was killed: whoever is killed while he tidies up leaves that to the next one. */
async function tidyUp(shop: Shop, { abandoned }: Lease): Promise<void> {
  const { runs, lake, published, dbtProject } = shop.paths
  const killed = killedRuns(runs)
  if (killed.length === 0 && abandoned.length === 0) return
  // In a bucket, a write that was broken off leaves nothing.
  if (!isBucketUri(lake)) await localStorage(lake).removeUnfinished()
  await removeUnpublished(published)
  for (const folder of [shop.folder, dbtProject, runs]) removeUnfinished(folder)
  for (const id of listRuns(runs)) {
    removeUnfinished(join(runs, id))
    removeUnfinished(join(runs, id, "dbt"))
    rmSync(scratchFolder(join(runs, id)), { recursive: true, force: true })
  }
  // Where DuckDB puts what memory does not hold.
  if (shop.warehouse.type === "duckdb") rmSync(`${shop.warehouse.path}.tmp`, { recursive: true, force: true })
  markKilled(runs, killed)
}

/** Where a run keeps copies that it needs for a while. */
export function scratchFolder(runFolder: string): string {
  return join(runFolder, "scratch")
}
