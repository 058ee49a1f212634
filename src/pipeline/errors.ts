import { linesOfFile, rowOnLine } from "../bronze/places.ts"
import type { Effects } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import type { Lake, Landing } from "../lake/lake.ts"
import { openShopLake } from "../project/open-storage.ts"
import type { Shop } from "../project/shop.ts"
import type { ErrorStore } from "../quality/errors/error-store.ts"
import type { ErrorDetail, ErrorEvent, RowFate } from "../quality/errors/errors.ts"
import { rulesOf } from "./load.ts"
import { runSteps, type RunOptions, type RunOutcome } from "./run.ts"
import { STEPS } from "./run-record.ts"
import { withErrors } from "./screen-results.ts"

/** A line of a file, with those around it. */
export interface LineInFile {
  file: string
  line: number
  text: string
}

/** A record that fails, its columns together, and its surroundings in the file. */
export interface ShownRecord {
  row: number | null
  key: string | null
  file: string | null
  line: number | null
  details: ErrorDetail[]
  /** The line itself and one on either side, where it stands on a line. */
  lines: LineInFile[]
}

export interface ShownEvent {
  event: ErrorEvent
  records: ShownRecord[]
}

/** An event with its first records. @param key the event's key, or the beginning of it */
export async function showEvent(
  shop: Shop,
  effects: Effects,
  key: string,
  limit: number,
): Promise<ShownEvent> {
  const lake = await openShopLake(shop)
  return withErrors(shop, { effects }, async (store) => {
    const event = await oneEvent(store, key)
    const details = await store.details(event.event, limit * MOST_COLUMNS)
    return { event, records: await withLines(lake, shop, details, limit) }
  })
}

/** A record has one entry per column that the screen looks at. */
const MOST_COLUMNS = 8

async function oneEvent(store: ErrorStore, key: string): Promise<ErrorEvent> {
  const found = /^\d+$/.test(key) ? await store.eventsBeginning(key) : []
  const exact = found.find(({ event }) => event === key)
  const [first] = found
  if (first !== undefined && (found.length === 1 || exact !== undefined)) return exact ?? first
  const what = found.length > 1 ? `${found.length} events begin with ${key}` : `there is no event ${key}`
  throw new CartwrightError("usage", what, {
    choices: found.map(({ event }) => event),
    next: "List the events with `cartwright errors list`; closed ones with --all.",
    state: "Nothing was changed.",
  })
}

async function withLines(
  lake: Lake,
  shop: Shop,
  details: readonly ErrorDetail[],
  limit: number,
): Promise<ShownRecord[]> {
  const records = new Map<string, ShownRecord>()
  for (const detail of details) {
    const name = `${detail.landing} ${detail.row}`
    const { row, key, file, line } = detail
    const record = records.get(name) ?? { row, key, file, line, details: [], lines: [] }
    record.details.push(detail)
    records.set(name, record)
  }
  const shown = [...records.values()].slice(0, limit)
  const [first] = details
  const landing = (await lake.landings()).find(({ landingId }) => landingId === first?.landing)
  if (landing === undefined) return shown
  for (const file of new Set(shown.flatMap((record) => record.file ?? []))) {
    const inFile = shown.filter((record) => record.file === file && record.line !== null)
    const around = inFile.flatMap(({ line }) => [Number(line) - 1, Number(line), Number(line) + 1])
    const texts = await linesOfFile(lake.storage, landing, rulesFor(shop, landing), file, new Set(around))
    for (const record of inFile) {
      for (const line of [Number(record.line) - 1, Number(record.line), Number(record.line) + 1]) {
        const text = texts.get(line)
        if (text !== undefined) record.lines.push({ file, line, text })
      }
    }
  }
  return shown
}

/** What became of a line of a file, per delivery that has the file; the newest first. */
export interface ShownLine {
  landing: string
  source: string
  dataset: string
  asOf: string
  row: number
  lines: LineInFile[]
  fate: RowFate
  details: ErrorDetail[]
}

/** @param file as the source's folder names it, or the end of that name */
export async function showLine(
  shop: Shop,
  effects: Effects,
  file: string,
  line: number,
): Promise<ShownLine[]> {
  const lake = await openShopLake(shop)
  const landings = (await lake.landings()).toReversed()
  const named = landings.flatMap((landing) =>
    landing.files
      .filter(({ name }) => name === file || name.endsWith(`/${file}`))
      .map(({ name }) => ({ landing, name })),
  )
  if (named.length === 0) {
    const names = [...new Set(landings.flatMap((landing) => landing.files.map(({ name }) => name)))]
    throw new CartwrightError("usage", `no delivery has a file ${file}`, {
      choices: names.slice(0, 30),
      next: "Name the file as the source's folder does.",
      state: "Nothing was changed.",
    })
  }
  return withErrors(shop, { effects }, async (store) => {
    const found: ShownLine[] = []
    for (const { landing, name } of named) {
      const rules = rulesFor(shop, landing)
      const row = await rowOnLine(lake.storage, landing, rules, name, line)
      if (row === undefined) continue
      const texts = await linesOfFile(lake.storage, landing, rules, name, new Set([line - 1, line, line + 1]))
      const { landingId, source, dataset, asOf } = landing
      found.push({
        landing: landingId,
        source,
        dataset,
        asOf,
        row,
        lines: [...texts].map(([at, text]) => ({ file: name, line: at, text })),
        fate: await store.fateOf(source, dataset, landingId, row),
        details: await store.detailsOfRow(landingId, row),
      })
    }
    return found
  })
}

function rulesFor(shop: Shop, { source, dataset }: Landing) {
  const declared = shop.sources.find(({ name }) => name === source)?.files.datasets[dataset]
  return declared === undefined ? { key: [], nullText: [] } : rulesOf(declared)
}

/** What a replay changed. */
export interface Replayed {
  outcome: RunOutcome
  /** Records that had been rejected and are used now. */
  admitted: number
  /** Records that are rejected now and were not before. */
  newlyRejected: number
  /** Events that were open, or had more open records, before. */
  closed: ErrorEvent[]
  /** Events that are open now and were not before. */
  opened: ErrorEvent[]
}

/**
 * Runs all steps after data, mapping or a screen was mended. Silver logs look again at the rows that a changed rule judges and
 * stamp those whose result is another; what is built from these is built again, and nothing else.
 */
export async function replayErrors(options: Omit<RunOptions, "steps" | "command">): Promise<Replayed> {
  const { shop, effects } = options
  const look = () =>
    withErrors(shop, { effects }, async (store) => ({
      rejected: await store.rejected(),
      open: await store.events({ open: true }),
    }))
  const before = await look()
  const outcome = await runSteps({ ...options, command: "cartwright errors replay", steps: STEPS })
  const after = outcome.status === "unchanged" ? before : await look()
  const openBefore = new Set(before.open.map(({ event }) => event))
  const openNow = new Map(after.open.map((each) => [each.event, each.open]))
  return {
    outcome,
    admitted: [...before.rejected].filter((record) => !after.rejected.has(record)).length,
    newlyRejected: [...after.rejected].filter((record) => !before.rejected.has(record)).length,
    closed: before.open.filter(({ event, open }) => (openNow.get(event) ?? 0) < open),
    opened: after.open.filter(({ event }) => !openBefore.has(event)),
  }
}
