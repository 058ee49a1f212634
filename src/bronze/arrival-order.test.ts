import * as fc from "fast-check"
import { expect, test } from "vitest"
import type { DatasetDeclaration } from "../connectors/files/declaration.ts"
import type { Landing } from "../lake/lake.ts"
import type { Manifest } from "../lake/manifest.ts"
import type { LandingKind } from "../core/file-format.ts"
import { applyAcceptance } from "./apply-acceptance.ts"
import { workshop } from "./bronze.fixture.ts"
import { loadedLandings, prepareDataset } from "./ledger.ts"
import { loadLanding } from "./load-landing.ts"
import { readerWithin } from "./reader.ts"
import type { ReadingRules } from "./reading.ts"
import { bronzeNames, createBronze } from "./schema.ts"

/** One record: a key (null where the data has none to speak of) and a value. */
type Record = readonly [key: number, value: number]
interface Delivery {
  kind: "full" | "partial" | "incremental"
  records: Record[]
  /** Partial ones: after how many arrivals, its own among them at the latest, its deletes are accepted; never, if undefined. */
  acceptedAfter: number | undefined
}

/** What each time's state must be, told by the plainest program: maps and lists. */
function expectedStates(deliveries: readonly Delivery[], keyed: boolean): string[][] {
  let state: Record[] = []
  return deliveries.map(({ kind, records, acceptedAfter }) => {
    if (kind === "full" || (kind === "partial" && acceptedAfter !== undefined)) state = [...records]
    else if (keyed) state = [...state.filter(([key]) => !records.some(([k]) => k === key)), ...records]
    else if (kind === "incremental") state = [...state, ...records]
    else {
      // A partial snapshot of records without key takes nothing away.
      const before = state.map(String)
      for (const record of records) {
        const at = before.indexOf(String(record))
        if (at >= 0) before.splice(at, 1)
        else state = [...state, record]
      }
    }
    return keyed ? inOrderByKey(state) : state.map(String).sort()
  })
}

function inOrderByKey(state: readonly Record[]): string[] {
  return [...new Set(state.map(([key]) => key))]
    .sort((a, b) => a - b)
    .map((key) =>
      state
        .filter(([k]) => k === key)
        .map(String)
        .join(" "),
    )
}

/** The same states, told by the log: SQL that knows nothing of how the log was made. */
function stateQuery(keyed: boolean, time: string): string {
  const until = `from bronze.shop__things where _extracted_at <= timestamp '${time}'`
  return keyed
    ? `select string_agg(k || ',' || v, ' ' order by _row_number) as s from (
        select *, max(_extracted_at) over (partition by k) as last ${until})
      where _extracted_at = last and _op <> 'D' group by k order by k::int`
    : `select unnest(list_transform(range(n), lambda i: k || ',' || v)) as s from (
        select k, v, sum(case _op when 'D' then -1 else 1 end)::bigint as n ${until} group by all)
      order by s`
}

const record = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2 }))
const delivery = fc.record({
  kind: fc.constantFrom(
    "full" as const,
    "full" as const,
    "partial" as const,
    "partial" as const,
    "incremental" as const,
  ),
  records: fc.array(record, { minLength: 1, maxLength: 7 }),
  acceptedAfter: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
})
const world = fc.record({
  keyed: fc.boolean(),
  deliveries: fc.array(delivery, { minLength: 2, maxLength: 5 }),
  order: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
})

test("any order of arrivals and acceptances gives the same state at every time; accepted is as if never guarded", async () => {
  const shop = await workshop()
  const times = [0, 1, 2, 3, 4].map((day) => `2026-01-0${day + 1}`)
  const names = bronzeNames(shop.warehouse, "bronze")
  await createBronze(shop.warehouse, shop.session, names)
  let worlds = 0
  await fc.assert(
    fc.asyncProperty(world, async ({ keyed, deliveries, order }) => {
      const dataset = "things"
      const rules: ReadingRules = { key: keyed ? ["k"] : [], nullText: [] }
      await shop.rows("drop table if exists bronze.shop__things")
      await shop.rows("delete from bronze.landings")
      await shop.rows("delete from bronze.datasets")
      const lake = await shop.lake()
      const folder = `world-${worlds++}`
      const declared: DatasetDeclaration = { files: `${folder}/**` }
      for (const [i, { records }] of deliveries.entries()) {
        const lines = records.map(([k, v]) => `${k},${v}`).join("\n")
        shop.write(`${folder}/date=${(times[i] as string).replaceAll("-", "")}/things.csv`, `k,v\n${lines}\n`)
      }
      await shop.land(`${dataset}${worlds}`, declared)
      const found = await lake.landings("shop", `${dataset}${worlds}`)
      const delivered = (landing: Manifest) =>
        deliveries[found.findIndex(({ landingId }) => landingId === landing.landingId)] as Delivery
      const as = (landing: Landing, kind: LandingKind): Landing => ({
        ...landing,
        dataset,
        kind,
        decided: { kind: "full", missing: 0, of: 0, allowed: 0, leftOut: [], decidedAt: landing.landedAt },
        accepted: { deletes: { by: "test", at: landing.landedAt, reason: null, follows: null } },
      })
      const { warehouse, session, effects } = shop
      const guard = { records: 0, share: 0 }
      const context = {
        lake,
        warehouse,
        session,
        reader: readerWithin(session),
        names,
        rules,
        schema: "evolve" as const,
        kind: "full" as const,
        guard,
        effects,
      }
      await prepareDataset(context, "shop", dataset)
      /** The landings around one that bronze has, as what it took them. */
      const around = async (landing: Landing) => {
        const loaded = await loadedLandings(shop.session, names, "shop", dataset)
        const known = (some: Landing[]) =>
          some.flatMap((each) => {
            const kind = loaded.get(each.landingId)
            return kind === undefined ? [] : [as(each, kind)]
          })
        const at = found.indexOf(landing)
        return { predecessor: known(found.slice(0, at)).at(-1), successors: known(found.slice(at + 1)) }
      }
      const arrival = found
        .map((landing, i) => ({ landing, at: order[i] as number }))
        .sort((a, b) => a.at - b.at)
      for (const [i, { landing }] of arrival.entries()) {
        const counts = await loadLanding(context, as(landing, delivered(landing).kind), await around(landing))
        expect(counts.rowsRead).toBe(delivered(landing).records.length)
        const loaded = await loadedLandings(shop.session, names, "shop", dataset)
        for (const each of found) {
          const { acceptedAfter } = delivered(each)
          const due = acceptedAfter !== undefined && (acceptedAfter <= i || i === arrival.length - 1)
          if (!due || loaded.get(each.landingId) !== "partial") continue
          const { brought } = await applyAcceptance(
            context,
            as(each, "full"),
            (await around(each)).successors,
          )
          for (const id of brought) loaded.set(id, "full")
        }
      }
      const expected = expectedStates(deliveries, keyed)
      for (const [i] of deliveries.entries()) {
        const state = await shop.rows(stateQuery(keyed, times[i] as string))
        expect(state.map((row) => row["s"])).toEqual(expected[i])
      }
      const sequences = await shop.rows(
        "select count(*) - count(distinct _seq) as twice from bronze.shop__things",
      )
      expect(sequences).toEqual([{ twice: 0n }])
    }),
    { numRuns: Number(process.env["RUNS"] ?? 25) },
  )
  await shop.close()
})
