import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { hostname, tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { silentEffects } from "../core/effects.ts"
import { parseConfig } from "../project/config/read.ts"
import { shopOf } from "../project/shop.ts"
import { openDuckDb } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { enterShop } from "./enter-shop.ts"
import { holdShop } from "./hold-shop.ts"
import { readLedger, warehouseIdentity, writeLedger } from "./ledger.ts"
import { listRuns, newRunId } from "./run-record.ts"

const CONFIG = "shop: {name: s}\nsources: {a: {files: {path: files, datasets: {b: {files: b.csv}}}}}\n"

function newShop() {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-enter-"))
  mkdirSync(join(folder, "runs"))
  return shopOf(folder, parseConfig(CONFIG, join(folder, "cartwright.yaml")))
}

const enter = (shop: ReturnType<typeof newShop>, now = () => new Date("2026-11-21T08:00:00Z")) =>
  enterShop(shop, "cartwright run", silentEffects({ now }), () => {})

function write(...path: string[]): void {
  mkdirSync(dirname(join(...path)), { recursive: true })
  writeFileSync(join(...path), "half")
}

/** The number of a process that has ended. */
const endedPid = spawnSync(process.execPath, ["-e", ""]).pid

test("whoever enters a shop after a kill removes what the killed run left, and nothing else", async () => {
  const shop = newShop()
  const { folder } = shop
  const left = [
    "lake/raw-data/dataset_name=b/date=20260101/.unfinished-0123456789ab",
    "lake/manifests/a/b/.unfinished-0123456789ab",
    "runs/.ledger.json.01234567.tmp",
    "runs/20261121T070000Z/.state.json.01234567.tmp",
    "runs/20261121T070000Z/scratch/cartwright-load-x/file",
    "runs/20261121T070001Z/.plan.json.01234567.tmp",
    "dbt/.dbt_project.yml.01234567.tmp",
    "warehouse.duckdb.tmp/duckdb_temp_storage-0.tmp",
    "published/.building-0002-20261121T070000Z/fact_sales/data.parquet",
    "published/.current-next",
    "published/0002-20261121T070000Z/_unpublished",
  ]
  const stays = [
    "lake/raw-data/dataset_name=b/date=20260101/b.csv",
    "dbt/dbt_project.yml",
    "dbt/models/own.sql",
    "published/current",
    "published/0001-20261121T060000Z/_version.json",
  ]
  for (const name of [...left, ...stays]) write(folder, name)
  const record = join(folder, "runs", "20261121T070000Z")
  writeFileSync(join(record, "plan.json"), "{}")
  writeFileSync(join(record, "state.json"), '{"status": "running"}')
  const { release } = await enter(shop)
  expect(left.filter((name) => existsSync(join(folder, name)))).toEqual([])
  expect(stays.filter((name) => !existsSync(join(folder, name)))).toEqual([])
  expect(listRuns(shop.paths.runs)).toEqual(["20261121T070000Z"])
  await release()
})

test("a lease that a killed process was writing goes; one that a living process writes stays", async () => {
  const shop = newShop()
  await enter(shop)
  const holder = { token: "0123456789abcdef", host: hostname(), start: null }
  const expiresAt = "2026-11-21T09:00:00Z"
  const other = join(shop.paths.runs, "lease.json.")
  writeFileSync(`${other}0123456789abcdef`, JSON.stringify({ ...holder, pid: endedPid, expiresAt }))
  writeFileSync(`${other}0123456789abcdee`, JSON.stringify({ ...holder, pid: process.ppid, expiresAt }))
  writeFileSync(join(shop.paths.runs, "lease.json"), JSON.stringify({ ...holder, pid: endedPid }))
  await enter(shop)
  expect(readdirSync(shop.paths.runs).sort()).toEqual(["lease.json", "lease.json.0123456789abcdee"])
})

test("no two runs have one id, though they began in the same second", async () => {
  const shop = newShop()
  const { runs } = shop.paths
  let asked = 0
  // Between the choice of an id and the lease, another run of this second comes and goes.
  const { runId } = await enter(shop, () => {
    const time = new Date("2026-11-21T08:00:00Z")
    if (asked++ === 1) write(runs, newRunId(time, runs), "state.json")
    return time
  })
  expect(runId).toBe("20261121T080000Z-2")
})

test("dbt commands on the warehouse that are killed leave nothing that could be published", async () => {
  const shop = newShop()
  const { runs } = shop.paths
  const built = { relations: [], publishable: [], unread: [] }
  const transformed = { inputs: "x", run: "r", at: "2026-11-21T08:00:00Z", ...built }
  writeLedger(runs, { format: 2, datasets: {}, transformed })
  let meanwhile: unknown = "not asked"
  const work = async (success: boolean) => {
    meanwhile = readLedger(runs).transformed
    return { success }
  }
  await holdShop(shop, "cartwright dbt run", silentEffects(), () => work(true))
  expect(meanwhile).toBeUndefined()
  expect(readLedger(runs).transformed).toEqual(transformed)
  await holdShop(shop, "cartwright dbt run", silentEffects(), () => work(false))
  expect(readLedger(runs).transformed).toBeUndefined()
})

test("a warehouse with commits that only its log has is not as it was left", async () => {
  const path = join(newShop().folder, "warehouse.duckdb")
  const first = await openDuckDb({ path })
  await first.close()
  const left = warehouseIdentity(path)
  const { ino, size, mtimeMs } = statSync(path)
  const second = await openDuckDb({ path })
  const session = await second.session()
  await session.run("create table t as select 1 as i")
  expect(statSync(path)).toMatchObject({ ino, size, mtimeMs })
  expect(warehouseIdentity(path)).not.toBe(left)
  await second.close()
})
