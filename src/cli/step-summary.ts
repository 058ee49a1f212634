import { headerSentence } from "../lake/header-change.ts"
import type { ExtractOutcome } from "../pipeline/extract.ts"
import type { LoadOutcome } from "../pipeline/load.ts"
import type { StepResult } from "../pipeline/run-context.ts"
import type { StepName } from "../pipeline/run-record.ts"
import { bytes, count, duration, table } from "./terminal/text.ts"

/** What a step did, as the lines that stay on standard output. */
export function stepSummary(
  name: StepName,
  status: StepResult["status"],
  result: StepResult["result"],
): string[] {
  if (status === "unchanged") return []
  if (name === "extract") return extractLines(result)
  if (name === "load") return loadLines(result["landings"] as LoadOutcome[])
  if (name === "transform") {
    const { models, tests, warnings, elapsedMs } = result as Record<string, number>
    const { screens, rejected, flagged } = (result["errors"] ?? {}) as Record<string, number>
    const screened = screens
      ? [
          `screened · ${counted(screens, "screen")} ${screens === 1 ? "fails" : "fail"}: ${counted(rejected ?? 0, "record")} rejected, ${count(flagged ?? 0)} flagged; see \`cartwright errors list\``,
        ]
      : []
    const warned = warnings ? `, ${count(warnings)} of them with a warning` : ""
    return [
      `transformed · ${count(models ?? 0)} models and seeds built, ${count(tests ?? 0)} tests run${warned} · ${duration(elapsedMs ?? 0)}`,
      ...screened,
    ]
  }
  const {
    version,
    tables,
    rows,
    bytes: size,
    written,
    linked,
    elapsedMs,
  } = result as Record<string, number | string>
  const parts =
    Number(linked) > 0
      ? `, ${counted(Number(written), "part")} written, ${count(Number(linked))} as before`
      : ""
  return [
    `published · version ${version} · ${count(Number(tables))} tables, ${count(Number(rows))} rows, ${bytes(Number(size))}${parts} · ${duration(Number(elapsedMs))}`,
  ]
}

function extractLines(result: StepResult["result"]): string[] {
  const deliveries = result["deliveries"] as Omit<ExtractOutcome, "error">[]
  const of = (status: string) => deliveries.filter((each) => each.status === status)
  const landed = of("landed")
  const sum = (pick: (each: { files: number; bytes: number }) => number) =>
    landed.reduce((total, each) => total + pick(each), 0)
  const parts = [
    `${count(landed.length)} landed (${counted(
      sum(({ files }) => files),
      "file",
    )}, ${bytes(sum(({ bytes: size }) => size))})`,
    of("unchanged").length > 0 ? `${count(of("unchanged").length)} unchanged` : "",
    of("rejected").length > 0 ? `${count(of("rejected").length)} rejected` : "",
  ].filter((part) => part !== "")
  const changed = deliveries.flatMap(({ source, dataset, columns }) =>
    columns === undefined ? [] : [`  ${source}.${dataset}: ${headerSentence(columns)}`],
  )
  return [`extracted · ${parts.join(", ")}`, ...changed]
}

function counted(n: number, what: string): string {
  return `${count(n)} ${what}${n === 1 ? "" : "s"}`
}

/** The balance of every landing: rows read = loaded + unchanged + rejected. */
function loadLines(landings: readonly LoadOutcome[]): string[] {
  const fresh = landings.filter(({ status }) => status === "loaded" || status === "accepted")
  if (fresh.length === 0) return []
  const deleted = fresh.some(({ rowsDeleted }) => rowsDeleted > 0)
  const header = [
    "loaded",
    "rows read =",
    "loaded +",
    "unchanged +",
    "rejected",
    ...(deleted ? ["deleted"] : []),
  ]
  const rows = fresh.map((each) => [
    `${each.source}.${each.dataset}`,
    count(each.rowsRead),
    count(each.rowsLoaded),
    count(each.rowsUnchanged),
    count(each.rowsRejected),
    ...(deleted ? [count(each.rowsDeleted)] : []),
  ])
  return table(header, rows, [1, 2, 3, 4, 5])
}
