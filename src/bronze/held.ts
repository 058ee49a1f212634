import type { LandingKind } from "../core/file-format.ts"
import type { Landing } from "../lake/lake.ts"
import { quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"
import { timestamp } from "./append.ts"
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

/** Brings `held_landings` in step for one data set; writes nothing where it is. */
export async function recordHeld(
  session: Session,
  names: BronzeNames,
  source: string,
  dataset: string,
  held: readonly HeldLanding[],
): Promise<void> {
  const rows = held.map((each) => {
    const texts = [each.landingId, source, dataset, each.reason, each.detail].map(quoteLiteral)
    const numbers = [each.missingKeys ?? "null::bigint", each.predecessorKeys ?? "null::bigint"]
    const times = [each.asOf, each.heldSince, each.acceptedAt].map((time) =>
      time === null ? "null::timestamp" : timestamp(time),
    )
    const by = each.supersededBy === null ? "null::varchar" : quoteLiteral(each.supersededBy)
    return `(${[...texts, ...numbers, ...times, by].join(", ")})`
  })
  const which = `source = ${quoteLiteral(source)} and dataset = ${quoteLiteral(dataset)}`
  const wanted =
    rows.length === 0
      ? `select * from ${names.heldLandings} where false`
      : `select * from (values ${rows.join(", ")})`
  const known = `select * from ${names.heldLandings} where ${which}`
  const [differ] = await session.rows<{ any: boolean }>(
    `select exists ((${wanted} except ${known}) union all (${known} except ${wanted})) as any`,
  )
  if (differ?.any !== true) return
  await session.transaction(async () => {
    await session.run(`delete from ${names.heldLandings} where ${which}`)
    if (rows.length > 0) await session.run(`insert into ${names.heldLandings} ${wanted}`)
  })
}
