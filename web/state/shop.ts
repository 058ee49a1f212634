import { createContext } from "preact"
import { useContext } from "preact/hooks"
import type { ListedMetric, QueryReply, ShopReply } from "../../src/server/api.ts"
import { type Asked, useAsked } from "./ask.ts"
import type { Notes } from "./notes.ts"
import type { Filter, View } from "./view.ts"

export interface Page {
  shop: ShopReply
  view: View
  change: (change: Partial<View>) => void
  notes: Notes
}

export const PageContext = createContext<Page | undefined>(undefined)

export function usePage(): Page {
  const page = useContext(PageContext)
  if (page === undefined) throw new Error("outside of the page")
  return page
}

/** What a card asks; period, comparison and filters come from the view. */
export interface CardQuestion {
  metrics: string[]
  by?: string[]
  grain?: string
  limit?: number
  order?: { by: string; descending?: boolean }
  /** Shows all values of this dimension, also where the view filters by it. */
  unfiltered?: string
  /** Conditions of the card's own. */
  where?: { dimension: string; is: (string | null)[] }[]
  /** `now`: as of the newest data, whatever the period; `period`: of the period, and no other one beside it. */
  of?: "now" | "period"
}

/** A page's own choice, which is in the address as all else. */
export function useChoice(name: string): [string | undefined, (value: string | undefined) => void] {
  const { view, change } = usePage()
  return [view.choices[name], (value) => change({ choices: { ...view.choices, [name]: value ?? "" } })]
}

export interface CardAnswer {
  asked: Asked<QueryReply>
  /** Filters of the view that do not concern these metrics, by label. */
  ignored: string[]
  /** The question, for whoever wants to explain it. */
  question: Record<string, unknown>
}

export function periodOf({
  shop,
  view,
}: Pick<Page, "shop" | "view">): { from: string; to: string } | undefined {
  if (view.period === "all") return shop.coverage
  const preset = shop.presets.find(({ name }) => name === view.period)
  if (preset !== undefined) return { from: preset.from, to: preset.to }
  const [from = "", to = ""] = view.period.split("..")
  return /^\d{4}-\d\d-\d\d$/.test(from) && /^\d{4}-\d\d-\d\d$/.test(to) ? { from, to } : shop.coverage
}

/** The part of time that shows a period in some ten to forty steps. */
export function grainOf({ from, to }: { from: string; to: string }): "day" | "week" | "month" {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1
  return days <= 45 ? "day" : days <= 200 ? "week" : "month"
}

export function metricOf({ metrics }: ShopReply, name: string): ListedMetric | undefined {
  return metrics.find((metric) => metric.name === name)
}

/** Whether the shop has numbers for a metric. */
export function isThere(shop: ShopReply, metric: string): boolean {
  const listed = metricOf(shop, metric)
  return listed !== undefined && listed.missing === undefined
}

/** Whether no source of the shop states a dimension, or there is no such dimension. */
export function isValueless({ dimensions }: ShopReply, name: string): boolean {
  return dimensions.find((dimension) => dimension.name === name)?.valueless !== false
}

export function labelOf({ dimensions }: ShopReply, name: string): string {
  return dimensions.find((dimension) => dimension.name === name)?.label ?? name
}

/** The filters that all of the metrics know, and the labels of the others. */
export function concerning(
  shop: ShopReply,
  filters: readonly Filter[],
  metrics: readonly string[],
): { kept: Filter[]; ignored: string[] } {
  const known = (filter: Filter) =>
    metrics.every((name) => metricOf(shop, name)?.splitBy.includes(filter.dimension) === true)
  return {
    kept: filters.filter(known),
    ignored: filters.filter((filter) => !known(filter)).map(({ dimension }) => labelOf(shop, dimension)),
  }
}

/** @param asking whether there is anything to ask as yet */
export function useAnswer(
  { unfiltered, of, where = [], ...asked }: CardQuestion,
  attempt = 0,
  asking = true,
): CardAnswer {
  const { shop, view } = usePage()
  const { kept, ignored } = concerning(shop, view.filters, asked.metrics)
  const period = of === "now" ? undefined : periodOf({ shop, view })
  const question = {
    ...asked,
    where: [
      ...where,
      ...kept
        .filter(({ dimension }) => dimension !== unfiltered)
        .map(({ dimension, values }) => ({ dimension, is: values })),
    ],
    ...(period === undefined ? {} : { period }),
    ...(period === undefined || of === "period" || view.compare === "none" ? {} : { compare: view.compare }),
  }
  return {
    asked: useAsked<QueryReply>(asking ? addressOf("query", question) : undefined, attempt),
    ignored,
    question,
  }
}

export function addressOf(
  what: "query" | "explain" | "customers" | "customer" | "errors",
  question: object,
): string {
  return `/api/${what}?q=${encodeURIComponent(JSON.stringify(question))}`
}
