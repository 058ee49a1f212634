import { useEffect, useState } from "preact/hooks"
import { frozen } from "./known.ts"

export interface Filter {
  dimension: string
  /** null for where there is no value. */
  values: (string | null)[]
}

/** All that decides what the page shows. It is in the address: a link shows exactly this. */
export interface View {
  page: string
  /** A preset's name, or `2026-01-01..2026-01-31`. */
  period: string
  compare: "previous_period" | "previous_year" | "none"
  filters: Filter[]
  /** What else a page lets choose, by a name of its own. */
  choices: Record<string, string>
}

const DEFAULT: View = {
  page: "overview",
  period: "last_12_months",
  compare: "previous_year",
  filters: [],
  choices: {},
}
const COMMON = new Set(["page", "period", "compare", "filter"])

export function viewOf(search: string): View {
  const parameters = new URLSearchParams(search)
  const compare = parameters.get("compare")
  return {
    page: parameters.get("page") ?? DEFAULT.page,
    period: parameters.get("period") ?? DEFAULT.period,
    compare: compare === "previous_period" || compare === "none" ? compare : DEFAULT.compare,
    filters: parameters.getAll("filter").flatMap(filterOf),
    choices: Object.fromEntries([...parameters].filter(([name]) => !COMMON.has(name))),
  }
}

/** A filter as a JSON list: the dimension, then its values. What is none is passed over. */
function filterOf(text: string): Filter[] {
  let parts: unknown
  try {
    parts = JSON.parse(text)
  } catch {
    return []
  }
  const [dimension, ...values] = Array.isArray(parts) ? (parts as unknown[]) : []
  const isValue = (value: unknown): value is string | null => value === null || typeof value === "string"
  if (typeof dimension !== "string" || values.length === 0 || !values.every(isValue)) return []
  return [{ dimension, values }]
}

export function searchOf({ page, period, compare, filters, choices }: View): string {
  const parameters = new URLSearchParams()
  if (page !== DEFAULT.page) parameters.set("page", page)
  if (period !== DEFAULT.period) parameters.set("period", period)
  if (compare !== DEFAULT.compare) parameters.set("compare", compare)
  for (const { dimension, values } of filters)
    parameters.append("filter", JSON.stringify([dimension, ...values]))
  for (const [name, value] of Object.entries(choices)) if (value !== "") parameters.set(name, value)
  const search = parameters.toString()
  return search === "" ? "?" : `?${search}`
}

/** The filters with a value put in where it was not, and out where it was. */
export function toggled(filters: readonly Filter[], dimension: string, value: string | null): Filter[] {
  const found = filters.find((filter) => filter.dimension === dimension)
  if (found === undefined) return [...filters, { dimension, values: [value] }]
  const values = found.values.includes(value)
    ? found.values.filter((each) => each !== value)
    : [...found.values, value]
  return filters.flatMap((filter) =>
    filter !== found ? [filter] : values.length === 0 ? [] : [{ dimension, values }],
  )
}

/** The view, and how to change it: each change is a step that the browser's back button undoes. */
export function useView(): [View, (change: Partial<View>) => void] {
  const [view, setView] = useState(() => viewOf(frozen?.search ?? location.search))
  useEffect(() => {
    const moved = () => setView(viewOf(location.search))
    addEventListener("popstate", moved)
    return () => removeEventListener("popstate", moved)
  }, [])
  const change = (changed: Partial<View>) => {
    // A frozen copy keeps its state to itself: browsers let no file have another address.
    if (frozen !== undefined) {
      setView((before) => ({ ...before, ...changed }))
      return
    }
    const next = { ...viewOf(location.search), ...changed }
    history.pushState(null, "", searchOf(next))
    setView(next)
  }
  return [view, change]
}
