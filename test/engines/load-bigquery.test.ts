import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { openBigQuery } from "../../src/warehouse/bigquery/bigquery-warehouse.ts"
import { openDuckDb } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"
import type { Warehouse } from "../../src/warehouse/warehouse.ts"
import { cartwright, resultOf, temporaryFolder } from "../e2e/lib/cli.ts"
import { type BigQueryEmulator, startBigQueryEmulator } from "./lib/bigquery-emulator.ts"
import { bigQueryEmulatorBin, describeWith, fakeGcsBin } from "./lib/engines.ts"
import { type FakeGcs, startFakeGcs } from "./lib/fake-gcs.ts"

const PROJECT = "shop-project"
const DATASETS = ["users", "products", "orders", "order_items", "events"].map((name) => `thelook__${name}`)
const [FIRST, SECOND, THIRD] = ["20251229", "20251230", "20251231"] as const

describeWith(
  { emulator: bigQueryEmulatorBin(), server: fakeGcsBin() },
  "a shop with its lake in a bucket and its warehouse in BigQuery, both emulated",
  ({ emulator: bin, server }) => {
    const home = temporaryFolder()
    let emulator: BigQueryEmulator
    let gcs: FakeGcs
    const command = async (shop: string, ...words: string[]) => {
      const env = { STORAGE_EMULATOR_HOST: gcs.endpoint, BIGQUERY_EMULATOR_HOST: emulator.url }
      const ended = await cartwright([...words, "--dir", join(home, shop), "--json"], { env })
      expect(ended.code, ended.stderr + ended.stdout).toBe(0)
      return resultOf(ended)
    }
    const loaded = async (shop: string) => {
      await command(shop, "extract")
      return command(shop, "load")
    }
    const deliver = (day: string) =>
      cpSync(join(home, "generated", `date=${day}`), join(home, "files", `date=${day}`), { recursive: true })

    beforeAll(async () => {
      const buckets = mkdtempSync(join(tmpdir(), "cartwright-buckets-"))
      gcs = await startFakeGcs(server, buckets)
      await gcs.createBucket("shop")
      emulator = await startBigQueryEmulator(bin, PROJECT, buckets)
      const generated = ["--scale", "0.002", "--from", "2025-06-01", "--days", "3", "--dirt"]
      expect((await cartwright(["generate", "--dir", "generated", ...generated], { cwd: home })).code).toBe(0)
      deliver(FIRST)
      deliver(SECOND)
      const made = await cartwright(["init", "files", "--dir", "disk"], { cwd: home })
      expect(made.code, made.stderr).toBe(0)
      cpSync(join(home, "disk"), join(home, "cloud"), { recursive: true })
      for (const part of ["lake", "runs", "warehouse.duckdb"])
        rmSync(join(home, "cloud", part), { recursive: true, force: true })
      const config = join(home, "cloud", "cartwright.yaml")
      const warehouse = `warehouse: {type: bigquery, project: ${PROJECT}, location: US}`
      const text = readFileSync(config, "utf8")
        .replace("engine: embedded", "engine: dbt")
        .replace(/^warehouse:\n(?: .*\n)*/m, `${warehouse}\n`)
      expect(text).toContain(warehouse)
      writeFileSync(config, `${text}\nlake:\n  path: gs://shop/lake\n`)
    })
    afterAll(async () => {
      await emulator.stop()
      await gcs.stop()
    })

    const text = (_: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value)

    /** All rows of bronze's tables, without the times at which they were loaded. */
    const bronzeOf = async (warehouse: Warehouse) => {
      const session = await warehouse.session()
      const content: Record<string, string[]> = {}
      for (const table of ["landings", "rejected_lines", "landing_columns", ...DATASETS]) {
        const name = [warehouse.catalog, "bronze", table].map((part) => warehouse.quote(part)).join(".")
        const { columns, rows } = await session.result(`select * from ${name}`)
        content[table] = rows
          .map((row) => row.map((value, i) => (columns[i]?.endsWith("loaded_at") ? null : value)))
          .map((row) => JSON.stringify(row, text))
          .sort()
      }
      await warehouse.close()
      return content
    }
    const onDisk = async () =>
      bronzeOf(await openDuckDb({ path: join(home, "disk", "warehouse.duckdb"), readOnly: true }))
    const emulated = () =>
      openBigQuery({
        project: PROJECT,
        location: "US",
        shop: "test",
        run: "test",
        endpoint: emulator.url,
        credentials: { accessToken: "made-up" },
      })
    const inCloud = async () => bronzeOf(await emulated())

    test("cartwright load brings day after day into the same bronze as on disk, row for row", async () => {
      for (const days of [[FIRST, SECOND], [THIRD]]) {
        for (const day of days) deliver(day)
        await loaded("disk")
        const before = emulator.jobs.length
        expect(await loaded("cloud")).toMatchObject({ status: "done" })
        // Of each landing: its staged rows, perhaps its rejected lines, and a number of statements that no row or file changes.
        expect(emulator.jobs.length - before).toBeLessThanOrEqual(DATASETS.length * days.length * 30)
        expect(await inCloud()).toEqual(await onDisk())
      }
      const loads = emulator.jobs.flatMap(({ configuration: { load } }) => (load === undefined ? [] : [load]))
      for (const load of loads)
        expect(load).toMatchObject({
          sourceUris: [expect.stringMatching(/^gs:\/\/shop\/lake\/staged\/\S+\.parquet$/)],
        })
      expect(loads.length).toBeGreaterThan(DATASETS.length)
      expect(await gcs.list("shop", "lake/staged/")).toEqual([])
      const { rejected_lines: rejected, thelook__events: events } = await inCloud()
      expect(rejected?.length).toBeGreaterThan(0)
      expect(events?.length).toBeGreaterThan(1000)
    })

    test("a load in which nothing changed makes no job, and asks BigQuery once, whether all is there", async () => {
      const [jobs, requests] = [emulator.jobs.length, emulator.requests()]
      expect(await command("cloud", "load")).toMatchObject({ status: "unchanged" })
      expect([emulator.jobs.length, emulator.requests()]).toEqual([jobs, requests + 1])
    })

    test("a log that somebody dropped is noticed although nothing arrived, and built again", async () => {
      const users = async () => {
        const warehouse = await emulated()
        const session = await warehouse.session()
        const { columns, rows } = await session.result("select * from bronze.thelook__users")
        await warehouse.close()
        return rows
          .map((row) =>
            JSON.stringify(
              row.filter((_, i) => !/^_(seq|loaded_at)$/.test(columns[i] ?? "")),
              text,
            ),
          )
          .sort()
      }
      const before = await users()
      const warehouse = await emulated()
      await (await warehouse.session()).run("drop table bronze.thelook__users")
      await warehouse.close()
      expect(await command("cloud", "load")).toMatchObject({ status: "done" })
      expect(await users()).toEqual(before)
      expect(before.length).toBeGreaterThan(10)
    })

    test("while another machine loads, this one is refused, by name, and changes nothing", async () => {
      const holder = { host: "other-machine", pid: 7, token: "x", runId: "run-1", command: "cartwright run" }
      const expiresAt = new Date(Date.now() + 600_000).toISOString()
      await gcs.put("shop", "lake/staged/lease.json", JSON.stringify({ ...holder, takenAt: "", expiresAt }))
      const jobs = emulator.jobs.length
      const env = { STORAGE_EMULATOR_HOST: gcs.endpoint, BIGQUERY_EMULATOR_HOST: emulator.url }
      const refused = await cartwright(["load", "--dir", join(home, "cloud")], { env })
      expect(refused.code, refused.stderr).toBe(8)
      expect(refused.stderr).toContain("run run-1, process 7 on other-machine")
      expect(refused.stderr).toContain("gs://shop/lake/staged/lease.json")
      expect(emulator.jobs.length).toBe(jobs)
    })
  },
)
