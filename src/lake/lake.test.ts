import { beforeEach, describe, expect, test } from "vitest"
import { emptyLake } from "./lake.fixture.ts"
import { manifestKey } from "./manifest.ts"

let { storage, file, open, deliver } = emptyLake()
beforeEach(() => {
  ;({ storage, file, open, deliver } = emptyLake())
})

describe("the lake", () => {
  test("takes the first decision about a kind, and never another", async () => {
    const { landing } = await deliver([file("a.csv", "id\n1\n")])
    const decision = { missing: 5, of: 10, allowed: 2, leftOut: [], decidedAt: "2026-02-07T11:00:00Z" }
    const partial = { kind: "partial" as const, ...decision }
    const lake = await open()
    expect(await lake.decide(landing, partial)).toEqual(partial)
    expect(await (await open()).decide(landing, { ...decision, kind: "full" })).toEqual(partial)
    expect(await (await open()).landings()).toMatchObject([{ kind: "partial", decided: partial }])
  })

  test("keeps who accepted a held landing, once; its deletes make a partial one full, its schema does not", async () => {
    const { landing } = await deliver([file("a.csv", "id\n1\n")])
    const lake = await open()
    const decision = { missing: 5, of: 10, allowed: 2, leftOut: [], decidedAt: "2026-02-07T11:00:00Z" }
    await lake.decide(landing, { kind: "partial", ...decision })
    const acceptance = { by: "ada", at: "2026-02-07T12:00:00.000Z", reason: "spring cleaning", follows: null }
    expect(await lake.accept(landing, "schema", acceptance)).toBe(true)
    expect(await lake.landings()).toMatchObject([{ kind: "partial", accepted: { schema: acceptance } }])
    expect(await lake.accept(landing, "deletes", acceptance)).toBe(true)
    expect(await lake.accept(landing, "deletes", { ...acceptance, by: "bob" })).toBe(false)
    for (const each of [lake, await open()])
      expect(await each.landings()).toMatchObject([
        { kind: "full", decided: { kind: "partial" }, accepted: { schema: acceptance, deletes: acceptance } },
      ])
  })

  test("refuses a damaged manifest by its place", async () => {
    const { landing } = await deliver([file("a.csv", "id\n1\n")])
    const damaged = { ...landing, landingId: "x", files: [{}] }
    await storage.writeIfAbsent(manifestKey(damaged as never), Buffer.from(JSON.stringify(damaged)))
    await expect((await open()).landings()).rejects.toMatchObject({
      code: "lake",
      place: `${storage.uri}/${manifestKey(damaged as never)}`,
    })
  })

  test("refuses a manifest of a newer version", async () => {
    const { landing } = await deliver([file("a.csv", "id\n1\n")])
    const newer = { ...landing, lakeVersion: 2, landingId: "x" }
    await storage.writeIfAbsent(manifestKey(newer as never), Buffer.from(JSON.stringify(newer)))
    await expect((await open()).landings()).rejects.toMatchObject({
      code: "lake",
      message: expect.stringContaining("newer version"),
    })
  })
})
