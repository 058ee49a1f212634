import { quoteIdentifier } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../../src/warehouse/warehouse.ts"

/** What a relation holds, in short: equal contents in any order give equal prints. */
interface Print {
  /** Names and types of the columns compared, in order. */
  columns: string
  rows: string
  hash: string
}
export type Prints = ReadonlyMap<string, Print>

export interface Scope {
  schemas: readonly string[]
  /** Which columns count. */
  column: (name: string) => boolean
}

/** All but the stamps of the run that wrote a row. */
export const ALL_BUT_STAMPS = (name: string): boolean => name !== "_cut"
/** Columns that begin with `_` are operational: they may depend on the order of arrival. */
export const NOT_OPERATIONAL = (name: string): boolean => !name.startsWith("_")

interface Relation {
  name: string
  columns: { name: string; type: string }[]
}

async function relationsIn(session: Session, { schemas, column }: Scope): Promise<Relation[]> {
  const rows = await session.rows<{ relation: string; name: string; type: string }>(
    `select schema_name || '.' || table_name as relation, column_name as name, data_type as type from duckdb_columns()
    where database_name = current_database() and schema_name in (${schemas.map((s) => `'${s}'`).join(", ")})
    order by schema_name, table_name, column_index`,
  )
  const relations = new Map<string, Relation>()
  for (const { relation, name, type } of rows) {
    const found = relations.get(relation) ?? { name: relation, columns: [] }
    if (column(name)) found.columns.push({ name, type })
    relations.set(relation, found)
  }
  return [...relations.values()].filter(({ columns }) => columns.length > 0)
}

/** Prints of all tables and views of some schemas. */
export async function printsOf(session: Session, scope: Scope): Promise<Prints> {
  const relations = await relationsIn(session, scope)
  if (relations.length === 0) return new Map()
  const queries = relations.map(({ name, columns }, i) => {
    const texts = columns.map((column) => `${quoteIdentifier(column.name)}::varchar`)
    return `select ${i} as i, count(*)::varchar as n, coalesce(sum(hash(${texts.join(", ")})::hugeint), 0)::varchar as h from ${name}`
  })
  const prints = await session.rows<{ i: number; n: string; h: string }>(queries.join(" union all "))
  return new Map(
    prints.map(({ i, n, h }) => {
      const { name, columns } = relations[i] as Relation
      return [name, { columns: columns.map((c) => `${c.name} ${c.type}`).join(", "), rows: n, hash: h }]
    }),
  )
}

/** The relations that differ, those nearest to bronze first. */
export function differing(left: Prints, right: Prints): string[] {
  const names = [...new Set([...left.keys(), ...right.keys()])]
  return names
    .filter((name) => JSON.stringify(left.get(name)) !== JSON.stringify(right.get(name)))
    .sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1))
}

/** How far from bronze a relation is, by its name. */
function distance(name: string): number {
  const kinds = [/\.log_/, /\.superseded_/, /\.stg_/, /\.int_/, /^silver\./, /\.dim_/, /\.fact_/, /^star\./]
  const found = kinds.findIndex((kind) => kind.test(name))
  return found < 0 ? kinds.length : found
}

/** A relation's rows as text, one JSON object each; undefined where there is no such relation. */
export async function rowsOf(
  session: Session,
  name: string,
  column: Scope["column"],
): Promise<string[] | undefined> {
  const [schema] = name.split(".")
  const relations = await relationsIn(session, { schemas: [schema as string], column })
  const relation = relations.find((each) => each.name === name)
  if (relation === undefined) return undefined
  const pairs = relation.columns.map((c) => `${quoteIdentifier(c.name)} := ${quoteIdentifier(c.name)}`)
  const rows = await session.rows<{ row: string }>(
    `select to_json(struct_pack(${pairs.join(", ")}))::varchar as row from ${name}`,
  )
  return rows.map(({ row }) => row)
}

/** What only one side has, as lines of text; at most `most` of each. */
export function rowDifferences(
  left: readonly string[] | undefined,
  right: readonly string[] | undefined,
  labels: readonly [string, string],
  most = 4,
): string[] {
  if (left === undefined || right === undefined)
    return [`only ${left === undefined ? labels[1] : labels[0]} has it`]
  return [...surplus(left, right, labels[0], most), ...surplus(right, left, labels[1], most)]
}

function surplus(rows: readonly string[], others: readonly string[], label: string, most: number): string[] {
  const counts = new Map<string, number>()
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1)
  const found = rows.filter((row) => {
    const left = counts.get(row) ?? 0
    counts.set(row, left - 1)
    return left <= 0
  })
  const shown = found.sort().slice(0, most)
  const more = found.length > most ? [`  … and ${found.length - most} more only in ${label}`] : []
  return [...shown.map((row) => `  only in ${label}: ${row}`), ...more]
}
