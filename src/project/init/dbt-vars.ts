import type { LayerNames } from "../config/presets.ts"
import type { Shop } from "../shop.ts"
import { includedDatasets } from "../shop.ts"

const BEGIN = "# cartwright:begin"
const END = "# cartwright:end"

/** What the dbt package needs to know of the shop. */
export interface ShopVars {
  /** The data sets that the shop has, by source. */
  sources: Record<string, string[]>
  layers: LayerNames
  currency: string
  timeZone: string
}

export function varsOf(shop: Shop): ShopVars {
  const sources: Record<string, string[]> = {}
  for (const { source, dataset } of includedDatasets(shop.sources)) (sources[source] ??= []).push(dataset)
  return {
    sources,
    layers: shop.layers,
    currency: shop.config.shop.currency,
    timeZone: shop.config.shop.time_zone,
  }
}

/** The marked lines of `dbt_project.yml`, indented as entries of `vars:`. */
export function varsBlock({ sources, layers, currency, timeZone }: ShopVars): string {
  const lines = [
    `${BEGIN}: from cartwright.yaml; \`cartwright run\` keeps these lines in step with it`,
    "sources:",
    ...Object.entries(sources).map(([source, datasets]) => `  ${source}: [${datasets.join(", ")}]`),
    ...Object.entries(layers).map(([layer, name]) => `${layer}_schema: ${name}`),
    `currency: ${currency}`,
    `time_zone: ${timeZone}`,
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
