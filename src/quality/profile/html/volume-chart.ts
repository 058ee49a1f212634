import type { TimeCoverage } from "../report.ts"
import { counted } from "../wording.ts"
import { html, type Markup } from "../../../core/markup.ts"

const DAY = 86_400_000
/** With more bars than these, the next wider unit is taken. */
const MOST_BARS = 150
const HEIGHT = 100

interface Bar {
  from: string
  rows: number
}

/** Rows over time as bars: by day, week or month, whichever fits. */
export function volumeChart({ perDay, from, to }: TimeCoverage): Markup {
  const { unit, bars } = barsOf(perDay, from, to)
  const most = Math.max(...bars.map(({ rows }) => rows))
  const shapes = bars.map(({ from: start, rows }, i) => {
    const height = rows === 0 ? 0 : Math.max(1, (rows / most) * HEIGHT)
    const title = `${unit === "day" ? start : `${unit} of ${start}`}: ${counted(rows, "row")}`
    // An invisible bar of full height tells its number too where there is little or nothing to point at.
    return html`<g><title>${title}</title><rect class="hit" x="${i}" width="1" height="${HEIGHT}"/><rect class="bar" x="${i + 0.08}" y="${HEIGHT - height}" width="0.84" height="${height}"/></g>`
  })
  return html`<figure class="volume">
<figcaption>Rows per ${unit} <span class="dim">· most: ${counted(most, "row")}</span></figcaption>
<svg viewBox="0 0 ${bars.length} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="Rows per ${unit} from ${from} to ${to}">${shapes}</svg>
<div class="axis"><span>${from}</span><span>${to}</span></div>
</figure>`
}

/** A chart without words, of the part of a common span of time that a table covers. */
export function miniChart(
  { perDay }: TimeCoverage,
  span: { from: string; to: string },
  title: string,
): Markup {
  const width = 60
  const [start, end] = [Date.parse(span.from), Date.parse(span.to) + DAY]
  const sums = Array.from({ length: width }, () => 0)
  for (const [day, rows] of perDay) {
    const place = Math.min(width - 1, Math.floor(((Date.parse(day) - start) / (end - start)) * width))
    sums[place] = (sums[place] ?? 0) + rows
  }
  const most = Math.max(...sums)
  const shapes = sums.flatMap((rows, i) => {
    if (rows === 0) return []
    const height = Math.max(1, (rows / most) * 20)
    return [html`<rect class="bar" x="${i}" y="${20 - height}" width="0.9" height="${height}"/>`]
  })
  return html`<svg class="mini" viewBox="0 0 ${width} 20" preserveAspectRatio="none" role="img" aria-label="${title}">${shapes}</svg>`
}

function barsOf(
  perDay: TimeCoverage["perDay"],
  from: string,
  to: string,
): { unit: "day" | "week" | "month"; bars: Bar[] } {
  const days = (Date.parse(to) - Date.parse(from)) / DAY + 1
  const unit = days <= MOST_BARS ? "day" : days <= MOST_BARS * 7 ? "week" : "month"
  const startOf = {
    day: (day: string) => day,
    week: weekOf,
    month: (day: string) => `${day.slice(0, 7)}-01`,
  }[unit]
  const sums = new Map<string, number>()
  // Every unit has its bar, those without rows too.
  for (let time = Date.parse(from); time <= Date.parse(to); time += DAY)
    sums.set(startOf(new Date(time).toISOString().slice(0, 10)), 0)
  for (const [day, rows] of perDay) sums.set(startOf(day), (sums.get(startOf(day)) ?? 0) + rows)
  return { unit, bars: [...sums].map(([start, rows]) => ({ from: start, rows })) }
}

function weekOf(day: string): string {
  const time = Date.parse(day)
  const monday = time - ((new Date(time).getUTCDay() + 6) % 7) * DAY
  return new Date(monday).toISOString().slice(0, 10)
}
