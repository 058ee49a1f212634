import { beforeEach, expect, test } from "vitest"
import type { DatasetDeclaration } from "../connectors/files/declaration.ts"
import type { Landing } from "../lake/lake.ts"
import { DAY, KEYED, type Things, thingsWorkshop } from "../pipeline/things.fixture.ts"

let shop: Things
beforeEach(async () => {
  shop = await thingsWorkshop()
  return () => shop.close()
})

const load = (declared: DatasetDeclaration = KEYED) => shop.load(declared, { records: 3, share: 0.2 })

/** Lands these ids, each with a value, as the state of a day; not yet loaded. */
async function land(day: number, ids: readonly number[], value: (id: number) => string = () => "x") {
  shop.write("things.csv", `id,v\n${ids.map((id) => `${id},${value(id)}\n`).join("")}`)
  return shop.land("things", KEYED, DAY(day))
}

async function accept(landingId: string) {
  const lake = await shop.lake()
  const landing = (await lake.landings()).find((each) => each.landingId === landingId) as Landing
  return lake.accept(landing, "deletes", { by: "ada", at: DAY(9), reason: "why", follows: null })
}

/** The state of each day as the log tells it: SQL that knows nothing of how the log was made. */
async function states(days: number) {
  const found: string[] = []
  for (let day = 1; day <= days; day++) {
    const [row] = await shop.rows(
      `select coalesce(string_agg(id || v, ' ' order by id::int), '') as s from (
        select *, max(_extracted_at) over (partition by id) as last from bronze.shop__things
        where _extracted_at <= timestamp '2026-03-0${day}') where _extracted_at = last and _op <> 'D'`,
    )
    found.push(row?.["s"] as string)
  }
  return found
}

const held = () =>
  shop.rows(`select landing_id as id, missing_keys::int as missing, predecessor_keys::int as of,
    accepted_at is not null as accepted, superseded_by as by from bronze.held_landings order by as_of`)
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)
const told = (ids: readonly number[], value = "x") => ids.map((id) => `${id}${value}`).join(" ")

test("accepted deletes count from the landing's own time, as if it had been full from the start", async () => {
  await land(1, upTo(20))
  const second = await land(2, [...upTo(10), 50])
  await load()
  expect(await held()).toEqual([{ id: second, missing: 10, of: 20, accepted: false, by: null }])
  expect(await states(2)).toEqual([told(upTo(20)), told([...upTo(20), 50])])
  expect(await accept(second)).toBe(true)
  const [outcome] = await load()
  expect(outcome).toMatchObject({
    status: "accepted",
    landingId: second,
    kind: "full",
    rowsRead: 0,
    rowsDeleted: 10,
    rowsRestated: 0,
    notices: [expect.stringContaining("accepted by ada: 10 records are deleted")],
  })
  expect(await states(2)).toEqual([told(upTo(20)), told([...upTo(10), 50])])
  expect(await held()).toEqual([{ id: second, missing: 10, of: 20, accepted: true, by: null }])
  expect(await shop.rows("select kind from bronze.landings order by extracted_at")).toEqual([
    { kind: "full" },
    { kind: "full" },
  ])
  const rows = "select count(*) - count(distinct _seq) as twice, max(_seq) as last from bronze.shop__things"
  const [before] = await shop.rows(rows)
  expect(before?.["twice"]).toBe(0n)
  // Once only; and later rows come after the deletes in the order of loading.
  expect(await accept(second)).toBe(false)
  expect(await load()).toEqual([])
  expect((await shop.rows(rows))[0]).toEqual(before)
  await land(3, [...upTo(10), 50, 51])
  await load()
  const [last] = await shop.rows("select min(_seq) as first from bronze.shop__things where id = '51'")
  expect(last?.["first"]).toBeGreaterThan(before?.["last"] as bigint)
})

test("what came back meanwhile comes back at its time; later ones held for the same records go along", async () => {
  await land(1, upTo(20))
  const second = await land(2, upTo(10))
  await load()
  // Misses the same ten; then one of them is back and another one is gone; then all are there; then half of all is gone.
  const third = await land(3, upTo(10), (id) => (id === 0 ? "y" : "x"))
  await load()
  const fourth = await land(4, [...upTo(9), 15])
  await load()
  await land(5, upTo(20))
  await load()
  const sixth = await land(6, upTo(10))
  await load()
  const pending = (await held()).map(({ id, by }) => [id, by === null])
  expect(pending).toEqual([
    [second, false],
    [third, false],
    [fourth, false],
    [sixth, true],
  ])
  await accept(second)
  const [outcome] = await load()
  expect(outcome?.notices[0]).toContain(`with it ${third}, ${fourth}`)
  expect(await states(6)).toEqual([
    told(upTo(20)),
    told(upTo(10)),
    `0y ${told([1, 2, 3, 4, 5, 6, 7, 8, 9])}`,
    told([...upTo(9), 15]),
    told(upTo(20)),
    told(upTo(20)),
  ])
  const landings = await (await shop.lake()).landings()
  expect(landings.map(({ kind, accepted }) => [kind, accepted.deletes?.follows])).toEqual([
    ["full", undefined],
    ["full", null],
    ["full", second],
    ["full", second],
    ["full", undefined],
    ["partial", undefined],
  ])
})

test("a later one that misses more than may be missing stays held", async () => {
  await land(1, upTo(20))
  const second = await land(2, upTo(15))
  await load()
  const third = await land(3, upTo(4))
  await load()
  await accept(second)
  await load()
  expect(await states(3)).toEqual([told(upTo(20)), told(upTo(15)), told(upTo(15))])
  expect((await held()).map(({ id, accepted }) => [id, accepted])).toEqual([
    [second, true],
    [third, false],
  ])
})

test("deliveries that are declared to bring only what is new miss nothing", async () => {
  await land(1, upTo(20))
  await land(2, [20, 21])
  await load()
  expect(await shop.rows("select detail from bronze.held_landings")).toEqual([
    { detail: expect.stringContaining("declare `kind: incremental`") },
  ])
  expect(await load({ ...KEYED, kind: "incremental" })).toEqual([])
  expect(await held()).toEqual([])
  expect(await states(2)).toEqual([told(upTo(20)), told(upTo(22))])
})

test("bronze built again from the lake, or loaded in another order, says the same", async () => {
  await land(1, upTo(20))
  const third = await land(3, upTo(10), (id) => (id < 5 ? "y" : "x"))
  await load()
  await accept(third)
  // Arrive after the acceptance, and before it is applied.
  await land(2, upTo(18), () => "z")
  await land(4, upTo(12))
  await load()
  const expected = [
    told(upTo(20)),
    told(upTo(18), "z"),
    `${told(upTo(5), "y")} ${told([5, 6, 7, 8, 9])}`,
    told(upTo(12)),
  ]
  expect(await states(4)).toEqual(expected)
  for (const table of ["shop__things", "landings", "datasets", "held_landings"]) {
    await shop.rows(`drop table bronze.${table}`)
  }
  await load()
  expect(await states(4)).toEqual(expected)
  expect(await held()).toMatchObject([{ id: third, accepted: true }])
})
