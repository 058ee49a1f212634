import type { ClosedErrors, ErrorEvent } from "../../quality/errors/errors.ts"
import type { ShownEvent, ShownLine, ShownRecord } from "../../pipeline/errors.ts"
import type { Command, CommandContext, CommandInput } from "../command.ts"
import { exitCodeOf } from "../exit-codes.ts"
import { SHOP_OPTION } from "../options.ts"
import { usageError } from "../parse.ts"
import { errorDocument, renderError } from "../render-error.ts"
import { count, table } from "../terminal/text.ts"

const ACTIONS = ["list", "show", "replay"] as const

export const errors: Command = {
  name: "errors",
  summary: "Lists what is wrong with the data, shows where it stands, and replays what was mended.",
  examples: [
    ["cartwright errors list --dir my-shop", "Lists the screens that fail, the gravest first."],
    ["cartwright errors show 4411", "Shows the records of an event, with file, line and neighbours."],
    ["cartwright errors show --file orders.csv --line 17", "Says what became of a line of a file."],
    ["cartwright errors replay", "After data, mapping or a screen was mended: admits what is right now."],
  ],
  description: [
    "An event is one screen that fails in one delivery. It closes when a later row takes the place of the wrong one, when the other side of a comparison arrives, or when the screen is changed. docs/screens.md lists the screens and how to change them.",
    "list and show read the tables of the last transformation and change nothing. replay is a run: it takes new files too, looks again only at rows that a changed screen judges otherwise, and publishes.",
  ],
  words: [
    { name: "action", help: "What to do.", required: true, choices: ACTIONS },
    {
      name: "event",
      help: "For show: the event as the list has it, or the beginning of it.",
      required: false,
    },
  ],
  options: {
    dir: SHOP_OPTION,
    source: { value: "NAME", help: "For list: only this source, or this data set as source.dataset." },
    screen: { value: "NAME", help: "For list: only this screen." },
    all: { help: "For list: closed events too." },
    file: { value: "FILE", help: "For show: a file, as the source's folder names it." },
    line: { value: "N", help: "For show: the line in that file, from 1." },
    limit: { value: "N", help: "For show: how many records. Without it: 10." },
  },
  async run(input, context) {
    const [action, event] = input.words
    if (action !== "show" && (event !== undefined || input.text("file") !== undefined))
      throw usageError(errors, `cartwright errors ${action ?? ""} takes no event and no file`)
    if (action === "list") return list(input, context)
    if (action === "replay") return replay(input, context)
    return show(event, input, context)
  },
}

async function list(input: CommandInput, context: CommandContext): Promise<number> {
  const { output, effects } = context
  const { openShop } = await import("../../project/shop.ts")
  const { withErrors } = await import("../../pipeline/screen-results.ts")
  const shop = openShop(input.text("dir"), context.workingDirectory)
  const filter = {
    source: input.text("source"),
    screen: input.text("screen"),
    open: input.has("all") ? undefined : true,
  }
  const { events, closed } = await withErrors(shop, { effects }, async (store) => ({
    events: await store.events(filter),
    closed: input.has("all") ? await store.closed(filter) : [],
  }))
  output.end()
  for (const line of eventLines(events)) output.print(line)
  if (events.length > 0) output.print("\nSee one with `cartwright errors show <event>`.")
  else output.print(filter.open ? "No screen fails." : "There is no event.")
  if (closed.length > 0)
    output.print("\nEnded because a screen was mended or the other side of a comparison came:")
  for (const line of closedLines(closed)) output.print(line)
  output.result({ ok: true, exitCode: 0, command: "errors list", events, closed })
  return 0
}

function eventLines(events: readonly ErrorEvent[]): string[] {
  if (events.length === 0) return []
  const rows = events.map((each) => [
    each.event,
    `${each.source}.${each.dataset}`,
    each.screen,
    each.action,
    count(each.records),
    count(each.open),
    each.firstSeen.slice(0, 16).replace("T", " "),
    each.resolved === null ? "" : each.resolved.slice(0, 16).replace("T", " "),
  ])
  const header = ["event", "data set", "screen", "action", "records", "open", "since (UTC)", "resolved"]
  return table(header, rows, [4, 5])
}

function closedLines(closed: readonly ClosedErrors[]): string[] {
  if (closed.length === 0) return []
  const rows = closed.map((each) => [
    `${each.source}.${each.dataset}`,
    each.screen,
    count(each.records),
    each.closed.slice(0, 16).replace("T", " "),
  ])
  return table(["data set", "screen", "records", "noticed (UTC)"], rows, [2])
}

async function show(
  event: string | undefined,
  input: CommandInput,
  context: CommandContext,
): Promise<number> {
  const { output, effects } = context
  const [file, line] = [input.text("file"), input.number("line")]
  if ((event === undefined) === (file === undefined) || (file === undefined) !== (line === undefined))
    throw usageError(errors, "cartwright errors show takes an event, or --file and --line")
  const { openShop } = await import("../../project/shop.ts")
  const { showEvent, showLine } = await import("../../pipeline/errors.ts")
  const shop = openShop(input.text("dir"), context.workingDirectory)
  if (event !== undefined) {
    const shown = await showEvent(shop, effects, event, input.number("limit") ?? 10)
    output.end()
    for (const each of shownEventLines(shown)) output.print(each)
    output.result({ ok: true, exitCode: 0, command: "errors show", ...shown })
    return 0
  }
  const found = await showLine(shop, effects, file ?? "", line ?? 0)
  output.end()
  for (const each of found.flatMap(shownLineLines)) output.print(each)
  if (found.length === 0) output.print(`No record stands on line ${line} of ${file}.`)
  output.result({ ok: true, exitCode: 0, command: "errors show", found })
  return 0
}

function shownEventLines({ event, records }: ShownEvent): string[] {
  const life = event.isOpen ? `open since ${event.firstSeen}` : `resolved at ${event.resolved}`
  const more = event.records - records.length
  return [
    `${event.source}.${event.dataset}.${event.screen} · ${event.action} · ${count(event.records)} records, ${count(event.open)} open · ${life}`,
    `delivery ${event.landing}`,
    ...records.flatMap(recordLines),
    ...(more > 0 ? ["", `… and ${count(more)} more; --limit shows them.`] : []),
  ]
}

function recordLines({ row, key, file, line, details, lines }: ShownRecord): string[] {
  const place = file === null ? "" : line === null ? file : `${file}:${line}`
  const named = [place, row === null ? "" : `record ${row}`, key === null ? "" : `key ${key}`]
  const values = details.flatMap(({ column, value }) =>
    column === null ? [] : [`${column} = ${value === null ? "(empty)" : value}`],
  )
  const [resolved] = details.flatMap((detail) => detail.resolved ?? [])
  return [
    "",
    named.filter((part) => part !== "").join(" · ") +
      (resolved === undefined ? "" : ` · resolved ${resolved}`),
    ...(values.length > 0 ? [`  ${values.join(", ")}`] : []),
    ...lines.map((each) => `  ${each.line === line ? ">" : " "} ${each.line} | ${each.text}`),
  ]
}

const FATES: Record<ShownLine["fate"], string> = {
  unreadable: "is no record: set aside by the loader (bronze.rejected_lines)",
  rejected: "was rejected; the last good version of its key stays",
  current: "is used",
  superseded: "was used until a later row took its place",
  deleted: "was used until a later delivery no longer had it",
  "as before": "says what an earlier delivery had said, and changed nothing",
  "not transformed": "is loaded and not transformed",
}

function shownLineLines({ landing, source, dataset, asOf, row, lines, fate, details }: ShownLine): string[] {
  const failed = details.map(
    ({ screen, action, column, value, resolved }) =>
      `  ${screen} (${action})${column === null ? "" : `: ${column} = ${value === null ? "(empty)" : value}`}${resolved === null ? "" : ` · resolved ${resolved}`}`,
  )
  return [
    `${source}.${dataset} as of ${asOf}, delivery ${landing}: record ${row} ${FATES[fate]}.`,
    ...lines.map((each) => `    ${each.line} | ${each.text}`),
    ...(failed.length > 0 ? ["  fails:", ...failed] : ["  fails no screen."]),
  ]
}

async function replay(input: CommandInput, context: CommandContext): Promise<number> {
  const { output, effects, environment } = context
  const { openShop } = await import("../../project/shop.ts")
  const { replayErrors } = await import("../../pipeline/errors.ts")
  const { stepSummary } = await import("../step-summary.ts")
  const shop = openShop(input.text("dir"), context.workingDirectory)
  const replayed = await replayErrors({
    shop,
    environment,
    effects,
    onStep: (name, { status, result }) => {
      output.end()
      for (const line of stepSummary(name, status, result)) output.print(line)
    },
    onProblem: (problem) => {
      if (!output.json) renderError(problem, output)
    },
  })
  output.end()
  const { outcome, admitted, newlyRejected, closed, opened } = replayed
  const records = closed.reduce((total, { open }) => total + open, 0)
  output.print(
    outcome.status === "unchanged"
      ? "Nothing was mended since the last run: no file, no mapping, no screen has changed."
      : `replayed · ${count(admitted)} records admitted, ${count(newlyRejected)} newly rejected · ${count(closed.length)} events closed or reduced (of ${count(records)} records), ${count(opened.length)} opened`,
  )
  for (const line of eventLines(closed)) output.print(line)
  for (const problem of outcome.problems) if (!output.json) renderError(problem, output)
  const [first] = outcome.problems
  const exitCode = first === undefined ? 0 : exitCodeOf(first.code)
  output.result({
    ok: exitCode === 0,
    exitCode,
    command: "errors replay",
    runId: outcome.runId,
    status: outcome.status,
    admitted,
    newlyRejected,
    closed,
    opened,
    errors: outcome.problems.map(errorDocument),
  })
  return exitCode
}
