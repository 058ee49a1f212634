import { CartwrightError } from "../../core/errors.ts"
import type { ErrorDetail, ErrorEvent } from "./errors.ts"

/**
 * The error of screens that keep a run from publishing.
 * @param events the open ones whose action is `stop`, at least one
 * @param example a record of the first of them
 * @param state what readers see now, as a sentence
 */
export function stoppedBy(
  events: readonly ErrorEvent[],
  example: ErrorDetail | undefined,
  state: string,
): CartwrightError {
  const told = events
    .slice(0, 5)
    .map(({ source, dataset, screen, open }) => `${source}.${dataset}.${screen} (${counted(open)})`)
  const more = events.length > told.length ? " …" : ""
  const [first] = events
  return new CartwrightError("screen", `a screen stops the run: ${told.join("; ")}${more}`, {
    place: example === undefined ? undefined : placeOf(example),
    next: `Look at the records with \`cartwright errors show ${first?.event ?? ""}\`; mend the data or the screen, then run \`cartwright errors replay\`.`,
    state,
  })
}

/** `orders.csv:17, shipped_at is "2022-01-01"`; the record's number where it stands on no line. */
export function placeOf({ file, line, row, landing, column, value }: ErrorDetail): string {
  const where = file === null ? `landing ${landing}` : file
  const at = line === null ? (row === null ? "" : `, record ${row}`) : `:${line}`
  const what = column === null ? "" : `, ${column} is ${value === null ? "empty" : `"${value}"`}`
  return `${where}${at}${what}`
}

function counted(n: number): string {
  return `${n.toLocaleString("en-US")} record${n === 1 ? "" : "s"}`
}
