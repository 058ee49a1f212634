import { EVENTS_PER_VISIT, type Settings } from "./options.ts"
import type { Day } from "./shop/calendar.ts"
import type { Deliveries } from "./shop/customers.ts"
import type { Stretch } from "./shop/visits.ts"

/** One delivery of all tables: everything known at a moment, and the events of some days. */
export interface Delivery {
  /** The folder below the shop's own, e.g. `date=20251231`; empty for the only, undated delivery. */
  folder: string
  /** The day that it shows the end of. */
  date: string
  /** Index of that day in the calendar. */
  lastDay: number
  /** Epoch second of the midnight that ends it. */
  time: number
  /** The days whose events it brings, in parts that are worked out one after the other. */
  stretches: readonly Stretch[]
}

/** The deliveries in order: one undated, or the first with all history and one for each later day. */
export function planDeliveries(settings: Settings, days: readonly Day[]): Delivery[] {
  const last = days.length - 1
  const most = settings.rowsPerFile / EVENTS_PER_VISIT
  if (settings.days === 0) return [delivery("", days, 0, last, most)]
  const first = days.length - settings.days
  return Array.from({ length: settings.days }, (_, i) => {
    const day = first + i
    return delivery(`date=${(days[day]?.date ?? "").replaceAll("-", "")}`, days, i === 0 ? 0 : day, day, most)
  })
}

/** The daily deliveries as days of the calendar; undefined where there is only one, undated. */
export function dailyDeliveries(settings: Settings, days: readonly Day[]): Deliveries | undefined {
  return settings.days === 0 ? undefined : { first: days.length - settings.days, last: days.length - 1 }
}

function delivery(
  folder: string,
  days: readonly Day[],
  firstDay: number,
  lastDay: number,
  most: number,
): Delivery {
  const { date, start } = days[lastDay] as Day
  return { folder, date, lastDay, time: start + 86_400, stretches: stretches(days, firstDay, lastDay, most) }
}

/** Consecutive days of at most so many visits, worked out together, so that memory does not grow with the shop. */
function stretches(days: readonly Day[], firstDay: number, lastDay: number, most: number): Stretch[] {
  const parts: Stretch[] = []
  let begin = firstDay
  let sum = 0
  for (let day = firstDay; day <= lastDay; day++) {
    const visits = days[day]?.visits ?? 0
    if (sum > 0 && sum + visits > most) {
      parts.push({ firstDay: begin, lastDay: day - 1 })
      begin = day
      sum = 0
    }
    sum += visits
  }
  return [...parts, { firstDay: begin, lastDay }]
}
