import { CartwrightError } from "../core/errors.ts"
import { identityOf } from "./ledger.ts"
import { publishedState, publishedVersionName } from "./published-state.ts"
import { publishTables } from "./publish-tables.ts"
import type { RunContext, StepResult } from "./run-context.ts"

/** Gold → one version for readers. */
export async function publishStep(context: RunContext): Promise<StepResult> {
  const { shop, ledger, runId, effects } = context
  refuseWhileHeld(context)
  const { transformed } = ledger
  if (transformed === undefined) {
    throw new CartwrightError(
      "early",
      "the last transformation did not succeed, or the warehouse changed since",
      {
        next: "Run `cartwright transform` first, or `cartwright run`.",
        state: publishedState(shop),
      },
    )
  }
  const { star, marts, quality } = shop.layers
  const { dataset, export: exportTo } = shop.config.publish
  const inputs = JSON.stringify([transformed.inputs, star, marts, quality, dataset, exportTo])
  const current = publishedVersionName(shop)
  const asLeft = ledger.warehouse === identityOf(shop.warehouse)
  if (asLeft && ledger.published?.inputs === inputs && ledger.published.version === current) {
    return { status: "unchanged", result: { version: current } }
  }
  try {
    const { others, ...outcome } = await publishTables(context, transformed, asLeft)
    const { version, tables, rows, bytes } = outcome
    const at = effects.now().toISOString()
    ledger.published = { inputs, version, run: runId, at, tables, rows, bytes }
    const stray = others.filter((table) => !transformed.relations.includes(table))
    tellLeftOut(context, transformed.unread, stray)
    return {
      status: outcome.unchanged ? "unchanged" : "done",
      result: { ...outcome, leftOut: [...transformed.unread, ...stray] },
    }
  } finally {
    context.saveLedger()
  }
}

/** What somebody may look for in vain. Steps on the way to another model are not told. */
function tellLeftOut({ notices }: RunContext, unread: readonly string[], stray: readonly string[]): void {
  if (unread.length > 0) {
    notices.push(
      `${listed(unread)} ${unread.length === 1 ? "is" : "are"} not published: of the models of your own, only those in the star or the marts are (\`schema: marts\`, or the folder models/marts)`,
    )
  }
  if (stray.length > 0) {
    notices.push(
      `${listed(stray)} ${stray.length === 1 ? "is" : "are"} not published: no model of the last transformation made ${stray.length === 1 ? "it" : "them"}`,
    )
  }
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`
}

/** While somebody has to decide on a delivery, what readers see stays as it is. */
function refuseWhileHeld({ shop, ledger }: RunContext): void {
  const held = ledger.held ?? []
  if (held.length === 0) return
  const told = held.map(
    ({ source, dataset, asOf, detail }) => `${source}.${dataset} as of ${asOf} (${detail})`,
  )
  throw new CartwrightError(
    "screen",
    `nothing is published while ${held.length === 1 ? "a delivery is" : `${held.length} deliveries are`} held: ${told.slice(0, 5).join("; ")}${told.length > 5 ? " …" : ""}`,
    {
      next: "Look at `cartwright accept`, then accept what is right with `cartwright accept <landing>`, or have it delivered again; then run again.",
      state: publishedState(shop),
    },
  )
}
