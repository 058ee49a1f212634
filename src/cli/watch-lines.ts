import type { ShopStatus } from "../pipeline/status.ts"
import type { Style } from "./terminal/style.ts"
import { count, table } from "./terminal/text.ts"

/** How many anomalies are shown; quality.anomalies has all. */
const SHOWN = 5

/** How fresh and complete the data sets are against their own history, and what in their newest deliveries is unlike it. */
export function watchLines(
  { datasets, anomalies, tables }: ShopStatus,
  style: (name: Style, text: string) => string,
): string[] {
  const watched = datasets.flatMap(({ name, health }) => (health === null ? [] : [{ name, ...health }]))
  if (watched.length === 0) return []
  const learning = watched.filter(({ dueBy, usualRows }) => dueBy === null && usualRows === null)
  const known = watched.filter((each) => !learning.includes(each))
  const rows = known.map(({ name, newest, usualRows, dueBy, overdue }) => [
    `  ${name}`,
    dueBy === null
      ? ""
      : overdue
        ? style("red", `overdue since ${minute(dueBy)}`)
        : `next by ${minute(dueBy)}`,
    usualRows === null
      ? ""
      : `${count(newest.rows)} rows, usually ${count(Math.ceil(usualRows.low))} to ${count(Math.floor(usualRows.high))}`,
  ])
  const overdue = known.some((each) => each.overdue)
  const odd = tables.flatMap(({ message }) => (message === null ? [] : [message]))
  const verdict = anomalies.length > 0 || odd.length > 0 || overdue ? "" : style("green", "as usual")
  return [
    "",
    ["against their history", verdict].filter((part) => part !== "" && known.length > 0).join(": "),
    ...(rows.length === 0 ? [] : table(["  data set", "next delivery", "newest delivery"], rows, [])),
    ...learningLine(learning),
    ...anomalies.slice(0, SHOWN).map(({ message }) => `  ${style("yellow", "unusual")}  ${message}`),
    ...(anomalies.length > SHOWN
      ? [`  ${count(anomalies.length - SHOWN)} more: quality.anomalies, or --json`]
      : []),
    ...odd.map((message) => `  ${style("yellow", "unusual")}  ${message}`),
  ].filter((line, i) => i === 0 || line !== "")
}

function learningLine(learning: readonly { name: string; landings: number; needed: number }[]): string[] {
  if (learning.length === 0) return []
  const told = learning.map(
    ({ name, landings, needed }) => `${name} ${Math.min(landings, needed)} of ${needed}`,
  )
  return [`  learning what is usual (earlier landings): ${told.join(", ")}`]
}

function minute(time: string): string {
  return time.slice(0, 16).replace("T", " ")
}
