import type { TextRecord } from "../records.ts"
import { type Change, newest } from "./history.ts"
import { amountText, id, integer, keyOf, money, number, text, time } from "./read.ts"

export const START = BigInt(Date.UTC(1900, 0, 1)) * 1000n
export const END = BigInt(Date.UTC(9999, 11, 31)) * 1000n

/** A row of a table as text by column; the warehouse's values are compared in this form. */
export type ExpectedRow = Record<string, string | null>

/** One version of a customer or product: a half-open interval [from, to), in microseconds since 1970. */
interface Version {
  key: bigint
  from: bigint
  to: bigint
  deleted: boolean
  /** Attributes of which every value makes a version. */
  historic: ExpectedRow
}

/** All versions of one customer or product. */
export interface Member {
  naturalKey: string
  durable: bigint
  versions: Version[]
  /** Attributes that are those of the newest version everywhere. */
  latest: ExpectedRow
  isPlaceholder: boolean
}

/** How a data set becomes a dimension. */
interface Attributes {
  historic(record: TextRecord): ExpectedRow
  latest(record: TextRecord): ExpectedRow
}

const COUNTRIES: Record<string, string> = { Brasil: "Brazil" }

export const CUSTOMERS: Attributes = {
  historic: (record) => {
    const country = text(record, "country", "null")
    const texts = Object.fromEntries(
      ["state", "city", "postal_code"].map((column) => [column, text(record, column, "null")]),
    )
    return {
      country: country === null ? null : (COUNTRIES[country] ?? country),
      ...texts,
      latitude: numberText(number(record, "latitude")),
      longitude: numberText(number(record, "longitude")),
      traffic_source: text(record, "traffic_source"),
    }
  },
  latest: (record) => ({
    first_name: text(record, "first_name"),
    last_name: text(record, "last_name"),
    email: text(record, "email"),
    age: integer(record, "age"),
    gender: text(record, "gender"),
    registered_at: time(record, "created_at")?.toString() ?? null,
  }),
}

export const PRODUCTS: Attributes = {
  historic: (record) => ({
    brand: text(record, "brand"),
    category: text(record, "category"),
    department: text(record, "department"),
    retail_price: moneyText(record, "retail_price"),
    cost: moneyText(record, "cost"),
  }),
  latest: (record) => ({ sku: text(record, "sku") }),
}

/**
 * The members of a dimension.
 * @param named keys that facts name: those without a record get a placeholder
 * @param history false: every member has one version, with its newest attributes
 */
export function membersOf(
  changes: readonly Change[],
  attributes: Attributes,
  named: Iterable<string>,
  history: boolean,
): Map<string, Member> {
  const members = new Map<string, Member>()
  for (const [naturalKey, last] of newest(changes)) {
    const own = history ? changes.filter(({ key }) => key === naturalKey) : [last]
    members.set(naturalKey, {
      naturalKey,
      durable: keyOf("thelook", naturalKey, ""),
      versions: versionsOf(naturalKey, own, attributes),
      latest: attributes.latest(last.record),
      isPlaceholder: false,
    })
  }
  const nobody = { ...attributes.historic({}), ...attributes.latest({}) }
  for (const naturalKey of named) {
    if (members.has(naturalKey)) continue
    const durable = keyOf("thelook", naturalKey, "")
    const versions = [{ key: durable, from: START, to: END, deleted: false, historic: nobody }]
    members.set(naturalKey, { naturalKey, durable, versions, latest: {}, isPlaceholder: true })
  }
  return members
}

/** Of changes at the same time the last counts; equal neighbours are one version; the first began with the world. */
function versionsOf(naturalKey: string, changes: readonly Change[], attributes: Attributes): Version[] {
  const states = [...new Map(changes.map((change) => [change.effective, change])).values()]
    .map(({ record, deleted, effective }) => ({ effective, deleted, historic: attributes.historic(record) }))
    .filter(
      (state, i, all) =>
        i === 0 ||
        state.deleted !== all[i - 1]?.deleted ||
        JSON.stringify(state.historic) !== JSON.stringify(all[i - 1]?.historic),
    )
  return states.map(({ effective, deleted, historic }, i) => ({
    key: keyOf("thelook", naturalKey, i === 0 ? "" : String(effective)),
    from: i === 0 ? START : effective,
    to: states[i + 1]?.effective ?? END,
    deleted,
    historic,
  }))
}

/** The version of a member that is valid at a time. */
export function versionAt(member: Member | undefined, at: bigint): Version | undefined {
  return member?.versions.find(({ from, to }) => from <= at && at < to)
}

/** The rows of the dimension, without its fixed members. @param prefix `customer` or `product` */
export function dimensionRows(members: Map<string, Member>, prefix: string): ExpectedRow[] {
  return [...members.values()].flatMap(({ naturalKey, durable, versions, latest, isPlaceholder }) =>
    versions.map(({ key, from, to, deleted, historic }) => ({
      [`${prefix}_id`]: naturalKey,
      [`${prefix}_key`]: String(key),
      [`${prefix}_durable_key`]: String(durable),
      valid_from: String(from),
      valid_to: String(to),
      is_current: String(to === END),
      is_deleted: String(deleted),
      is_placeholder: String(isPlaceholder),
      ...historic,
      ...latest,
    })),
  )
}

function moneyText(record: TextRecord, column: string): string | null {
  const value = money(record, column)
  return value === null ? null : amountText(value)
}

function numberText(value: number | null): string | null {
  return value === null ? null : Number.isInteger(value) ? `${value}.0` : String(value)
}

/** The keys that some column of these records names. */
export function namedIn(records: Iterable<TextRecord>, column: string): string[] {
  return [...records].map((record) => id(record, column)).filter((key) => key !== null)
}
