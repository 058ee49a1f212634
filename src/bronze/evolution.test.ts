import * as fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { csv, DAY, id, KEYED, type Things, thingsWorkshop } from "../pipeline/things.fixture.ts"

let shop: Things
beforeEach(async () => {
  shop = await thingsWorkshop()
  return () => shop.close()
})

describe("what changed", () => {
  test("a column that keeps its values under another name is a drop and an add with the hint", async () => {
    await shop.deliver(
      1,
      csv({ id, city: (i) => `city ${i}`, age: (i) => i % 7, source: (i) => `s${i % 3}` }),
      KEYED,
    )
    const { landingId, outcome } = await shop.deliver(
      2,
      // The records come in another order, and two cities are others.
      csv({
        town: (i) => `city ${i < 2 ? 99 : 19 - i}`,
        id: (i) => 19 - i,
        channel: (i) => `s${(19 - i) % 3}`,
        x: () => 1,
      }),
      KEYED,
    )
    expect(outcome?.missingColumns).toEqual(["city", "age", "source"])
    expect(await shop.schemaChanges()).toEqual([
      { change: "added", c: "channel", r: "source" },
      { change: "added", c: "town", r: "city" },
      { change: "added", c: "x", r: null },
      { change: "dropped", c: "age", r: null },
      { change: "dropped", c: "city", r: "town" },
      { change: "dropped", c: "source", r: "channel" },
    ])
    expect(await shop.schemaChanges("distinct landing_id, as_of, source, dataset")).toEqual([
      { landing_id: landingId, as_of: "2026-03-02 00:00:00", source: "shop", dataset: "things" },
    ])
  })

  test("without a key, or with other keys, a rename is told by how often each value occurs", async () => {
    const declared = { files: "things.csv" }
    await shop.deliver(
      1,
      csv({ code: (i) => `c${i % 4}`, quantity: (i) => i % 3, country: () => "UK" }),
      declared,
    )
    await shop.deliver(
      2,
      csv({ sku: (i) => `c${i % 4}`, quantity: (i) => i % 3, land: () => "UK" }, 24),
      declared,
    )
    // A constant says nothing.
    expect(await shop.schemaChanges()).toMatchObject([
      { change: "added", c: "land", r: null },
      { change: "added", c: "sku", r: "code" },
      { change: "dropped", c: "code", r: "sku" },
      { change: "dropped", c: "country", r: null },
    ])
  })

  test("keeps the rejected lines of the landing, also where the other one is read again for a rename", async () => {
    await shop.deliver(1, `${csv({ id, city: (i) => `city ${i}` })}20\n`, KEYED)
    const { outcome } = await shop.deliver(2, `${csv({ id, town: (i) => `city ${i}` })}21,a,b\n`, KEYED)
    expect(outcome).toMatchObject({ rowsRead: 21, rowsRejected: 1 })
    expect(await shop.rows("select raw_text from bronze.rejected_lines order by seq")).toEqual([
      { raw_text: "20" },
      { raw_text: "21,a,b" },
    ])
    expect((await shop.schemaChanges())[0]).toEqual({ change: "added", c: "town", r: "city" })
  })

  test.each<[string, (i: number) => string | number, (i: number) => string | number, string | undefined]>([
    ["numbers become text", (i) => i + 0.5, (i) => `USD ${i}`, "numbers → text"],
    ["whole numbers get decimals", (i) => i, (i) => i + 0.5, "whole numbers → numbers"],
    ["decimals happen to be whole", (i) => i + 0.5, (i) => i, undefined],
    [
      "dates are written another way",
      () => "2026-07-31",
      () => "31/07/2026",
      "dates → dates in another notation",
    ],
    ["a date gets a time", () => "2026-07-31", () => "2026-07-31 00:00:00", "dates → times"],
    ["text becomes numbers", (i) => `n${i}`, (i) => i, "text → whole numbers"],
    ["two values of twenty are odd", (i) => i, (i) => (i < 2 ? "n/a" : i), undefined],
    ["six values of twenty are odd", (i) => i, (i) => (i < 6 ? "n/a" : i), undefined],
    ["there are too few values", (i) => (i < 4 ? i : ""), (i) => `n${i}`, undefined],
  ])("of CSV values: %s", async (_, before, after, detail) => {
    await shop.deliver(1, csv({ id, v: before }), KEYED)
    await shop.deliver(2, csv({ id, v: after }), KEYED)
    expect(await shop.schemaChanges("change, column_name as c, detail")).toEqual(
      detail === undefined ? [] : [{ change: "retyped", c: "v", detail }],
    )
  })

  test("of JSON and Parquet: the type that the file has", async () => {
    const json = { files: "things.json", key: ["id"] }
    const objects = (v: (i: number) => unknown) =>
      Array.from({ length: 6 }, (_, i) => JSON.stringify({ id: i, v: v(i), n: i }))
    await shop.deliver(1, objects((i) => i).join("\n"), json)
    await shop.deliver(2, objects((i) => String(i)).join("\n"), json)
    await shop.deliver(3, `[${objects((i) => [i]).join(",")}]`, json)
    expect(await shop.schemaChanges("column_name as c, detail")).toEqual([
      { c: "v", detail: "JSON number → JSON string" },
      { c: "v", detail: "JSON string → JSON array" },
    ])
    const parquet = async (day: number, type: string) => {
      const path = shop.write("things.parquet", "")
      await shop.rows(`copy (select range as id, range::${type} as v from range(3)) to '${path}'`)
      await shop.land("things", { files: "things.parquet", key: ["id"] }, DAY(day))
      await shop.load({ files: "things.parquet", key: ["id"] })
    }
    await parquet(4, "integer")
    await parquet(5, "varchar")
    expect((await shop.schemaChanges("column_name as c, detail")).slice(2)).toEqual([
      // From JSON to Parquet only the values can be compared: [0] is text, 0 a whole number; six values were, three are.
      { c: "n", detail: "null from here on" },
      { c: "v", detail: "INTEGER → VARCHAR" },
    ])
  })

  test("columns named like anything", async () => {
    const odd = {
      id,
      name: (i: number) => i,
      value: (i: number) => i,
      "a b": (i: number) => i,
      "sel'ect": (i: number) => i,
    }
    await shop.deliver(1, csv(odd), KEYED)
    await shop.deliver(
      2,
      csv({ ...odd, name: (i) => `n${i}`, "a b": (i) => `n${i}`, "sel'ect": (i) => `n${i}` }),
      KEYED,
    )
    expect((await shop.schemaChanges()).map(({ c }) => c)).toEqual(["a b", "name", "sel'ect"])
  })
})

describe("in any order of arrival", () => {
  const COLUMNS = ["a", "b", "c", "d"]
  const landing = fc.record({
    columns: fc.shuffledSubarray(COLUMNS, { minLength: 1 }),
    text: fc.subarray(COLUMNS),
  })
  const world = fc.record({
    landings: fc.array(landing, { minLength: 2, maxLength: 4 }),
    order: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
  })

  test("the changes are those between neighbours in time", async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ landings, order }) => {
        await shop.close()
        shop = await thingsWorkshop()
        const arrival = landings
          .map((each, i) => ({ each, i }))
          .sort((x, y) => (order[x.i] ?? 0) - (order[y.i] ?? 0))
        for (const { each, i } of arrival) {
          const columns = Object.fromEntries(
            each.columns.map((name) => [
              name,
              (n: number) => (each.text.includes(name) ? `${name}${n}` : `${name.charCodeAt(0)}${n}`),
            ]),
          )
          await shop.deliver(i + 1, csv({ id, ...columns }, 6), KEYED)
        }
        const expected = landings.slice(1).flatMap((after, i) => {
          const before = landings[i] as typeof after
          const day = `2026-03-0${i + 2} 00:00:00`
          const common = before.columns.filter((name) => after.columns.includes(name))
          return [
            ...after.columns.filter((name) => !common.includes(name)).map((name) => `${day} added ${name}`),
            ...before.columns
              .filter((name) => !common.includes(name))
              .map((name) => `${day} dropped ${name}`),
            ...common
              .filter((name) => before.text.includes(name) !== after.text.includes(name))
              .map((name) => `${day} retyped ${name}`),
            ...(after.columns.filter((name) => common.includes(name)).join() === common.join()
              ? []
              : [`${day} reordered null`]),
          ]
        })
        const found = await shop.rows(
          "select concat_ws(' ', as_of, change, coalesce(column_name, 'null')) as s from bronze.schema_changes",
        )
        expect(found.map(({ s }) => s as string).sort()).toEqual(expected.sort())
      }),
      { numRuns: Number(process.env["RUNS"] ?? 10) },
    )
  })
})
