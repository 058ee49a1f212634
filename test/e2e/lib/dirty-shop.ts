import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { silentEffects } from "../../../src/core/effects.ts"
import { generateShop } from "../../../src/generator/generate.ts"
import { cartwright, resultOf, temporaryFolder } from "./cli.ts"
import { consequences, type Defect, findingOf, readDefects } from "./dirt.ts"
import { askWarehouse } from "./published.ts"

const KINDS = [
  "badDate",
  "futureDate",
  "negativePrice",
  "orphan",
  "exactDuplicate",
  "changedDuplicate",
  "wrongFieldCount",
  "unclosedQuote",
  "invalidBytes",
  "nullKey",
  "contradictoryStatus",
  "wrongItemCount",
  "shippedBeforeCreated",
  "impossibleAge",
  "badEmail",
] as const

/**
 * Every defect that is planted in a generated shop is found by its screen at its file and line, and nothing else is.
 * @param rate of each kind of defect, as a share of the rows that can have it
 */
export function describeDirtyShop(name: string, scale: number, rate: number): void {
  const dirt = Object.fromEntries(KINDS.map((kind) => [kind, rate]))
  describe(name, () => {
    const home = temporaryFolder()
    const files = join(home, "files")
    const shop = join(home, "shop")
    let defects: Defect[]
    let found: Set<string>
    beforeAll(async () => {
      await generateShop({
        dir: files,
        scale,
        seed: 41,
        dirt,
        format: "csv",
        effects: silentEffects(),
      })
      defects = readDefects(files)
      expect((await cartwright(["init", files, "--dir", shop])).code).toBe(0)
      const ran = await cartwright(["run", "--dir", shop])
      expect(ran.code, ran.stderr).toBe(0)
      expect(ran.stdout).toMatch(/screened · \d+ screens fail: [\d,]+ records rejected/)
      const rows = await askWarehouse(
        shop,
        `select distinct data_set || '.' || screen_name || ' ' || source_file || ':' || source_line as finding
       from quality.error_event_details`,
      )
      found = new Set(rows.map((row) => row["finding"] as string))
    })

    test("each planted defect is found by its screen, at its file and line", () => {
      const kinds = new Set(defects.map(({ kind }) => kind))
      expect([...kinds].sort()).toEqual([...KINDS].sort())
      expect(defects.map(findingOf).filter((finding) => !found.has(finding))).toEqual([])
    })

    test("nothing else is found but what follows from a planted defect", () => {
      const planted = new Set(defects.map(findingOf))
      const following = consequences(files, defects)
      const spoiltLines = new Set(defects.map(({ file, line }) => `${file}:${line}`))
      const more = [...found].filter((finding) => !planted.has(finding) && !following.has(finding))
      // One defect can be two contradictions of a record: in the year 2097 ordered, in 2022 shipped.
      expect(more.filter((finding) => !spoiltLines.has(finding.split(" ")[1] ?? ""))).toEqual([])
      const screens = new Set(more.map((finding) => finding.split(" ")[0] ?? ""))
      expect([...screens].sort()).toEqual([
        "order_items.shipped_after_created",
        "orders.shipped_after_created",
        "orders.status_matches_times",
        "products.cost_below_price",
      ])
      // And what must follow is found.
      expect([...following].filter((finding) => !found.has(finding))).toEqual([])
    })

    test("a line of a file leads to what became of it, and an event to its lines", async () => {
      const defect = defects.find(({ kind }) => kind === "shippedBeforeCreated") as Defect
      const at = ["--file", defect.file, "--line", String(defect.line)]
      const line = resultOf(await cartwright(["errors", "show", ...at, "--dir", shop, "--json"])) as {
        found: { fate: string; details: { event: string; screen: string; line: number }[] }[]
      }
      expect(line.found[0]?.fate).toBe("current")
      const detail = line.found[0]?.details.find(({ screen }) => screen === "shipped_after_created")
      expect(detail?.line).toBe(defect.line)
      const shown = await cartwright([
        "errors",
        "show",
        detail?.event ?? "",
        "--dir",
        shop,
        "--limit",
        "1000",
      ])
      expect(shown.stdout, shown.stderr).toContain(
        `${defect.file}:${defect.line} · record ${defect.line - 1}`,
      )
      expect(shown.stdout).toContain(`shipped_at = ${defect.planted ?? ""}`)
      expect(shown.stdout).toMatch(new RegExp(`> ${defect.line} \\| .*${defect.planted ?? ""}`))
      const broken = defects.find(({ kind }) => kind === "wrongFieldCount") as Defect
      const unread = await cartwright([
        "errors",
        "show",
        "--file",
        broken.file,
        "--line",
        String(broken.line),
        "--dir",
        shop,
      ])
      expect(unread.stdout).toContain("set aside by the loader")
    })
  })
}
