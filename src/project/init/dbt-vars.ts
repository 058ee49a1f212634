import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { LayerNames } from "../config/presets.ts"
import type { Shop } from "../shop.ts"
import { includedDatasets } from "../shop.ts"
import { PACKAGE_PATH } from "./vendor.ts"

const BEGIN = "# cartwright:begin"
const END = "# cartwright:end"

/** What the dbt package needs to know of the shop. */
export interface ShopVars {
  /** The data sets that the shop has, by source. */
  sources: Record<string, string[]>
  layers: LayerNames
  currency: string
  timeZone: string
  /** Another one when a macro changes: incremental models then look again at all their rows. */
  macroVersion: string
}

export function varsOf(shop: Shop): ShopVars {
  const sources: Record<string, string[]> = {}
  for (const { source, dataset } of includedDatasets(shop.sources)) (sources[source] ??= []).push(dataset)
  return {
    sources,
    layers: shop.layers,
    currency: shop.config.shop.currency,
    timeZone: shop.config.shop.time_zone,
    macroVersion: macroVersion(shop.paths.dbtProject),
  }
}

/** A hash of the macros of the shop's project and of the package in it. */
function macroVersion(dbtProject: string): string {
  const hash = createHash("sha256")
  for (const folder of ["macros", join(PACKAGE_PATH, "macros")]) {
    const path = join(dbtProject, folder)
    if (!existsSync(path)) continue
    const files = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".sql"),
    )
    for (const file of files.sort()) hash.update(readFileSync(join(path, file))).update("\0")
  }
  return hash.digest("hex").slice(0, 12)
}

/** The marked lines of `dbt_project.yml`, indented as entries of `vars:`. */
export function varsBlock({ sources, layers, currency, timeZone, macroVersion }: ShopVars): string {
  const lines = [
    `${BEGIN}: from cartwright.yaml; \`cartwright run\` keeps these lines in step with it`,
    "sources:",
    ...Object.entries(sources).map(([source, datasets]) => `  ${source}: [${datasets.join(", ")}]`),
    ...Object.entries(layers).map(([layer, name]) => `${layer}_schema: ${name}`),
    `currency: ${currency}`,
    `time_zone: ${timeZone}`,
    `macro_version: "${macroVersion}"`,
    END,
  ]
  return lines.map((line) => `  ${line}`).join("\n")
}

/** A `dbt_project.yml` with the marked lines as the shop wants them; undefined where nobody left the marks. */
export function withVarsBlock(text: string, vars: ShopVars): string | undefined {
  const lines = text.split("\n")
  const begin = lines.findIndex((line) => line.trimStart().startsWith(BEGIN))
  const end = lines.findIndex((line) => line.trim() === END)
  if (begin < 0 || end < begin) return undefined
  return [...lines.slice(0, begin), varsBlock(vars), ...lines.slice(end + 1)].join("\n")
}
