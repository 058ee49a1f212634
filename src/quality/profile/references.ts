import type { Session } from "../../warehouse/warehouse.ts"
import type { ColumnFacts, FoundReference, TableFacts } from "./facts.ts"
import { copiesAlong } from "./copies.ts"
import { isIdLike, nameAffinity } from "./names.ts"

/** Of the rows with a value, so many must find it in the other table … */
const INCLUDED_BY_NAME = 0.95
/** … and so many where the names do not say that the column refers to it. */
const INCLUDED = 0.99
/** Without the names' word, the values must reach over this much of the other table's range of numbers, */
const SPAN = 0.9
/** and there must be so many different ones. */
const FEWEST_VALUES = 5
/**
 * Files cut from larger ones hold few of the rows that others refer to. Where no name helps either, so many columns
 * that repeat the other table's, in the rows that do find one, tell the reference.
 */
const AGREEING = 3

interface Named extends FoundReference {
  affinity: number
}

/**
 * Finds the columns whose values are keys of another table. Small whole numbers are contained in any table's ids, so
 * inclusion alone is not believed: the column is named like an id or after the table, or its values could not be there
 * by chance. Each column refers to one table, the likeliest.
 */
export async function findReferences(
  session: Session,
  tables: readonly TableFacts[],
): Promise<FoundReference[]> {
  const found: Named[] = []
  for (const child of tables) {
    for (const column of child.columns) {
      const best = await likeliest(session, child, column, tables)
      if (best !== undefined) found.push(best)
    }
  }
  // What the names say goes before what only the values say, where both lead from one table to another.
  const references = found.filter(
    (reference) =>
      reference.affinity > 0 ||
      !found.some(
        ({ child, parent, affinity }) =>
          child === reference.child && parent === reference.parent && affinity > 0,
      ),
  )
  for (const reference of references)
    if (reference.by !== "agreement") reference.copies = await copiesAlong(session, reference)
  return references.filter((reference) => !references.some((other) => isCarriedBy(reference, other)))
}

async function likeliest(
  session: Session,
  child: TableFacts,
  column: ColumnFacts,
  tables: readonly TableFacts[],
): Promise<Named | undefined> {
  const found: Named[] = []
  for (const parent of tables) {
    if (parent === child) continue
    for (const key of keyColumns(parent)) {
      const affinity = nameAffinity(column.name, parent.name, key.name)
      if (!isPlausible(child, column, key, affinity)) continue
      const reference = await measure(session, child, column, parent, key, affinity)
      if (reference !== undefined) found.push({ ...reference, affinity })
    }
  }
  const [best] = found
    .filter(({ by }) => by !== "agreement")
    .sort(
      (a, b) =>
        b.affinity - a.affinity ||
        Number(b.by === "inclusion") - Number(a.by === "inclusion") ||
        b.coverage - a.coverage,
    )
  if (best !== undefined) return best
  for (const reference of found.sort((a, b) => a.orphans - b.orphans)) {
    const copies = await copiesAlong(session, reference)
    if (copies.length >= AGREEING) return { ...reference, copies }
  }
  return undefined
}

/** Whether a reference follows from another one to the same table: a product's SKU beside its id. */
function isCarriedBy({ child, parent, column, key }: FoundReference, other: FoundReference): boolean {
  if (other.child !== child || other.parent !== parent || other.key === key) return false
  const names = keyNames(parent)
  return (
    names.indexOf(other.key.name) < names.indexOf(key.name) &&
    other.copies.some((copy) => copy.column === column.name && copy.of === key.name)
  )
}

/** The columns that identify a table's rows by themselves, but for a few mistakes. */
function keyNames({ keys, nearlyKeys }: TableFacts): string[] {
  return [...keys.flatMap((key) => (key.length === 1 ? key : [])), ...nearlyKeys.map(({ column }) => column)]
}

function keyColumns(table: TableFacts): ColumnFacts[] {
  const names = keyNames(table)
  return table.columns.filter(({ name, profile }) => names.includes(name) && canRefer(profile.type.name))
}

function canRefer(type: string): boolean {
  return type === "integer" || type === "text"
}

function isPlausible(child: TableFacts, column: ColumnFacts, key: ColumnFacts, affinity: number): boolean {
  const { type, distinct } = column.profile
  if (!canRefer(type.name) || type.name !== key.profile.type.name || distinct === 0) return false
  if (affinity > 0) return true
  if (type.format !== key.profile.type.format) return false
  // What numbers a table's own rows refers to nothing, though greater tables' ids contain its numbers.
  if (keyNames(child).includes(column.name) && !isDistinctive(column)) return false
  return distinct >= FEWEST_VALUES && (isIdLike(column.name) || isDistinctive(column))
}

/** Texts that would not be another table's key by chance: long, with digits, or an address. */
function isDistinctive({ profile }: ColumnFacts): boolean {
  return profile.type.name === "text" && (profile.length?.min ?? 0) >= 8 && profile.distinct >= 20
}

async function measure(
  session: Session,
  child: TableFacts,
  column: ColumnFacts,
  parent: TableFacts,
  key: ColumnFacts,
  affinity: number,
): Promise<FoundReference | undefined> {
  const numbers = key.profile.type.name === "integer"
  // Of a table that was read in part, only the range that was read can be asked about.
  if (parent.partial && !numbers) return undefined
  const within = parent.partial
    ? `where try_cast(c.v as bigint) between ${key.profile.min} and ${key.profile.max}`
    : ""
  const [found] = await session.rows<Record<string, bigint | string | null>>(
    `select coalesce(sum(c.n), 0) as rows, coalesce(sum(c.n) filter (p.v is null), 0) as orphans, count(p.v) as hits,
       arg_max(c.v, c.n) filter (p.v is null) as example
     from ${column.values} c left join ${key.values} p on c.v = p.v ${within}`,
  )
  const rows = Number(found?.["rows"] ?? 0)
  const orphans = Number(found?.["orphans"] ?? 0)
  if (rows === 0) return undefined
  const share = 1 - orphans / rows
  const coverage = Number(found?.["hits"] ?? 0) / Math.max(1, key.profile.distinct)
  const by = evidence({ child, column, key, affinity, share })
  if (by === undefined || (by !== "inclusion" && orphans === rows)) return undefined
  const orphanExample = (found?.["example"] as string | null) ?? null
  return {
    child,
    column,
    parent,
    key,
    by,
    rows,
    orphans,
    orphanExample,
    coverage,
    copies: [],
  }
}

/** What speaks for a reference; `agreement` only if the rows bear it out. */
function evidence({
  child,
  column,
  key,
  affinity,
  share,
}: {
  child: TableFacts
  column: ColumnFacts
  key: ColumnFacts
  affinity: number
  share: number
}): FoundReference["by"] | undefined {
  const numbers = key.profile.type.name === "integer"
  if (
    share >= (affinity > 0 ? INCLUDED_BY_NAME : INCLUDED) &&
    (affinity > 0 || !numbers || reaches(column, key))
  )
    return "inclusion"
  // A name alone is believed where it is plain, and of a table's own key only where it names the other table.
  const own = keyNames(child).includes(column.name)
  if (affinity >= (own ? 3 : 2)) return "name"
  return own ? undefined : "agreement"
}

function reaches(column: ColumnFacts, key: ColumnFacts): boolean {
  const span = ({ profile }: ColumnFacts) => Number(profile.max) - Number(profile.min)
  return span(column) >= span(key) * SPAN
}
