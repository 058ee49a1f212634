import { CALENDAR, PEOPLE } from "../planted.ts"
import { cumulate, type Randomness } from "../random.ts"

/** One day of the shop: how many visits begin and how many customers register. */
export interface Day {
  /** `2026-01-31`. */
  date: string
  /** Epoch second of midnight UTC. */
  start: number
  /** Numbers of the day's visits: [firstVisit, firstVisit + visits). */
  firstVisit: number
  visits: number
  /** Customers registered before the day began; on the first day, the founding ones. */
  customersBefore: number
  /** Customers who register on the day. */
  customers: number
  /** Whether prices are reduced for a season. */
  sale: boolean
}

const DAY = 86_400

/** The days from `from` to `to`, both included, with their visits and registrations; sums are exact. */
export function calendar(
  range: { from: string; to: string },
  totals: { visits: number; customers: number },
  random: Randomness,
  sale: (monthDay: string) => boolean,
): Day[] {
  const first = midnight(range.from)
  const count = Math.round((midnight(range.to) - first) / DAY) + 1
  const starts = Array.from({ length: count }, (_, i) => first + i * DAY)
  const weights = starts.map((start, i) => visitWeight(start, i) * noise(random, "calendar noise", i))
  const visits = cumulate(weights, totals.visits)
  const founding = Math.max(1, Math.round(totals.customers * PEOPLE.founding))
  const registering = starts.map(
    (start, i) => Math.sqrt(visitWeight(start, i)) * noise(random, "registration noise", i),
  )
  const customers = cumulate(registering, totals.customers - founding)
  return starts.map((start, i) => {
    const firstVisit = i === 0 ? 0 : (visits[i - 1] ?? 0)
    const before = i === 0 ? 0 : founding + (customers[i - 1] ?? 0)
    const date = isoDate(start)
    return {
      date,
      start,
      firstVisit,
      visits: (visits[i] ?? 0) - firstVisit,
      customersBefore: i === 0 ? founding : before,
      customers: founding + (customers[i] ?? 0) - before,
      sale: sale(date.slice(5)),
    }
  })
}

/** What the calendar does to the number of visits, without chance: growth × month × weekday × special days. */
function visitWeight(start: number, index: number): number {
  const date = new Date(start * 1000)
  const month = CALENDAR.months[date.getUTCMonth()] ?? 1
  const weekday = CALENDAR.weekdays[(date.getUTCDay() + 6) % 7] ?? 1
  return CALENDAR.growth ** (index / 365.25) * month * weekday * special(date)
}

function special(date: Date): number {
  if (isBlackFriday(date)) return CALENDAR.blackFriday
  return isBlackFriday(new Date(date.getTime() - 3 * DAY * 1000)) ? CALENDAR.cyberMonday : 1
}

function isBlackFriday(date: Date): boolean {
  const day = date.getUTCDate()
  return date.getUTCMonth() === 10 && date.getUTCDay() === 5 && day >= 23 && day <= 29
}

function noise(random: Randomness, purpose: string, index: number): number {
  return 1 + CALENDAR.noise * (2 * random.unit(purpose, index) - 1)
}

export function midnight(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 1000
}

export function isoDate(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10)
}
