import { describeChange } from "../bronze/schema-changes.ts"
import { touchedSentence } from "../pipeline/load-impact.ts"
import type { ShopStatus } from "../pipeline/status.ts"
import type { Style } from "./terminal/style.ts"
import { bytes, count, duration, table } from "./terminal/text.ts"
import { watchLines } from "./watch-lines.ts"

/** The status of a shop for a person. */
export function statusLines(
  status: ShopStatus,
  now: Date,
  style: (name: Style, text: string) => string,
): string[] {
  const { running, lastRun, published } = status
  const lines = [`${style("bold", status.shop)} · ${status.folder}`, ""]
  if (running !== null) {
    lines.push(
      `running    ${running.command} (run ${running.runId}, process ${running.pid} on ${running.host}), for ${ago(running.since, now)}`,
    )
  }
  lines.push(`last run   ${lastRun === null ? "none yet" : lastRunLine(lastRun, now, style)}`)
  for (const error of lastRun?.errors ?? []) lines.push(`           ${style("red", error.message ?? "")}`)
  lines.push(
    `published  ${
      published === null
        ? "nothing yet"
        : `version ${published.version}, ${ago(published.publishedAt, now)} ago · ${count(published.tables)} tables, ${count(published.rows)} rows, ${bytes(published.bytes)}`
    }`,
    "",
  )
  const rows = status.datasets.map(({ name, landed, loaded }) => [
    name,
    landed === null ? "never" : minute(landed.asOf),
    landed === null ? "" : ago(landed.asOf, now),
    ...(loaded === null
      ? ["", "", "", ""]
      : [loaded.rowsRead, loaded.rowsLoaded, loaded.rowsUnchanged, loaded.rowsRejected].map((n) => count(n))),
    loaded === null || loaded.landingId === landed?.landingId ? "" : "a newer landing is not loaded yet",
  ])
  const header = [
    "data set",
    "state of (UTC)",
    "age",
    "rows read =",
    "loaded +",
    "unchanged +",
    "rejected",
    "",
  ]
  return [
    ...lines,
    ...table(header, rows, [3, 4, 5, 6]),
    ...watchLines(status, style),
    ...heldLines(status, now, style),
    ...changeLines(status),
  ]
}

function heldLines({ held }: ShopStatus, now: Date, style: (name: Style, text: string) => string): string[] {
  if (held.length === 0) return []
  return [
    "",
    style("red", `held: nothing is published until each is accepted or delivered again (cartwright accept)`),
    ...held.map(({ landingId, source, dataset, asOf, heldSince, detail, accepted }) => {
      const what = accepted ? "accepted; the next run applies it" : detail
      return `  ${source}.${dataset} as of ${minute(asOf)} (${landingId}), since ${ago(heldSince, now)}: ${what}`
    }),
  ]
}

/** How many changes of columns are shown; bronze.schema_changes has all. */
const CHANGES_SHOWN = 10

function changeLines({ changes }: ShopStatus): string[] {
  if (changes.length === 0) return []
  const more = changes.length > CHANGES_SHOWN ? ["  older ones: bronze.schema_changes"] : []
  return [
    "",
    "columns that changed, newest first",
    ...changes.slice(0, CHANGES_SHOWN).map((change) => {
      const touched = change.touched === undefined ? "" : ` · ${touchedSentence(change.touched)}`
      return `  ${minute(change.asOf)}  ${change.source}.${change.dataset}  ${describeChange(change)}${touched}`
    }),
    ...more,
  ]
}

function minute(time: string): string {
  return time.slice(0, 16).replace("T", " ")
}

function lastRunLine(
  run: NonNullable<ShopStatus["lastRun"]>,
  now: Date,
  style: (name: Style, text: string) => string,
): string {
  const color = run.status === "done" || run.status === "unchanged" ? "green" : "red"
  const words = {
    done: "done",
    unchanged: "nothing changed",
    failed: "failed",
    interrupted: "stopped on request",
    killed: "killed",
    running: "running",
  }
  const took =
    run.endedAt === null ? "" : ` in ${duration(Date.parse(run.endedAt) - Date.parse(run.startedAt))}`
  const failed = Object.entries(run.steps).find(([, step]) => step === "failed")
  return `${style(color, words[run.status])}${failed === undefined ? "" : ` at ${failed[0]}`}${took}, ${ago(run.startedAt, now)} ago · ${run.command} (run ${run.runId})`
}

function ago(time: string, now: Date): string {
  const ms = Math.max(0, now.getTime() - Date.parse(time))
  if (ms < 60_000) return duration(ms - (ms % 1000 === 0 ? 0 : ms % 100))
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 72 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}
