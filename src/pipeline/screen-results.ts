import { CartwrightError } from "../core/errors.ts"
import { type Opening, openWarehouse } from "../project/open-warehouse.ts"
import { ErrorStore } from "../quality/errors/error-store.ts"
import type { DatasetAudit, ErrorEvent, ScreenState } from "../quality/errors/errors.ts"
import { stoppedBy } from "../quality/errors/stopped.ts"
import type { Effects } from "../core/effects.ts"
import type { Shop } from "../project/shop.ts"
import { placeErrors } from "./place-errors.ts"
import { publishedState } from "./published-state.ts"
import type { RunContext } from "./run-context.ts"

/** What the screens say of the warehouse as it is. */
export interface ScreenResults {
  /** Screens that fail in some batch and are not resolved. */
  screens: number
  rejected: number
  flagged: number
  /** The error of those whose action is `stop`. */
  stopped: CartwrightError | undefined
}

/** Reads what the screens found in a transformation, and looks up where the records stand. */
export async function screenResults(context: RunContext): Promise<ScreenResults> {
  const { shop, lake } = context
  try {
    return await withErrors(shop, context, async (store) => {
      await placeErrors(shop, lake, store)
      const open = await store.events({ open: true })
      return {
        screens: new Set(open.map(({ source, dataset, screen }) => `${source}.${dataset}.${screen}`)).size,
        rejected: recordsOf(open, "reject"),
        flagged: recordsOf(open, "flag"),
        stopped: await stoppedOf(store, shop),
      }
    })
  } finally {
    context.saveLedger()
  }
}

/** All screens and what they find, what became of the rows, and the error of screens that stop a run. */
export async function openScreens(
  shop: Shop,
  effects: Effects,
): Promise<{ screens: ScreenState[]; audits: DatasetAudit[]; stopped: CartwrightError | undefined }> {
  return withErrors(shop, { effects }, async (store) => ({
    screens: await store.screens(),
    audits: await store.audits(),
    stopped: await stoppedOf(store, shop),
  }))
}

async function stoppedOf(store: ErrorStore, shop: Shop): Promise<CartwrightError | undefined> {
  const stopping = (await store.events({ open: true })).filter(({ action }) => action === "stop")
  const [first] = stopping
  if (first === undefined) return undefined
  const [example] = await store.details(first.event, 1)
  return stoppedBy(stopping, example, publishedState(shop))
}

/** Works with what the quality tables know of errors; the warehouse is opened for it. */
export async function withErrors<T>(
  shop: Shop,
  opening: Opening,
  work: (store: ErrorStore) => Promise<T>,
): Promise<T> {
  const warehouse = await openWarehouse(shop, opening)
  try {
    const session = await warehouse.session()
    try {
      return await work(new ErrorStore(session, warehouse, shop.layers))
    } catch (error) {
      if (
        error instanceof Error &&
        /Catalog Error: Table with name|the table \S+ does not exist/.test(error.message)
      )
        throw notBuilt(shop, error)
      throw error
    } finally {
      session.close()
    }
  } finally {
    await warehouse.close()
  }
}

function notBuilt(shop: Shop, cause: unknown): CartwrightError {
  return new CartwrightError("transform", "the warehouse has no quality tables yet", {
    next: "Run `cartwright run`; where the dbt package is older, `cartwright init --upgrade` first.",
    state: publishedState(shop),
    cause,
  })
}

function recordsOf(events: readonly ErrorEvent[], action: string): number {
  return events.reduce((total, event) => total + (event.action === action ? event.open : 0), 0)
}
