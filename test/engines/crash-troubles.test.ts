import { spawnSync } from "node:child_process"
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { crashSeed } from "../crash/lib/campaign.ts"
import {
  beginDay,
  type Calm,
  cartwrightIn,
  faultsAfter,
  requireDone,
  SHOP,
  tellCalmly,
} from "../crash/lib/experiment.ts"
import { randomOf } from "../crash/lib/random.ts"
import { startReader } from "../crash/lib/reader.ts"
import { tinyShop } from "../crash/lib/tiny-shop.ts"
import { start } from "../e2e/lib/cli.ts"

const seed = crashSeed()
const random = randomOf(seed)
let calm: Calm
beforeAll(async () => {
  calm = await tellCalmly(tinyShop, seed, 2)
})
afterAll(() => rmSync(calm.folder, { recursive: true, force: true }))

const again = async (home: string) =>
  requireDone(await cartwrightIn(home, ["run", ...SHOP]), "the run with space")

describe("on a full disk the run says so and changes nothing that readers see; with space the next one does the rest", () => {
  test.each([8, 40])("no file may be larger than %i KiB", async (limit) => {
    const home = beginDay(calm, 1)
    const temporary = join(home, "temporary")
    const running = start(["run", ...SHOP], {
      cwd: home,
      env: { TMPDIR: temporary },
      shell: `ulimit -f ${limit}`,
    })
    const { code, stderr } = await running.ended
    expect(code, stderr).toBe(9)
    expect(stderr).toMatch(/error: the disk is full/)
    expect(stderr).toMatch(/next: +Free some space and run the command again/)
    expect(stderr).toMatch(/state: .*Version 0001-\S+ stays published[.]/)
    await again(home)
    expect(await faultsAfter(home, calm, 1), `seed ${seed}`).toEqual([])
  })

  const disk = mkdtempSync(join(tmpdir(), "cartwright-crash-disk-"))
  const mounted = spawnSync("env", ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk]).status === 0
  afterAll(() => {
    if (mounted) spawnSync("env", ["umount", disk])
    rmSync(disk, { recursive: true, force: true })
  })

  test.skipIf(!mounted)(
    "a file system that has no room left, skipped where none can be mounted",
    async () => {
      const full: number[] = []
      for (const free of [0, 16, 120, 700, 1500]) {
        const home = beginDay(calm, 1, disk)
        const ballast = join(home, "ballast")
        const { bavail, bsize } = statfsSync(disk)
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - free * 1024)))
        const { code, stderr } = await cartwrightIn(home, ["run", ...SHOP])
        expect([0, 9], stderr).toContain(code)
        if (code === 9) expect(stderr).toMatch(/the disk is full/)
        if (code === 9) full.push(free)
        truncateSync(ballast, 0)
        await again(home)
        expect(await faultsAfter(home, calm, 1), `${free} KiB free, seed ${seed}`).toEqual([])
        rmSync(home, { recursive: true })
      }
      expect(full.length).toBeGreaterThanOrEqual(3)
    },
  )
})

describe("a permission that is lost", () => {
  /** Permissions do not bind root, who therefore runs the program as nobody. */
  const prefix =
    process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
  const asSomebody = (args: readonly string[], home: string) =>
    start(args, { cwd: home, env: { TMPDIR: join(home, "temporary") }, prefix }).ended
  const own = fileURLToPath(import.meta.url)
  const reads = [process.execPath, "-e", `require("fs").readFileSync("${own}")`]
  const reachable = spawnSync("env", [...prefix, ...reads], { cwd: "/" }).status === 0

  test
    .skipIf(!reachable)
    .each(["lake/raw-data", "lake/manifests/till/orders", "runs", "published", "warehouse.duckdb", "dbt"])(
    "for %s: the run says where, and with it the next one does the rest; skipped where nobody can reach the program",
    async (place) => {
      const home = beginDay(calm, 1)
      chmodSync(calm.folder, 0o755)
      if (prefix.length > 0) spawnSync("chown", ["-R", "65534:65534", home])
      const path = join(home, "shop", place)
      if (place === "dbt") {
        const config = join(home, "shop", "cartwright.yaml")
        writeFileSync(
          config,
          readFileSync(config, "utf8").replace("name: Tiny", "name: Tiny\n  currency: SEK"),
        )
      }
      const before = readdirSync(join(home, "shop", "published")).sort()
      spawnSync("chmod", ["-R", "a-w", path])
      const { code, stderr } = await asSomebody(["run", ...SHOP], home)
      expect(code, stderr).toBe(9)
      expect(stderr).toMatch(/permission/i)
      expect(stderr).toContain(place.split("/")[0])
      expect(readdirSync(join(home, "shop", "published")).sort()).toEqual(before)
      spawnSync("chmod", ["-R", "u+w", path])
      requireDone(await asSomebody(["run", ...SHOP], home), "the run with the permission")
      expect(await faultsAfter(home, calm, 1), `seed ${seed}`).toEqual([])
    },
  )
})

test("of two runs at once one works and the others are told who does; after that the shop is as after one run", async () => {
  for (let round = 0; round < 3; round++) {
    const home = beginDay(calm, 1)
    const reader = startReader(join(home, "shop"), [])
    await reader.stop()
    const runs = await Promise.all(
      [0, random.int(0, 80), random.int(0, 800)].map(async (ms) => {
        await new Promise((resolve) => setTimeout(resolve, ms))
        return cartwrightIn(home, ["run", ...SHOP])
      }),
    )
    const codes = runs.map(({ code }) => code)
    expect(codes.filter((code) => code !== 8 && code !== 0)).toEqual([])
    expect(codes).toContain(0)
    for (const { code, stderr } of runs) {
      if (code === 8)
        expect(stderr).toMatch(/another run holds the shop: cartwright run [(]run \S+, process \d+ on /)
    }
    expect(await faultsAfter(home, calm, 1), `seed ${seed}`).toEqual([])
    const versions = readdirSync(join(home, "shop", "published")).filter((name) => name !== "current")
    expect(versions.map((name) => name.slice(0, 4))).toEqual(["0001", "0002"])
  }
})

test("a run while readers read: each read is one version, whole", async () => {
  const home = beginDay(calm, 1)
  const published = calm.days.map(({ facts }) =>
    Object.fromEntries(Object.entries(facts).filter(([name]) => name.startsWith("published "))),
  )
  const readers = Array.from({ length: 3 }, () => startReader(join(home, "shop"), published))
  requireDone(await cartwrightIn(home, ["run", ...SHOP]), "run")
  for (const reader of readers) await reader.stop()
  expect(readers.flatMap(({ faults }) => faults)).toEqual([])
  expect(Math.min(...readers.map(({ reads }) => reads))).toBeGreaterThan(2)
})

test("a shop whose warehouse or records are gone is made again from the lake", async () => {
  for (const lost of ["warehouse.duckdb", "runs", "published"]) {
    const home = beginDay(calm, 1)
    rmSync(join(home, "shop", lost), { recursive: true })
    mkdirSync(join(home, "temporary"), { recursive: true })
    await again(home)
    const faults = (await faultsAfter(home, calm, 1)).filter((fault) => !/table bronze[.]/.test(fault))
    expect(faults, `without ${lost}, seed ${seed}`).toEqual([])
  }
})
