import type { DbtOutcome, NodeEvent, NodeResult } from "../../transform/dbt.ts"
import type { Style } from "../terminal/style.ts"

type Paint = (style: Style, text: string) => string

/** One line per node that has ended, in dbt's words. */
export function nodeLine(event: NodeEvent, paint: Paint): string | undefined {
  if (event.kind === "message") return event.text
  if (event.kind === "start") return undefined
  const { result, index, total } = event
  const [word, style] = WORDS[result.status]
  const what = `${String(index).padStart(String(total).length)} of ${total} ${verb(result)} ${result.relation?.replaceAll('"', "") ?? result.name}`
  const count = result.failures !== undefined && result.failures > 0 ? ` ${result.failures}` : ""
  return `${what.padEnd(84, " .").slice(0, Math.max(84, what.length))} [${paint(style, `${word}${count}`)} in ${(result.elapsedMs / 1000).toFixed(2)}s]`
}

const WORDS: Record<NodeResult["status"], [string, Style]> = {
  success: ["OK", "green"],
  pass: ["PASS", "green"],
  "no-op": ["NO-OP", "dim"],
  warn: ["WARN", "yellow"],
  fail: ["FAIL", "red"],
  error: ["ERROR", "red"],
  skipped: ["SKIP", "dim"],
}

function verb({ resourceType, status }: NodeResult): string {
  if (status === "skipped") return `SKIP ${resourceType}`
  if (resourceType === "test") return "test"
  return status === "error" ? `ERROR ${resourceType}` : `OK ${resourceType}`
}

/** dbt's last lines: what went wrong, then the counts. */
export function summaryLines({ results, elapsedMs, success }: DbtOutcome, paint: Paint): string[] {
  const wrong = results.filter(({ status }) => status === "error" || status === "fail" || status === "warn")
  const lines = wrong.flatMap(({ name, status, message, compiledPath }) => [
    "",
    paint(status === "warn" ? "yellow" : "red", `${status === "warn" ? "Warning" : "Failure"} in ${name}`),
    ...(message === undefined ? [] : message.split("\n").map((line) => `  ${line}`)),
    ...(compiledPath === undefined ? [] : [`  compiled code at ${compiledPath}`]),
  ])
  const of = (...statuses: NodeResult["status"][]) =>
    results.filter(({ status }) => statuses.includes(status)).length
  return [
    ...lines,
    "",
    `${success ? paint("green", "Completed successfully") : paint("red", "Completed with errors")} in ${(elapsedMs / 1000).toFixed(2)}s`,
    `Done. PASS=${of("success", "pass")} WARN=${of("warn")} ERROR=${of("error", "fail")} SKIP=${of("skipped")} NO-OP=${of("no-op")} TOTAL=${results.length}`,
  ]
}
