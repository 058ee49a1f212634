import { definitionOf, type Definition } from "../../metrics/behind.ts"
import type { PublishedShop } from "../../metrics/published-shop.ts"
import { table } from "../terminal/text.ts"

interface Listed {
  metrics: (Definition & { missing: string | undefined })[]
  coverage: PublishedShop["coverage"]
}

/** What the shop can be asked. */
export function listOf({ catalog, coverage, missing }: PublishedShop): Listed {
  return {
    metrics: [...catalog.metrics.values()].map((metric) => ({
      ...definitionOf(metric, catalog),
      missing: missing(metric),
    })),
    coverage,
  }
}

export function listLines({ metrics, coverage }: Listed): string[] {
  const there = metrics.filter(({ missing }) => missing === undefined)
  const lacking = metrics.filter(({ missing }) => missing !== undefined)
  return [
    ...table(
      ["metric", "what it is", "can be split by"],
      there.map(({ name, description, splitBy }) => [name, description, splitBy.join(", ")]),
    ),
    ...(coverage === undefined ? [] : ["", `Data from ${coverage.from} to ${coverage.to}.`]),
    ...(lacking.length === 0 ? [] : ["", "Without numbers in this shop:"]),
    ...lacking.map(({ name, missing }) => `  ${name}: ${missing}`),
  ]
}
