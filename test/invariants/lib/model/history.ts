import type { LandedDelivery } from "../landings.ts"
import { DATASETS, type DatasetName, type TextRecord } from "../records.ts"
import { isRejected } from "../rules.ts"
import { id, integer, money, text, time } from "./read.ts"

/** One row of a data set's history: what a key's record became, and when. */
export interface Change {
  /** As silver reads it. */
  key: string
  record: TextRecord
  deleted: boolean
  /** Microseconds since 1970 from which it holds. */
  effective: bigint
  landingId: string
}

/** A record that is there now, and the landing that the audit key of its fact names. */
export interface Told {
  record: TextRecord
  landingId: string
}

/** Values that a record must have to be of use; a record without one is as if it had not come. */
const REQUIRED: Record<DatasetName, (record: TextRecord) => boolean> = {
  users: () => true,
  products: () => true,
  orders: (record) => time(record, "created_at") !== null,
  order_items: (record) =>
    time(record, "created_at") !== null && /^-?\d+([.]\d+)?$/.test(record["sale_price"] ?? ""),
  events: (record) => time(record, "created_at") !== null,
  invoices: (record) =>
    time(record, "InvoiceDate") !== null &&
    [record["InvoiceNo"], record["StockCode"]].every((value) => (value ?? "") !== "") &&
    /^-?\d+$/.test(record["Quantity"] ?? ""),
}

/**
 * The accepted changes of a data set with keys, by the shop's rules, in their order: from when on they hold, extraction, place in the file.
 * A full snapshot deletes what it does not hold; a snapshot says nothing of what it holds unchanged.
 */
export function changesOf(
  landed: readonly LandedDelivery[],
  dataset: DatasetName,
  rules: readonly string[],
): Change[] {
  const keyColumn = DATASETS[dataset].key as string
  const state = new Map<string, TextRecord[]>()
  const changes: Change[] = []
  for (const { delivered, landing, records } of inExtractionOrder(landed, dataset)) {
    const effective = BigInt(Date.parse(landing.asOf)) * 1000n
    const note = (record: TextRecord, deleted: boolean) => {
      const key = id(record, keyColumn)
      if (key === null || (!deleted && !isAccepted(record, dataset, rules))) return
      const stated = deleted ? (changes.findLast((change) => change.key === key)?.record ?? {}) : record
      changes.push({ key, record: stated, deleted, effective, landingId: landing.landingId })
    }
    const held = new Map<string, TextRecord[]>()
    for (const record of records) {
      const key = record[keyColumn] as string
      held.set(key, [...(held.get(key) ?? []), record])
    }
    // In the file's place 0, so before what the file holds.
    if (delivered.kind === "full") {
      for (const [key, before] of state) {
        if (held.has(key)) continue
        note(before.at(-1) as TextRecord, true)
        state.delete(key)
      }
    }
    const news = new Set([...held].filter(([key, now]) => !same(state.get(key), now)).map(([key]) => key))
    for (const record of records) {
      const key = record[keyColumn] as string
      if (delivered.kind === "incremental" || news.has(key)) note(record, false)
    }
    for (const [key, now] of held) state.set(key, now)
  }
  return changes
}

/** The newest change of every key, deletes included. */
export function newest(changes: readonly Change[]): Map<string, Change> {
  return new Map(changes.map((change) => [change.key, change]))
}

/** The records that are there now. */
export function current(changes: readonly Change[]): Map<string, TextRecord> {
  return new Map(
    [...newest(changes)].filter(([, { deleted }]) => !deleted).map(([key, { record }]) => [key, record]),
  )
}

/** The records that are there now, with the first of the landings whose last word on them has been the same since. */
export function currentTold(changes: readonly Change[]): Map<string, Told> {
  const told = new Map<string, Told>()
  for (const [key, record] of current(changes)) {
    const own = changes.filter((change) => change.key === key)
    const words = own.filter(({ landingId }, i) => own[i + 1]?.landingId !== landingId)
    const others = words.findLastIndex((word) => word.deleted || content(word.record) !== content(record))
    told.set(key, { record, landingId: (words[others + 1] as Change).landingId })
  }
  return told
}

/**
 * The accepted lines of a data set without keys that are there now, as often as they are there. Of equal lines those
 * that came last go first.
 */
export function currentLines(
  landed: readonly LandedDelivery[],
  dataset: DatasetName,
  rules: readonly string[],
): Told[] {
  const accepted = (lines: TextRecord[]) => lines.filter((record) => isAccepted(record, dataset, rules))
  let state: TextRecord[] = []
  const broughtBy = new Map<string, string[]>()
  for (const { delivered, landing, records } of inExtractionOrder(landed, dataset)) {
    if (delivered.kind === "full") state = [...records]
    else if (delivered.kind === "incremental") state = [...state, ...records]
    else {
      const before = state.map(content)
      for (const record of records) {
        const at = before.indexOf(content(record))
        if (at >= 0) before.splice(at, 1)
        else state = [...state, record]
      }
    }
    const counts = new Map<string, number>()
    for (const line of accepted(state).map(lineContent)) counts.set(line, (counts.get(line) ?? 0) + 1)
    for (const line of new Set([...counts.keys(), ...broughtBy.keys()])) {
      const before = broughtBy.get(line) ?? []
      const more = Math.max(0, (counts.get(line) ?? 0) - before.length)
      broughtBy.set(line, [
        ...before.slice(0, counts.get(line) ?? 0),
        ...Array.from({ length: more }, () => landing.landingId),
      ])
    }
  }
  return accepted(state).map((record) => {
    return { record, landingId: broughtBy.get(lineContent(record))?.shift() as string }
  })
}

function isAccepted(record: TextRecord, dataset: DatasetName, rules: readonly string[]): boolean {
  return REQUIRED[dataset](record) && !isRejected(record, dataset, rules)
}

/** What makes two lines equal once they are read. */
function lineContent(record: TextRecord): string {
  const values = [
    ...["InvoiceNo", "StockCode", "Description", "Country"].map((column) => text(record, column)),
    id(record, "CustomerID"),
    integer(record, "Quantity"),
    ...[time(record, "InvoiceDate"), money(record, "UnitPrice")].map(String),
  ]
  return JSON.stringify(values)
}

function inExtractionOrder(landed: readonly LandedDelivery[], dataset: DatasetName): LandedDelivery[] {
  const order = ({ landing }: LandedDelivery) => `${landing.extractedAt} ${landing.landingId}`
  return landed
    .filter(({ delivered }) => delivered.dataset === dataset)
    .sort((a, b) => (order(a) < order(b) ? -1 : 1))
}

/** A column that is missing and one without a value are alike. */
function content(record: TextRecord): string {
  return JSON.stringify(Object.entries(record).filter(([, value]) => value !== ""))
}

function same(before: readonly TextRecord[] | undefined, now: readonly TextRecord[]): boolean {
  return before !== undefined && JSON.stringify(before.map(content)) === JSON.stringify(now.map(content))
}
