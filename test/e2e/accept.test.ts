import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, expect, test } from "vitest"
import { cartwright, resultOf, temporaryFolder } from "./lib/cli.ts"
import { askWarehouse, currentVersion } from "./lib/published.ts"

const home = temporaryFolder()
const shop = join(home, "shop")
const run = (command: string, ...args: string[]) => cartwright([command, "--dir", shop, ...args])

/** Delivers the visits with these numbers; columns beyond `visit` have the number as their value. */
function deliver(numbers: number, columns = "visit,page"): void {
  const width = columns.split(",").length
  const line = (n: number) => Array.from({ length: width }, () => n).join(",")
  const lines = Array.from({ length: numbers }, (_, n) => `${line(n)}\n`)
  writeFileSync(join(home, "visits.csv"), `${columns}\n${lines.join("")}`)
}

async function heldOnes(): Promise<
  { landingId: string; reason: string; accepted: boolean; detail: string }[]
> {
  return resultOf(await run("accept", "--json"))["held"] as Awaited<ReturnType<typeof heldOnes>>
}

beforeAll(async () => {
  deliver(300)
  const made = await cartwright(["init", ".", "--dir", "shop"], { cwd: home })
  expect(made.code, made.stderr).toBe(0)
  const config = join(shop, "cartwright.yaml")
  writeFileSync(
    config,
    readFileSync(config, "utf8").replace("# key: [id]", "key: [visit]\n          schema: stop #"),
  )
  const first = await run("run")
  expect(first.code, first.stderr).toBe(0)
})

test("a delivery that misses too many records holds publishing until it is accepted", async () => {
  const version = currentVersion(shop)
  expect((await run("accept")).stdout).toBe("Nothing is held.\n")
  deliver(150)
  const guarded = await run("run")
  expect(guarded.code, guarded.stderr).toBe(6)
  expect(guarded.stderr).toContain("150 of 300 records that were there before are missing; 100 may be")
  expect(guarded.stderr).toContain("cartwright accept")
  expect(guarded.stderr).toContain(`Version ${version} stays published.`)
  expect(currentVersion(shop)).toBe(version)
  const again = await run("run", "--json")
  expect(resultOf(again)).toMatchObject({ ok: false, exitCode: 6, error: { code: "screen" } })
  const [held] = await heldOnes()
  expect(held).toMatchObject({
    reason: "missing_keys",
    accepted: false,
    missingKeys: 150,
    predecessorKeys: 300,
  })
  expect((await run("status")).stdout).toContain("held: nothing is published until")

  const unknown = await run("accept", "0123456789")
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain(held?.landingId)
  const id = held?.landingId ?? ""
  const accepted = await run("accept", id.slice(0, 8), "--reason", "a clean-up")
  expect(accepted.code, accepted.stderr).toBe(0)
  expect((await run("accept", id, "--json")).stdout).toContain('"first":false')
  expect(await heldOnes()).toMatchObject([{ landingId: id, accepted: true }])
  const applied = await run("run")
  expect(applied.code, applied.stderr).toBe(0)
  expect(applied.stderr).toContain("150 records are deleted")
  expect(currentVersion(shop)).not.toBe(version)
  expect(
    await askWarehouse(
      shop,
      "select _op, count(*)::int as n from bronze.files__visits group by all order by 1",
    ),
  ).toEqual([
    { _op: "D", n: 150 },
    { _op: "I", n: 300 },
  ])
  expect((await run("accept")).stdout).toBe("Nothing is held.\n")
  expect(resultOf(await run("run", "--json"))).toMatchObject({ status: "unchanged" })
}, 180_000)

test("a delivery with other columns is held where the schema says stop; --all accepts it", async () => {
  const version = currentVersion(shop)
  deliver(151, "visit,page,referrer")
  const landed = await run("extract")
  expect(landed.stdout).toContain("files.visits: new column referrer")
  const held = await run("load")
  expect(held.code, held.stderr).toBe(6)
  expect(held.stderr).toContain("column referrer is new")
  expect(held.stderr).toContain("set `schema: evolve` or `schema: freeze` for visits in cartwright.yaml")
  expect(held.stderr).toContain(`Version ${version} stays published.`)
  expect((await run("publish")).code).toBe(6)
  expect(await heldOnes()).toMatchObject([
    { reason: "schema_change", detail: expect.stringContaining("referrer") },
  ])
  expect((await run("accept", "--all")).stdout).toContain("accepted · files.visits")
  const applied = await run("load")
  expect(applied.code, applied.stderr).toBe(0)
  expect(applied.stderr).toContain("files.visits: referrer: no model reads it")
  expect((await run("status")).stdout).toContain("column referrer is new")
  expect((await run("accept")).stdout).toBe("Nothing is held.\n")
  expect(await askWarehouse(shop, "select count(referrer)::int as n from bronze.files__visits")).toEqual([
    { n: 151 },
  ])
}, 180_000)
