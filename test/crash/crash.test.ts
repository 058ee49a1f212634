import { rmSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { crashSeed, runCampaign } from "./lib/campaign.ts"
import { type Calm, disturb, tellCalmly } from "./lib/experiment.ts"
import { tinyShop } from "./lib/tiny-shop.ts"

/** A handful of kills; `npm run test:engines` does hundreds. */
describe("a run that is killed, and run again", () => {
  const seed = crashSeed()
  let calm: Calm
  beforeAll(async () => {
    calm = await tellCalmly(tinyShop, seed, 2)
  })
  afterAll(() => rmSync(calm.folder, { recursive: true, force: true }))

  test(`in every step, is as if it had not been killed (seed ${seed})`, async () => {
    const kills = [
      [/^link .*manifests/, /^sql commit/],
      [/^sql insert into meta[.]state select 'log_events'/],
      [/^rename .*published[/]0/, /^rename .*[/]current$/],
    ].map((actions) => actions.map((before) => ({ before })))
    const outcome = await runCampaign(kills.map((each) => ({ calm, day: 1, kills: each })))
    expect(outcome.found.join("\n")).toBe("")
    expect(outcome.kills).toBe(5)
  })

  test("loses power: what a manifest or the pointer names is on disk, with its folder, before it is named", () => {
    const actions = calm.days.flatMap((day) => day.actions)
    const unsynced = new Set<string>()
    let named = 0
    for (const action of actions) {
      const [, verb, path = ""] = /^(\S+) (.*)$/.exec(action) ?? []
      const isObject = verb === "link" && path.includes("/raw-data/")
      const isVersion = verb === "rename" && /[/]published[/]\d{4}-[^/]+$/.test(path)
      const isName =
        verb === "link" ? path.includes("/manifests/") : verb === "rename" && path.endsWith("/current")
      if (isName) expect([...unsynced], `before ${action}`).toEqual([])
      if (isName) named++
      if (isObject || isVersion) unsynced.add(dirname(path))
      if (verb === "sync") unsynced.delete(path)
    }
    expect(named).toBeGreaterThan(8)
  })

  test.each([
    ["pointer-first.mjs", /^rename .*published[/]0/, /reading 000\d-.*ENOENT/],
    ["no-transactions.mjs", /^sql insert into meta[.]state select 'log_events'/, /events_are_counted_once/],
  ])("is found out where the program is broken by %s", async (name, action, fault) => {
    const sabotage = fileURLToPath(new URL(`./lib/${name}`, import.meta.url))
    const { kills, faults } = await disturb({ calm, day: 1, kills: [{ before: action }], sabotage })
    expect(kills).toBe(1)
    expect(faults.join("\n")).toMatch(fault)
  })
})
