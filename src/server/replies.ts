import { answer } from "../metrics/answer.ts"
import { csvLines, flatAnswer, parquetOf } from "../metrics/flat-answer.ts"
import { behind, definitionOf } from "../metrics/behind.ts"
import { PRESETS } from "../metrics/period.ts"
import type { PublishedShop, ShopPlaces } from "../metrics/published-shop.ts"
import type { Query } from "../metrics/query.ts"
import { scriptOf } from "../metrics/script.ts"
import type { ExplainReply, QueryReply, ShopReply } from "./api.ts"

/** What replies need to know of a shop beside its published version. */
export interface ServedShop {
  folder: string
  name: string
  places: ShopPlaces
  /** The folder of all runs. */
  runs: string
  /** The dbt manifest of the run that published a version. */
  manifestOf: (runId: string) => string
}

/** @param hidden names of dimensions that the reader may not see */
export async function shopReply(
  shop: PublishedShop,
  { name, manifestOf }: ServedShop,
  hidden: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ShopReply> {
  const { catalog, version, coverage } = shop
  const metrics = [...catalog.metrics.values()]
  const manifest = manifestOf(version.runId)
  const grades = new Map<string, ShopReply["metrics"][number]["grade"]>()
  const dimensions = new Map<string, ShopReply["dimensions"][number]>()
  const listed: ShopReply["metrics"] = []
  for (const metric of metrics) {
    const definition = definitionOf(metric, catalog)
    const facts = definition.grain.join()
    if (!grades.has(facts)) grades.set(facts, (await behind(shop, [metric], manifest, signal)).quality?.grade)
    listed.push({
      ...definition,
      splitBy: definition.splitBy.filter((each) => !hidden.has(each)),
      better: metric.better,
      missing: shop.missing(metric),
      grade: grades.get(facts),
    })
    for (const path of catalog.sharedDimensions([metric]))
      if (!dimensions.has(path.name) && !hidden.has(path.name))
        dimensions.set(path.name, {
          name: path.name,
          label: path.label,
          description: path.description,
          valueless: shop.valueless.has(path.name),
        })
  }
  return {
    name,
    version: version.version,
    publishedAt: version.createdAt,
    coverage,
    presets:
      coverage === undefined
        ? []
        : Object.entries(PRESETS).map(([preset, of]) => ({ name: preset, ...of(coverage.to) })),
    metrics: listed,
    dimensions: [...dimensions.values()],
  }
}

export function queryReply(shop: PublishedShop, query: Query, signal: AbortSignal): Promise<QueryReply> {
  return answer(shop, query, signal)
}

export const EXPORTS = {
  csv: "text/csv; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
} as const

/** The answer as a file. */
export async function exportReply(
  shop: PublishedShop,
  query: Query,
  format: keyof typeof EXPORTS,
  signal: AbortSignal,
): Promise<Buffer> {
  const flat = flatAnswer(await answer(shop, query, signal), query)
  return format === "csv" ? Buffer.from(`${csvLines(flat).join("\r\n")}\r\n`) : parquetOf(shop, flat, signal)
}

export async function explainReply(
  shop: PublishedShop,
  query: Query,
  { places, manifestOf }: ServedShop,
  signal: AbortSignal,
): Promise<ExplainReply> {
  const metrics = query.metrics.map((name) => shop.catalog.metric(name))
  return {
    definitions: metrics.map((metric) => definitionOf(metric, shop.catalog)),
    sql: scriptOf(query, shop, places),
    behind: await behind(shop, metrics, manifestOf(shop.version.runId), signal),
  }
}
