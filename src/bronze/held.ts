import type { LandingKind } from "../core/file-format.ts"
import type { Landing } from "../lake/lake.ts"
import { isoTime } from "../warehouse/dialect.ts"
import type { Session } from "../warehouse/warehouse.ts"
import { timestamp } from "./append.ts"
import type { LoadContext } from "./load-context.ts"
import type { BronzeNames } from "./schema.ts"

/** A landing that waits, or waited, for a person's decision. */
export interface HeldLanding {
  landingId: string
  source: string
  dataset: string
  /** `missing_keys`: loaded without taking what it misses as deleted. `schema_change`: not loaded. */
  reason: "missing_keys" | "schema_change"
  detail: string
  missingKeys: number | null
  predecessorKeys: number | null
  asOf: string
  /** When it landed. */
  heldSince: string
  acceptedAt: string | null
  /** A later full landing that bronze has: nobody needs to decide any more. */
  supersededBy: string | null
}

/** What the landings of a data set are measured by. */
export interface HeldBy {
  /** As the data set is declared: deliveries that bring only new and changed records miss nothing. */
  kind: "full" | "incremental"
  /** The landings that bronze has, with the kinds that it took them as. */
  loaded: ReadonlyMap<string, LandingKind>
  /** What changed in those that are held for their columns, by landing. */
  bySchema: ReadonlyMap<string, string>
}

/** All landings of a data set that were held, in the order of extraction. */
export function heldLandings(
  landings: readonly Landing[],
  { kind, loaded, bySchema }: HeldBy,
): HeldLanding[] {
  return landings.flatMap((landing, i): HeldLanding[] => {
    const { landingId, source, dataset, asOf, landedAt, decided, accepted } = landing
    const later = landings.slice(i + 1).find((each) => loaded.get(each.landingId) === "full")
    const held = (
      reason: HeldLanding["reason"],
      detail: string,
      acceptedAt: string | undefined,
      [missingKeys, predecessorKeys]: [number, number] | [null, null],
    ): HeldLanding => ({
      landingId,
      source,
      dataset,
      reason,
      detail,
      missingKeys,
      predecessorKeys,
      asOf,
      heldSince: landedAt,
      acceptedAt: acceptedAt ?? null,
      supersededBy: acceptedAt === undefined ? (later?.landingId ?? null) : null,
    })
    const changed = bySchema.get(landingId)
    const missesKeys = decided?.kind === "partial" && loaded.has(landingId) && kind === "full"
    return [
      ...(missesKeys
        ? [held("missing_keys", missing(decided), accepted.deletes?.at, [decided.missing, decided.of])]
        : []),
      ...(changed !== undefined || accepted.schema !== undefined
        ? [held("schema_change", changed ?? "its columns changed", accepted.schema?.at, [null, null])]
        : []),
    ]
  })
}

function missing({ missing: keys, of, allowed }: { missing: number; of: number; allowed: number }): string {
  const [count, all, most] = [keys, of, allowed].map((n) => n.toLocaleString("en-US"))
  const hint =
    keys * 2 > of ? "; if deliveries bring only new and changed records, declare `kind: incremental`" : ""
  return `${count} of ${all} records that were there before are missing; ${most} may be${hint}`
}

/** What `held_landings` has, of all data sets or of one, by data set and time. */
export async function recordedHeld(
  session: Session,
  { heldLandings: table }: BronzeNames,
  of?: { source: string; dataset: string },
): Promise<HeldLanding[]> {
  const rows = await session.rows<Recorded>(
    `select * from ${table} ${of === undefined ? "" : "where source = ? and dataset = ?"}
     order by source, dataset, as_of, landing_id, reason`,
    of === undefined ? [] : [of.source, of.dataset],
  )
  return rows.map((row) => ({
    landingId: row.landing_id,
    source: row.source,
    dataset: row.dataset,
    reason: row.reason,
    detail: row.detail,
    missingKeys: row.missing_keys === null ? null : Number(row.missing_keys),
    predecessorKeys: row.predecessor_keys === null ? null : Number(row.predecessor_keys),
    asOf: isoTime(row.as_of),
    heldSince: isoTime(row.held_since),
    acceptedAt: row.accepted_at === null ? null : isoTime(row.accepted_at),
    supersededBy: row.superseded_by,
  }))
}

interface Recorded {
  landing_id: string
  source: string
  dataset: string
  reason: HeldLanding["reason"]
  detail: string
  missing_keys: bigint | null
  predecessor_keys: bigint | null
  as_of: string
  held_since: string
  accepted_at: string | null
  superseded_by: string | null
}

/** Brings `held_landings` in step for one data set; writes nothing where it is. */
export async function recordHeld(
  { session, warehouse, names }: LoadContext,
  source: string,
  dataset: string,
  held: readonly HeldLanding[],
): Promise<void> {
  const known = await recordedHeld(session, names, { source, dataset })
  const asTexts = (some: readonly HeldLanding[]) => JSON.stringify(some.map(inOneOrder).sort())
  if (asTexts(known) === asTexts(held)) return
  const text = (value: string | null) => (value === null ? "null" : warehouse.literal(value))
  const time = (value: string | null) => (value === null ? "null" : timestamp(value))
  const rows = held.map((each) => {
    const texts = [each.landingId, source, dataset, each.reason, each.detail].map(text)
    const times = [each.asOf, each.heldSince, each.acceptedAt].map(time)
    return `(${[...texts, each.missingKeys, each.predecessorKeys, ...times, text(each.supersededBy)].map(String).join(", ")})`
  })
  await session.transaction(async () => {
    const which = "source = ? and dataset = ?"
    await session.run(`delete from ${names.heldLandings} where ${which}`, [source, dataset])
    if (rows.length > 0) await session.run(`insert into ${names.heldLandings} values ${rows.join(", ")}`)
  })
}

function inOneOrder(held: HeldLanding): string {
  const { landingId, source, dataset, reason, detail, missingKeys, predecessorKeys, supersededBy } = held
  const times = [held.asOf, held.heldSince, held.acceptedAt].map((time) => time && Date.parse(time))
  const texts = [landingId, source, dataset, reason, detail, supersededBy]
  return JSON.stringify([texts, missingKeys, predecessorKeys, times])
}
