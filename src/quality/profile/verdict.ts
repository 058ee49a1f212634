import { quoteIdentifier } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import type { ColumnFacts, FoundReference, TableFacts } from "./facts.ts"
import { isTime } from "./facts.ts"
import { isIdLike } from "./names.ts"
import type { Verdict } from "./report.ts"
import { likelyKeys } from "./rows.ts"
import { isBookkeeping, timeColumn } from "./time.ts"

/** All that the rules may look at. Names of tables are used for telling, never for deciding. */
interface Evidence {
  session: Session
  tables: readonly TableFacts[]
  references: readonly FoundReference[]
  /** Those left out by the rules before. */
  leftOut: ReadonlySet<TableFacts>
}

/** A reason to leave a table out; undefined where there is none. */
type ExclusionRule = (
  table: TableFacts,
  evidence: Evidence,
) => Promise<Verdict | undefined> | Verdict | undefined

/** In this order, each for all tables: what the first leaves out is no evidence for the next. docs/profiling.md states them. */
const EXCLUSIONS: readonly ExclusionRule[] = [duplicate, repetition, remotePlace]

/** Whether each table belongs into the shop, by rules on what it holds and what refers to it. */
export async function verdicts(
  session: Session,
  tables: readonly TableFacts[],
  references: readonly FoundReference[],
): Promise<Map<TableFacts, Verdict>> {
  const found = new Map<TableFacts, Verdict>()
  for (const rule of EXCLUSIONS) {
    const leftOut = new Set(found.keys())
    for (const table of tables) {
      if (found.has(table)) continue
      const verdict = await rule(table, { session, tables, references, leftOut })
      if (verdict !== undefined) found.set(table, verdict)
      if (verdict !== undefined && rule === duplicate) leftOut.add(table)
    }
  }
  const leftOut = new Set(found.keys())
  for (const table of tables)
    if (!leftOut.has(table)) found.set(table, inclusion(table, references, leftOut, tables.length === 1))
  return found
}

/** Every row is in another table with the same columns. */
async function duplicate(
  table: TableFacts,
  { session, tables, leftOut }: Evidence,
): Promise<Verdict | undefined> {
  const names = ({ columns }: TableFacts) =>
    columns
      .map(({ name }) => name.toLowerCase())
      .toSorted()
      .join("\n")
  for (const other of tables) {
    if (other === table || leftOut.has(other) || names(other) !== names(table) || table.rows === 0) continue
    if (table.partial || other.partial || table.distinctRows > other.distinctRows) continue
    const list = table.columns.map(({ name }) => quoteIdentifier(name)).join(", ")
    const [found] = await session.rows<{ n: bigint }>(
      `select count(*) as n from (select ${list} from ${table.table} except select ${list} from ${other.table})`,
    )
    if (Number(found?.n) > 0) continue
    const why = [`Every one of its rows is in ${other.name}, which has the same columns.`]
    return { include: false, role: "duplicate", why }
  }
  return undefined
}

/** So many of a table's columns must be copies for it to be a repetition, and at least these. */
const REPEATED = 0.5
const FEWEST_REPEATED = 3

/**
 * A table that refers to another one and repeats its columns, row for row, and has nothing of its own but a key and
 * times: no amount, no text, no further reference. Who refers to it refers to the other one as well, so that no way
 * through the data is lost.
 */
function repetition(table: TableFacts, { references }: Evidence): Verdict | undefined {
  for (const reference of references) {
    if (reference.child !== table || reference.copies.length < FEWEST_REPEATED) continue
    const { parent, column, copies } = reference
    const copied = new Set(copies.map((copy) => copy.column))
    const telling = table.columns.filter(
      (each) => each !== column && !isOwnKey(table, each) && each.profile.distinct > 1,
    )
    const own = telling.filter((each) => !copied.has(each.name))
    if (copied.size < telling.length * REPEATED || !own.every(isTime)) continue
    const using = references.filter((each) => each.parent === table)
    const users = using.map((each) => each.child)
    const elsewhere = (name: string) => {
      const carrier = using.find((each) => each.copies.some((copy) => copy.of === name))
      const copy = carrier?.copies.find((each) => each.of === name)
      return carrier === undefined ? "" : ` (the same as ${copy?.column} of ${carrier.child.name})`
    }
    if (!users.every((user) => references.some((each) => each.child === user && each.parent === parent)))
      continue
    return {
      include: false,
      role: "repetition",
      why: [
        `It repeats ${copied.size} columns of ${parent.name} in every row (${some(copies.map((copy) => copy.column))}, by ${column.name}).`,
        own.length === 0
          ? "Nothing is left that is its own."
          : `Of its own it has only ${some(own.map(({ name }) => name + elsewhere(name)))}: no amount, no quantity, no reference to anything else.`,
        ...(users.length === 0
          ? []
          : [
              `${some(users.map(({ name }) => name))} ${users.length === 1 ? "refers" : "refer"} to ${parent.name} directly.`,
            ]),
      ],
    }
  }
  return undefined
}

/** Places that only things refer to: neither what happens nor a person. Where customers are matters; where goods lie does not. */
function remotePlace(table: TableFacts, { references, leftOut }: Evidence): Verdict | undefined {
  if (!isPlace(table)) return undefined
  const all = [...new Set(references.filter(({ parent }) => parent === table).map(({ child }) => child))]
  const kept = all.filter((each) => !leftOut.has(each))
  // Where only tables that are left out refer to it, nothing of the shop does.
  const referrers = kept.length > 0 ? kept : all
  if (all.length === 0 || kept.some((each) => isFact(each, references) || holdsPersons(each)))
    return undefined
  if (references.some(({ child }) => child === table) || holdsPersons(table)) return undefined
  const names = some(referrers.map(({ name }) => name))
  return {
    include: false,
    role: "place",
    why: [
      `It lists ${table.distinctRows} places, and only ${names} ${referrers.length === 1 ? "refers" : "refer"} to it.`,
      "Nothing that happens and no person refers to it, so no question about sales, visits or customers needs it.",
    ],
  }
}

function inclusion(
  table: TableFacts,
  references: readonly FoundReference[],
  leftOut: ReadonlySet<TableFacts>,
  alone: boolean,
): Verdict {
  if (table.rows === 0)
    return { include: true, role: "empty", why: ["It holds no records yet; nothing can be said of it."] }
  const to = names(
    references.filter(({ child }) => child === table).map(({ parent }) => parent),
    leftOut,
  )
  const from = names(
    references.filter(({ parent }) => parent === table).map(({ child }) => child),
    leftOut,
  )
  const fact = isFact(table, references)
  const why = [
    fact
      ? "It records what happens: it has a time and refers to what took part."
      : "It describes things: each row is one of them.",
    ...(to.length === 0 ? [] : [`It refers to ${some(to)}.`]),
    ...(from.length === 0 ? [] : [`${some(from)} ${from.length === 1 ? "refers" : "refer"} to it.`]),
    ...(to.length + from.length > 0 || alone
      ? []
      : ["It stands alone: it refers to no other table here, and none to it."]),
  ]
  return { include: true, role: fact ? "facts" : "description", why }
}

/** A table with a time that refers to something: it records what happens. */
function isFact(table: TableFacts, references: readonly FoundReference[]): boolean {
  const time = timeColumn(table.columns)
  if (time === undefined || isBookkeeping(time.name)) return false
  return (
    references.some(({ child }) => child === table) ||
    table.columns.some((column) => isIdLike(column.name) && !isOwnKey(table, column))
  )
}

function isOwnKey(table: TableFacts, { name }: ColumnFacts): boolean {
  const [key] = [...likelyKeys(table), ...table.nearlyKeys.map(({ column }) => [column])]
  return key?.length === 1 && key[0] === name
}

function isPlace({ columns }: TableFacts): boolean {
  const positions = columns.filter(({ kind }) => kind?.kind === "coordinates")
  const named = (pattern: RegExp) => positions.some(({ name }) => pattern.test(name))
  return positions.some(({ kind }) => kind?.by === "values") || (named(/lat/i) && named(/lon|lng/i))
}

function holdsPersons({ columns }: TableFacts): boolean {
  return columns.some(({ kind }) => kind?.level === "direct" && kind.by !== "inside")
}

function names(tables: readonly TableFacts[], leftOut: ReadonlySet<TableFacts>): string[] {
  return [...new Set(tables.filter((table) => !leftOut.has(table)).map(({ name }) => name))]
}

/** `a, b and c`; with many, how many more there are. */
function some(all: readonly string[]): string {
  const shown = all.length > 5 ? [...all.slice(0, 4), `${all.length - 4} more`] : [...all]
  const last = shown.pop() ?? ""
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`
}
