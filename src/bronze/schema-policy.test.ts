import { renameSync } from "node:fs"
import { join } from "node:path"
import { beforeEach, describe, expect, test } from "vitest"
import type { DatasetDeclaration } from "../connectors/files/declaration.ts"
import { csv, id, KEYED, type Things, thingsWorkshop } from "../pipeline/things.fixture.ts"

let shop: Things
beforeEach(async () => {
  shop = await thingsWorkshop()
  return () => shop.close()
})

describe("schema: freeze", () => {
  const frozen: DatasetDeclaration = { ...KEYED, schema: "freeze" }

  test("leaves new columns out, tells them, and changes in them change no row", async () => {
    await shop.deliver(1, csv({ id, v: (i) => i }), frozen)
    const { outcome } = await shop.deliver(2, csv({ id, extra: (i) => `e${i}`, v: (i) => i }), frozen)
    expect(outcome).toMatchObject({ rowsLoaded: 0, rowsUnchanged: 20, missingColumns: [] })
    expect(outcome?.notices).toContainEqual(
      expect.stringContaining("column extra is new (left out of bronze"),
    )
    await shop.deliver(3, csv({ id, extra: (i) => `f${i}`, v: (i) => (i === 3 ? 99 : i) }), frozen)
    expect(await shop.deliveredColumns()).toEqual([{ c: "id" }, { c: "v" }])
    expect(await shop.rows("select id, v from bronze.shop__things where _op = 'U'")).toEqual([
      { id: "3", v: "99" },
    ])
  })

  test("building bronze again from the lake gives the same; another policy takes what was left out", async () => {
    await shop.deliver(2, csv({ id, v: (i) => i }), frozen)
    // Arrives late, and has a column that the log does not have.
    await shop.deliver(1, csv({ id, w: (i) => i }), frozen)
    await shop.deliver(3, csv({ id, v: (i) => i, extra: (i) => `e${i}` }), frozen)
    const content = () =>
      shop.rows("select * exclude (_seq, _loaded_at) from bronze.shop__things order by all")
    const before = await content()
    expect(await shop.deliveredColumns()).toEqual([{ c: "id" }, { c: "v" }])
    for (const table of [
      "shop__things",
      "landings",
      "datasets",
      "landing_columns",
      "schema_changes",
      "rejected_lines",
    ])
      await shop.rows(`drop table bronze.${table}`)
    await shop.load(frozen)
    // The same landings were decided: none takes what it did not take at first.
    expect(await shop.deliveredColumns()).toEqual([{ c: "id" }, { c: "v" }])
    const state =
      "select id, v from (select *, max(_extracted_at) over (partition by id) as last from bronze.shop__things) where _extracted_at = last order by all"
    expect(await shop.rows(state)).toHaveLength(20)
    expect((await content()).length).toBe(before.length)
    const outcomes = await shop.load(KEYED)
    expect(outcomes[0]?.notices[0]).toContain("frozen no more: its log is built again from the lake")
    expect(new Set((await shop.deliveredColumns()).map(({ c }) => c))).toEqual(
      new Set(["extra", "id", "v", "w"]),
    )
    expect(await shop.load(KEYED)).toEqual([])
  })
})

describe("schema: stop", () => {
  const stopping: DatasetDeclaration = { ...KEYED, schema: "stop" }
  const held = () =>
    shop.rows(
      "select landing_id as id, reason, accepted_at is not null as accepted, superseded_by as by from bronze.held_landings order by as_of",
    )

  test("holds a changed landing until it is accepted, and the ones after it are measured by it", async () => {
    await shop.deliver(1, csv({ id, v: (i) => i }), stopping)
    const second = await shop.deliver(2, csv({ v: (i) => i, id, w: (i) => i }), stopping)
    expect(second.outcome).toMatchObject({ status: "held", rowsRead: 0, error: { code: "screen" } })
    expect(second.outcome?.error?.message).toContain("column w is new")
    expect(second.outcome?.error?.next).toContain(`cartwright accept ${second.landingId}`)
    expect(await shop.deliveredColumns()).toEqual([{ c: "id" }, { c: "v" }])
    // Held again without being read again: its object is out of the way.
    const objects = join(shop.root, "lake", "raw-data")
    renameSync(objects, `${objects}-away`)
    expect(await shop.load(stopping)).toMatchObject([
      { status: "held", error: { message: second.outcome?.error?.message } },
    ])
    renameSync(`${objects}-away`, objects)
    expect(await held()).toEqual([
      { id: second.landingId, reason: "schema_change", accepted: false, by: null },
    ])
    const lake = await shop.lake()
    const landing = (await lake.landings()).find(({ landingId }) => landingId === second.landingId)
    const acceptance = { by: "ada", at: "2026-03-03T00:00:00Z", reason: null, follows: null }
    await lake.accept(landing as never, "schema", acceptance)
    expect(await shop.load(stopping)).toMatchObject([{ status: "loaded", rowsRead: 20 }])
    expect(await held()).toEqual([
      { id: second.landingId, reason: "schema_change", accepted: true, by: null },
    ])
    expect((await shop.deliver(3, csv({ id, v: (i) => i, w: (i) => i + 1 }), stopping)).outcome?.status).toBe(
      "loaded",
    )
  })

  test("a later full landing of the old shape settles it; another policy lets it in at its time", async () => {
    const first = await shop.deliver(1, csv({ id, v: (i) => i }), stopping)
    const second = await shop.deliver(2, csv({ id, v: (i) => `USD ${i}` }), stopping)
    expect(second.outcome?.status).toBe("held")
    const third = await shop.deliver(3, csv({ v: (i) => i + 1, id }), stopping)
    expect(third.outcome?.status).toBe("loaded")
    expect(await held()).toEqual([
      { id: second.landingId, reason: "schema_change", accepted: false, by: third.landingId },
    ])
    expect(await shop.load(stopping)).toMatchObject([{ status: "skipped", landingId: second.landingId }])
    expect(await shop.load(KEYED)).toMatchObject([{ status: "loaded", rowsLoaded: 20 }])
    expect(await held()).toEqual([])
    expect(await shop.schemaChanges("landing_id as id, detail")).toMatchObject([
      { id: second.landingId, detail: "whole numbers → text" },
      { id: third.landingId, detail: expect.stringContaining("another order") },
      { id: third.landingId, detail: "text → whole numbers" },
    ])
    expect(first.outcome?.changes).toEqual([])
  })

  test("never holds what was let in once, when bronze is built again", async () => {
    await shop.deliver(1, csv({ id, v: (i) => i }), KEYED)
    await shop.deliver(2, csv({ id, w: (i) => i }), KEYED)
    expect(await shop.load(stopping)).toEqual([])
    for (const table of ["shop__things", "landings", "datasets", "landing_columns", "schema_changes"])
      await shop.rows(`drop table bronze.${table}`)
    expect((await shop.load(stopping)).map(({ status }) => status)).toEqual(["loaded", "loaded"])
  })
})
