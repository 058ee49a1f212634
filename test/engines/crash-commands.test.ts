import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { crashSeed } from "../crash/lib/campaign.ts"
import { type Calm, cartwrightIn, disturb, killed, requireDone, tellCalmly } from "../crash/lib/experiment.ts"
import { factsOf } from "../crash/lib/facts.ts"
import { randomOf } from "../crash/lib/random.ts"
import { tinyShop } from "../crash/lib/tiny-shop.ts"
import { treeOf } from "../crash/lib/tree.ts"
import { writeOnlineRetail } from "../e2e/lib/online-retail.ts"

const seed = crashSeed()
const random = randomOf(seed)
const top = mkdtempSync(join(tmpdir(), "cartwright-crash-commands-"))
afterAll(() => rmSync(top, { recursive: true, force: true }))
const newHome = () => mkdtempSync(join(top, "home-"))

/** What a command does to the disk when it is left alone, action by action. */
async function actionsOf(home: string, args: readonly string[]): Promise<string[]> {
  const trace = join(home, "trace")
  requireDone(await cartwrightIn(home, args, { KILL_TRACE: trace }), args.join(" "))
  return readFileSync(trace, "utf8").trim().split("\n")
}

/** So many places among the actions, evenly, in another place with every seed. */
function spread(actions: readonly string[], count: number): number[] {
  const stride = actions.length / count
  return Array.from({ length: count }, (_, i) => 1 + Math.floor(stride * (i + random.int(0, 99) / 100)))
}

describe("a step by itself that is killed, and the whole run after it", () => {
  const calms: Calm[] = []
  beforeAll(async () => {
    calms.push(await tellCalmly(tinyShop, seed, 2))
  })
  afterAll(() => calms.forEach(({ folder }) => rmSync(folder, { recursive: true, force: true })))

  test.each([
    { command: "extract", prepared: [] },
    { command: "load", prepared: ["extract"] },
    { command: "transform", prepared: ["extract", "load"] },
    { command: "publish", prepared: ["extract", "load", "transform"] },
  ])("$command", async ({ command, prepared }) => {
    for (const action of [random.int(5, 20), random.int(20, 40), random.int(40, 60)]) {
      const calm = calms[0] as Calm
      const { faults } = await disturb({ calm, day: 1, command, prepared, kills: [{ action }] })
      expect(faults.join("\n"), `${command} killed before action ${action}, seed ${seed}`).toBe("")
    }
  })
})

test("init that is killed makes no shop, or the whole of it when it is run again", async () => {
  const make = () => {
    const home = newHome()
    writeOnlineRetail(join(home, "files"))
    return home
  }
  const args = ["init", "files", "--dir", "shop"]
  const calm = make()
  const actions = await actionsOf(calm, args)
  const expected = treeOf(join(calm, "shop"))
  const last = actions.length
  for (const action of [...spread(actions, 8), last - 2, last]) {
    const home = make()
    expect((await killed(home, args, { action })).code, `action ${action}`).toBe(null)
    const config = join(home, "shop", "cartwright.yaml")
    if (!existsSync(config)) requireDone(await cartwrightIn(home, args), "init again")
    expect(treeOf(join(home, "shop")), `init killed before action ${action}, seed ${seed}`).toEqual(expected)
  }
})

const TINY = ["--scale", "0.0001", "--from", "2025-12-01", "--to", "2025-12-31", "--days", "2"]

test("generate that is killed leaves nothing that init takes for a shop's files; again gives the same bytes", async () => {
  const args = ["generate", "--dir", "files", "--dirt", ...TINY]
  const calm = newHome()
  const actions = await actionsOf(calm, args)
  const expected = treeOf(join(calm, "files"))
  const moves = actions.flatMap((action, i) => (/^rename .*[/]files[/]/.test(action) ? [i + 1] : []))
  for (const action of [...spread(actions, 2), moves[1], moves.at(-1)].filter((each) => each !== undefined)) {
    const home = newHome()
    expect((await killed(home, args, { action })).code, `action ${action}`).toBe(null)
    mkdirSync(join(home, "files"), { recursive: true })
    const init = await cartwrightIn(home, ["init", "files", "--dir", "shop"])
    expect(init.code, `init after generate was killed before action ${action}: ${init.stdout}`).toBe(2)
    expect(existsSync(join(home, "shop", "cartwright.yaml"))).toBe(false)
    requireDone(await cartwrightIn(home, args), "generate again")
    expect(treeOf(join(home, "files")), `generate killed before action ${action}, seed ${seed}`).toEqual(
      expected,
    )
  }
})

test("demo that is killed, also while it removes an earlier one, makes the same shop when it is run again", async () => {
  const args = ["demo", "--dir", "demo", "--scale", "0.0001"]
  const home = newHome()
  const shop = join(home, "demo")
  requireDone(await cartwrightIn(home, args), "demo")
  const files = treeOf(join(shop, "files"))
  const expected = publishedRows(await factsOf(shop))
  const kills = [
    { args: [...args, "--fresh"], before: /^unlink .*removed[/].*[/]models[/]/ },
    { args, before: /^rename .*[/]files[/]orders[.]csv/ },
    { args, before: /^rename .*dbt_project[.]yml/ },
    { args, before: /^rename .*published[/]0001/ },
  ]
  for (const kill of kills) {
    const { code, stderr } = await killed(home, kill.args, kill)
    expect(code, `${String(kill.before)}: ${stderr}`).toBe(null)
  }
  requireDone(await cartwrightIn(home, args), "demo again")
  expect(treeOf(join(shop, "files"))).toEqual(files)
  expect(publishedRows(await factsOf(shop))).toEqual(expected)
  expect(readdirSync(home).sort()).toEqual(["demo", "temporary"])
})

/** How many rows each published table has: the files' times differ, and what tells of them. */
function publishedRows(facts: Record<string, string>): Record<string, string> {
  const tables = Object.entries(facts).filter(([name]) => name.startsWith("published "))
  return Object.fromEntries(tables.map(([name, fact]) => [name, fact.replace(/,.*/, "")]))
}

test("run that is killed while it brings dbt_project.yml in step leaves the old one or the new one", async () => {
  const calm = await tellCalmly(tinyShop, seed, 1)
  for (const before of [
    /^create .*dbt_project/,
    /^write the first half of .*dbt_project/,
    /^rename .*dbt_project/,
  ]) {
    const home = mkdtempSync(join(calm.folder, "currency-"))
    for (const part of ["shop", "files"]) {
      cpSync(join(calm.folder, "calm", part), join(home, part), { recursive: true, preserveTimestamps: true })
    }
    const project = join(home, "shop", "dbt", "dbt_project.yml")
    const text = readFileSync(project, "utf8")
    const config = join(home, "shop", "cartwright.yaml")
    writeFileSync(config, readFileSync(config, "utf8").replace("name: Tiny", "name: Tiny\n  currency: SEK"))
    expect((await killed(home, ["run", "--dir", "shop"], { before })).code).toBe(null)
    expect(readFileSync(project, "utf8")).toBe(text)
    requireDone(await cartwrightIn(home, ["run", "--dir", "shop"]), "run again")
    expect(readFileSync(project, "utf8")).toBe(text.replace("currency: USD", "currency: SEK"))
    expect(readdirSync(join(home, "shop", "dbt")).filter((name) => name.endsWith(".tmp"))).toEqual([])
  }
  rmSync(calm.folder, { recursive: true, force: true })
})
