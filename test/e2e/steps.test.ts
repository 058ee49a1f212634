import { cpSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { cartwright, resultOf, temporaryFolder } from "./lib/cli.ts"
import { writeOnlineRetail } from "./lib/online-retail.ts"
import { publishedContents } from "./lib/published.ts"

test("the steps one by one, layer by layer, publish what `run` does; each does nothing the second time", async () => {
  const home = temporaryFolder()
  writeOnlineRetail(join(home, "files"))
  for (const shop of ["whole", "steps"]) await cartwright(["init", "files", "--dir", shop], { cwd: home })
  const shop = join(home, "steps")
  const step = (...args: string[]) => cartwright([...args, "--dir", shop, "--skip-code", "99"])
  const STEPS = [
    ["extract", "--source", "online_retail"],
    ["load", "--source", "online_retail"],
    ["transform", "--layer", "silver"],
    ["transform", "--layer", "star"],
    ["transform", "--layer", "marts"],
    ["publish"],
  ]
  expect((await cartwright(["run", "--dir", join(home, "whole")])).code).toBe(0)
  for (const args of STEPS) {
    if (args[2] === "silver") {
      const early = await step("transform", "--layer", "star")
      expect(early.code).toBe(10)
      expect(early.stderr).toContain("transform --layer silver")
    }
    if (args[2] === "marts") expect((await step("publish")).code).toBe(10)
    const { code, stderr } = await step(...args)
    expect(code, `${args.join(" ")}: ${stderr}`).toBe(0)
  }
  expect(await publishedContents(shop)).toEqual(await publishedContents(join(home, "whole")))
  for (const args of STEPS) expect((await step(...args)).code, args.join(" ")).toBe(99)
  expect((await step("run")).code).toBe(99)
  const ours = await cartwright(["run", "--dir", shop, "--skip-code", "8"])
  expect([ours.code, ours.stderr]).toEqual([2, expect.stringContaining("a whole number from 11 to 125")])
})

test("deliveries dated at the end of the interval or later wait for theirs", async () => {
  const home = temporaryFolder()
  const files = join(home, "files")
  writeOnlineRetail(files)
  for (const day of ["01", "02", "03"])
    cpSync(files, join(home, "days", `date=202607${day}`), { recursive: true })
  rmSync(files, { recursive: true })
  mkdirSync(join(home, "late"))
  renameSync(join(home, "days", "date=20260701"), join(home, "late", "date=20260701"))
  await cartwright(["init", "days", "--dir", "shop"], { cwd: home })
  const shop = join(home, "shop")
  const landedBy = async (interval: string): Promise<string[]> => {
    const { steps } = resultOf(
      await cartwright(["extract", "--dir", shop, "--interval", interval, "--json"]),
    ) as {
      steps: { extract: { result: { deliveries: { status: string; landingId: string }[] } } }
    }
    const landed = steps.extract.result.deliveries.filter(({ status }) => status === "landed")
    return landed.map(({ landingId }) => landingId)
  }
  expect(await landedBy("2026-07-01/2026-07-02")).toEqual([])
  expect(await landedBy("2026-07-02/2026-07-03")).toHaveLength(1)
  renameSync(join(home, "late", "date=20260701"), join(home, "days", "date=20260701"))
  expect(
    await landedBy("2026-07-02T02:00:00+02:00/2026-07-03T00:00:00Z"),
    "what is late is not lost",
  ).toHaveLength(1)
  expect(await landedBy("2026-07-03/2026-07-04")).toHaveLength(1)
  expect((await cartwright(["extract", "--dir", shop, "--interval", "2026-07-02"])).code).toBe(2)
})
