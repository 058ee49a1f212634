import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as fc from "fast-check"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Workshop, workshop } from "../../src/bronze/bronze.fixture.ts"
import type { DatasetDeclaration } from "../../src/connectors/files/declaration.ts"
import { loadLandings } from "../../src/pipeline/load.ts"
import { openBigQuery } from "../../src/warehouse/bigquery/bigquery-warehouse.ts"
import type { Warehouse } from "../../src/warehouse/warehouse.ts"
import { type BigQueryEmulator, startBigQueryEmulator } from "./lib/bigquery-emulator.ts"
import { type Delivery, EVERY_WAY, given, textOf, type World, world } from "./lib/bronze-worlds.ts"
import { bigQueryEmulatorBin, describeWith, googleSqlFolder } from "./lib/engines.ts"
import { startGoogleSql } from "./lib/googlesql.ts"
import { refusedOf } from "./lib/googlesql-jobs.ts"

const PROJECT = "shop-1"

describeWith(
  { emulator: bigQueryEmulatorBin(), googlesql: googleSqlFolder() },
  "bronze on BigQuery, emulated",
  ({ emulator: bin, googlesql }) => {
    let emulator: BigQueryEmulator
    let runs = 0
    beforeAll(async () => {
      emulator = await startBigQueryEmulator(bin, PROJECT, mkdtempSync(join(tmpdir(), "cartwright-buckets-")))
    })
    afterAll(() => emulator.stop())

    const open = () =>
      openBigQuery({
        // Nobody waits between attempts.
        pacing: { pause: async () => undefined, random: () => 0 },
        project: PROJECT,
        location: "US",
        shop: "toys",
        run: `run-${++runs}`,
        endpoint: emulator.url,
        credentials: { accessToken: "made-up" },
      })
    /** Loads what has landed into a warehouse. */
    const load = async (
      shop: Workshop,
      warehouse: Warehouse,
      bronzeSchema: string,
      declared: DatasetDeclaration,
    ) =>
      loadLandings({
        lake: await shop.lake(),
        warehouse,
        bronzeSchema,
        sources: [shop.source({ things: declared })],
        effects: shop.effects,
        deleteGuard: { records: 1, share: 0 },
      })
    /** Everything that bronze has, without the times at which it was done. */
    const contentOf = async (warehouse: Warehouse, schema: string) => {
      const session = await warehouse.session()
      const content: Record<string, unknown[]> = {}
      const tables = [
        "landings",
        "rejected_lines",
        "datasets",
        "landing_columns",
        "schema_changes",
        "held_landings",
      ]
      for (const table of [...tables, "shop__things"]) {
        const name = [warehouse.catalog, schema, table].map((part) => warehouse.quote(part)).join(".")
        const rows = await session.rows(`select * from ${name}`)
        content[table] = rows
          .map((row) =>
            Object.fromEntries(
              Object.entries(row).flatMap(([column, value]) =>
                /^_?loaded_at$|^held_since$|^accepted_at$/.test(column)
                  ? []
                  : [[column, typeof value === "bigint" ? Number(value) : value]],
              ),
            ),
          )
          .map((row) => JSON.stringify(row))
          .sort()
      }
      session.close()
      return content
    }
    /** The same deliveries, arriving and accepted alike, into a warehouse; every load twice. */
    const live = async (
      { key, kind, schema, deliveries, arrival }: World,
      warehouse: Warehouse,
      dataset: string,
    ) => {
      const shop = await workshop()
      const declared: DatasetDeclaration = {
        files: "things.csv",
        kind,
        schema,
        ...(key.length === 0 ? {} : { key }),
      }
      const told: unknown[] = []
      for (const i of arrival.filter((at) => at < deliveries.length)) {
        const given = deliveries[i] as Delivery
        shop.write("things.csv", textOf(given))
        const id = await shop.land("things", declared, `2026-03-0${i + 1}T00:00:00Z`)
        const loadAndTell = async () => {
          const outcomes = await load(shop, warehouse, dataset, declared)
          told.push(
            outcomes.map(({ elapsedMs: _elapsedMs, error, ...rest }) => ({ ...rest, error: error?.message })),
          )
        }
        await loadAndTell()
        if (given.accepted) {
          const lake = await shop.lake()
          const landing = (await lake.landings("shop", "things")).find(({ landingId }) => landingId === id)
          const at = "2026-04-01T00:00:00.000Z"
          for (const what of ["deletes", "schema"] as const)
            if (landing !== undefined)
              await lake.accept(landing, what, { by: "ann", at, reason: null, follows: null })
          await loadAndTell()
        }
        expect(
          (await load(shop, warehouse, dataset, declared)).filter(({ status }) => status === "loaded"),
        ).toEqual([])
      }
      const content = await contentOf(warehouse, dataset)
      await shop.close()
      return { told, content }
    }

    test("any deliveries, in any order, accepted or not, make the same tables as on DuckDB, row for row", async () => {
      let worlds = 0
      await fc.assert(
        fc.asyncProperty(world, async (given) => {
          const dataset = `bronze_${worlds++}`
          const local = await workshop()
          const expected = await live(given, local.warehouse, dataset)
          await local.close()
          const cloud = await open()
          expect(await live(given, cloud, dataset)).toEqual(expected)
          await cloud.close()
        }),
        { numRuns: Number(process.env["RUNS"] ?? 8), examples: EVERY_WAY },
      )
    })

    test("a load whose way to BigQuery breaks off anywhere, and is run again, leaves what an unbroken one leaves", async () => {
      const deliveries = [given("11 21 31"), given("12 41", { broken: 2 })]
      const declared: DatasetDeclaration = { files: "things.csv", key: ["k"] }
      const livedWith = async (dataset: string, after: number) => {
        const shop = await workshop()
        for (const [i, each] of deliveries.entries()) {
          shop.write("things.csv", textOf(each))
          await shop.land("things", declared, `2026-03-0${i + 1}T00:00:00Z`)
        }
        const before = emulator.requests()
        emulator.goAwayAfter(after)
        const broken = await open()
        const failed = await load(shop, broken, dataset, declared).then(
          () => false,
          () => true,
        )
        await broken.close()
        await emulator.comeBack()
        const requests = emulator.requests() - before
        const cloud = await open()
        if (failed) await load(shop, cloud, dataset, declared)
        const content = await contentOf(cloud, dataset)
        await cloud.close()
        await shop.close()
        return { content, requests, failed }
      }
      const unbroken = await livedWith("whole", Infinity)
      expect(unbroken.failed).toBe(false)
      let breaks = 0
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: unbroken.requests - 8 }), async (after) => {
          const { content, failed } = await livedWith(`broken_${breaks++}`, after)
          expect(failed).toBe(true)
          expect(content).toEqual(unbroken.content)
        }),
        { numRuns: Number(process.env["RUNS"] ?? 8) },
      )
    })

    test("a log that somebody dropped or altered is built again from the lake", async () => {
      const shop = await workshop()
      const declared: DatasetDeclaration = { files: "things.csv", key: ["k"] }
      const cloud = await open()
      for (const [i, records] of ["11 21", "12 21"].entries()) {
        shop.write("things.csv", textOf(given(records)))
        await shop.land("things", declared, `2026-03-0${i + 1}T00:00:00Z`)
      }
      await load(shop, cloud, "altered", declared)
      const session = await cloud.session()
      const log = `select k, v, _op, _row_number from \`${PROJECT}\`.altered.shop__things order by _seq`
      const before = await session.rows(log)
      expect(before).toHaveLength(3)
      for (const statement of [
        `drop table \`${PROJECT}\`.\`altered\`.shop__things`,
        `alter table \`${PROJECT}\`.\`altered\`.shop__things drop column _row_hash`,
      ]) {
        await session.run(statement)
        const [outcome] = await load(shop, cloud, "altered", declared)
        expect(outcome?.notices.join()).toMatch(/its log (?:is gone|has no column _row_hash)/)
        expect(await session.rows(log)).toEqual(before)
      }
      await cloud.close()
      await shop.close()
    })

    test("a column that BigQuery cannot name fails its delivery, by name", async () => {
      const shop = await workshop()
      const declared: DatasetDeclaration = { files: "things.csv" }
      shop.write("things.csv", "k,Unit Price\n1,2\n")
      await shop.land("things", declared, "2026-03-01T00:00:00Z")
      const cloud = await open()
      const [outcome] = await load(shop, cloud, "odd_names", declared)
      expect(outcome?.status).toBe("failed")
      expect(outcome?.error?.message).toBe(
        'shop.things has columns that the warehouse cannot name: "Unit Price"',
      )
      await cloud.close()
      await shop.close()
    })

    test("GoogleSQL's analyzer takes every statement", async () => {
      const analyzer = await startGoogleSql(googlesql)
      expect(await refusedOf(analyzer, PROJECT, emulator.jobs)).toEqual([])
      analyzer.stop()
    })
  },
)
