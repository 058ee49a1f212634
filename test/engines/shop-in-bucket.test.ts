import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { cartwright, resultOf, temporaryFolder } from "../e2e/lib/cli.ts"
import { askPublished, currentVersion } from "../e2e/lib/published.ts"
import { describeWith, fakeGcsBin } from "./lib/engines.ts"
import { type FakeGcs, startFakeGcs } from "./lib/fake-gcs.ts"

/** Data sets that the shop takes in, one file each a day. */
const DATASETS = 5

/** What a run asks for in which nothing changed: the source; per data set its files and its landings; all landings; the lake's version. */
const UNCHANGED = { list: 1 + 2 * DATASETS + 1, look: 1 }

describeWith({ server: fakeGcsBin() }, "a shop whose files and lake are in a bucket", ({ server }) => {
  const home = temporaryFolder()
  const [day1, day2, day3] = ["20251229", "20251230", "20251231"] as const
  let gcs: FakeGcs
  const run = (shop: string, ...more: string[]) =>
    cartwright(["run", "--dir", join(home, shop), ...more], { env: { STORAGE_EMULATOR_HOST: gcs.endpoint } })
  const ask = (shop: string, ...words: string[]) =>
    cartwright([...words, "--dir", join(home, shop)], { env: { STORAGE_EMULATOR_HOST: gcs.endpoint } })
  /** Delivers a day to the shop on disk and to the bucket. */
  const deliver = async (day: string) => {
    const from = join(home, "generated", `date=${day}`)
    cpSync(from, join(home, "files", `date=${day}`), { recursive: true })
    for (const name of readdirSync(from)) await putFile(`date=${day}/${name}`)
  }
  const putFile = (name: string) =>
    gcs.put("shop", `exports/${name}`, readFileSync(join(home, "generated", name)))
  /** A shop as the one on disk, with its files and its lake in these places. */
  const makeShop = (name: string, files: string, lake: string) => {
    cpSync(join(home, "disk"), join(home, name), { recursive: true })
    for (const part of ["lake", "runs", "published", "warehouse.duckdb"])
      rmSync(join(home, name, part), { recursive: true, force: true })
    const config = join(home, name, "cartwright.yaml")
    const text = readFileSync(config, "utf8").replace("path: ../files", `path: ${files}`)
    writeFileSync(config, `${text}\nlake:\n  path: ${lake}\n`)
  }

  beforeAll(async () => {
    gcs = await startFakeGcs(server)
    await gcs.createBucket("shop")
    const generated = [
      "--dir",
      "generated",
      "--scale",
      "0.002",
      "--from",
      "2025-06-01",
      "--days",
      "3",
      "--dirt",
    ]
    expect((await cartwright(["generate", ...generated], { cwd: home })).code).toBe(0)
    await deliver(day1)
    await deliver(day2)
    const made = await cartwright(["init", "files", "--dir", "disk"], { cwd: home })
    expect(made.code, made.stderr).toBe(0)
    makeShop("cloud", "gs://shop/exports", "gs://shop/lakes/one")
    const ran = await run("disk")
    expect(ran.code, ran.stderr).toBe(0)
  })
  afterAll(() => gcs.stop())
  beforeEach(() => {
    gcs.mend()
    gcs.takeRequests()
  })

  /** Every published table with its rows, as one number each. */
  const published = async (shop: string) => {
    const folder = join(home, shop, "published", currentVersion(join(home, shop)))
    const tables = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    const content = tables.map(
      ({ name }) =>
        `select '${name}' as name, count(*)::int as n, sum(hash(t))::varchar as h from $${name} t`,
    )
    return askPublished(join(home, shop), `${content.join(" union all ")} order by 1`)
  }
  const tally = () => {
    const counts: Record<string, number> = {}
    for (const request of gcs.takeRequests()) counts[request] = (counts[request] ?? 0) + 1
    return counts
  }

  test("the first run publishes what the same shop on disk publishes", async () => {
    const ran = await run("cloud")
    expect(ran.code, ran.stderr).toBe(0)
    const requests = tally()
    const tables = await published("cloud")
    expect(tables.length).toBeGreaterThan(30)
    expect(tables).toEqual(await published("disk"))
    expect(readdirSync(join(home, "cloud"))).not.toContain("lake")
    // A landing of one object per data set and day: the object, its manifest, its decision; and the mark of the lake. Events come
    // as new records only, of which nothing is to be decided.
    const landings = 2 * DATASETS
    expect(requests["write"]).toBe(2 * landings + 2 * (DATASETS - 1) + 1)
    // Extract reads the source, load the lake, the placing of errors those landings that have some.
    expect(requests["read"]).toBeLessThanOrEqual(5 * landings)
    expect(requests["look"]).toBeLessThanOrEqual(4 * landings)
    expect(requests["list"]).toBeLessThanOrEqual(6 * DATASETS)
  })

  test("a run in which nothing changed asks for lists only, and reads nothing again", async () => {
    await run("cloud")
    gcs.takeRequests()
    const again = await run("cloud", "--json")
    expect(resultOf(again)).toMatchObject({ status: "unchanged" })
    expect(tally()).toEqual(UNCHANGED)
  })

  test("an object that was uploaded again with the same content is known by its md5", async () => {
    await putFile(`date=${day2}/orders.csv`)
    const ran = await run("cloud", "--json")
    expect(resultOf(ran)).toMatchObject({ status: "unchanged" })
    expect(tally()).toEqual(UNCHANGED)
  })

  test("errors are located in files that are in the bucket", async () => {
    const { events } = resultOf(await ask("cloud", "errors", "list", "--json")) as {
      events: { event: string }[]
    }
    const event = events[0]?.event ?? ""
    const shown = resultOf(await ask("cloud", "errors", "show", event, "--json")) as {
      records: { file: string; line: number; lines: { line: number; text: string }[] }[]
    }
    expect(shown.records.length).toBeGreaterThan(0)
    for (const { file, line, lines } of shown.records) {
      const raw = readFileSync(join(home, "generated", file), "utf8").split(/\r?\n/)
      expect(lines.find((each) => each.line === line)?.text).toBe(raw[line - 1])
    }
    const asked = [
      "errors",
      "show",
      "--file",
      shown.records[0]?.file ?? "",
      "--line",
      `${shown.records[0]?.line}`,
    ]
    expect((await ask("cloud", ...asked)).stdout).toBe((await ask("disk", ...asked)).stdout)
  })

  test("a server that goes away in the middle of landing: the next run goes on, and nothing is there twice", async () => {
    makeShop("broken", "gs://shop/exports", "gs://shop/lakes/two")
    gcs.cutAt((request) => request === "write", 8)
    const broken = await run("broken")
    expect(broken.code, broken.stderr).toBe(9)
    expect(broken.stderr).toContain("Google Cloud Storage does not answer while writing")
    expect(broken.stderr).toContain("run the command again")
    gcs.mend()
    const ran = await run("broken")
    expect(ran.code, ran.stderr).toBe(0)
    expect(await published("broken")).toEqual(await published("disk"))
    const keys = await gcs.list("shop", "lakes/two/")
    const ofFirst = await gcs.list("shop", "lakes/one/")
    expect(keys.map((key) => key.replace("two", "one"))).toEqual(ofFirst)
  })

  test("a new day lands alone, and again all tables are those on disk", async () => {
    await deliver(day3)
    gcs.takeRequests()
    for (const shop of ["disk", "cloud"]) {
      const ran = await run(shop)
      expect(ran.code, ran.stderr).toBe(0)
    }
    expect(await published("cloud")).toEqual(await published("disk"))
    expect(tally()["write"]).toBeLessThanOrEqual(3 * DATASETS)
  })

  test("a bucket that is not there is told, whether it was to hold the lake or the files", async () => {
    makeShop("no-lake", "gs://shop/exports", "gs://no-such-lake/x")
    const lake = await run("no-lake")
    expect(lake.code).toBe(9)
    expect(lake.stderr).toContain("error: there is no bucket no-such-lake")
    expect(lake.stderr).toContain("gcloud storage buckets create gs://no-such-lake")
    makeShop("no-files", "gs://no-such-files", "gs://shop/lakes/three")
    const files = await run("no-files")
    expect(files.code).toBe(9)
    expect(files.stderr).toContain("error: there is no bucket no-such-files")
    expect(await gcs.list("shop", "lakes/three/")).toEqual([])
  })

  test("a lake that is copied from disk to a bucket is the same lake", async () => {
    const lake = join(home, "disk", "lake")
    for (const entry of readdirSync(lake, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile()) await gcs.put("shop", `moved/${relative(lake, path)}`, readFileSync(path))
    }
    rmSync(lake, { recursive: true })
    appendFileSync(join(home, "disk", "cartwright.yaml"), "\nlake:\n  path: gs://shop/moved\n")
    gcs.takeRequests()
    expect(resultOf(await run("disk", "--json"))).toMatchObject({ status: "unchanged" })
    expect(tally()["write"]).toBeUndefined()
  })
})
