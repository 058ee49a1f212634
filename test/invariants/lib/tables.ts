import { quoteIdentifier } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../../src/warehouse/warehouse.ts"

/** Which columns of which tables count in a comparison. */
interface Scope {
  schemas: readonly string[]
  column: (name: string) => boolean
}

const SCOPES = {
  /** After the same landings, however many runs it took to take them in: all but the stamps of the run that wrote a row. */
  everything: {
    schemas: ["silver", "quality", "star", "marts"],
    column: (name) => !["_cut", "_closed_at"].includes(name),
  },
  /** Whatever the order of arrival: columns that begin with `_` are operational, and may depend on it. */
  gold: { schemas: ["star", "marts"], column: (name) => !name.startsWith("_") },
} satisfies Record<string, Scope>
export type ScopeName = keyof typeof SCOPES
const SCOPE_NAMES = Object.keys(SCOPES) as ScopeName[]

/** What a relation holds, in short: equal contents in any order give equal prints. */
interface Print {
  /** Names and types of the columns compared, in order. */
  columns: string
  rows: string
  hash: string
}
export type Prints = ReadonlyMap<string, Print>

export interface Relation {
  name: string
  schema: string
  columns: { name: string; type: string }[]
}

/** The tables and views above bronze. */
export async function relationsIn(session: Session): Promise<Relation[]> {
  const rows = await session.rows<{ schema: string; relation: string; name: string; type: string }>(
    `select schema_name as schema, schema_name || '.' || table_name as relation, column_name as name, data_type as type
    from duckdb_columns()
    where database_name = current_database() and schema_name in (${SCOPES.everything.schemas.map((s) => `'${s}'`).join(", ")})
    order by schema_name, table_name, column_index`,
  )
  const relations = new Map<string, Relation>()
  for (const { schema, relation, name, type } of rows) {
    const found = relations.get(relation) ?? { name: relation, schema, columns: [] }
    found.columns.push({ name, type })
    relations.set(relation, found)
  }
  return [...relations.values()]
}

/** Prints of all relations, by each scope: one scan of the warehouse serves every comparison. */
export async function printsOf(
  session: Session,
  relations: readonly Relation[],
): Promise<Record<ScopeName, Prints>> {
  const prints = { everything: new Map<string, Print>(), gold: new Map<string, Print>() }
  if (relations.length === 0) return prints
  const queries = relations.map((relation, i) => {
    const hashes = SCOPE_NAMES.map((scope) => {
      const names = columnsIn(relation, scope).map(({ name }) => quoteIdentifier(name))
      return names.length === 0
        ? `null as ${scope}`
        : `coalesce(sum(hash(${names.join(", ")})::hugeint), 0)::varchar as ${scope}`
    })
    return `select ${i} as i, count(*)::varchar as n, ${hashes.join(", ")} from ${relation.name}`
  })
  const rows = await session.rows<{ i: number; n: string } & Record<ScopeName, string | null>>(
    queries.join(" union all "),
  )
  for (const row of rows) {
    const relation = relations[row.i] as Relation
    for (const scope of SCOPE_NAMES) {
      const hash = row[scope]
      if (hash === null) continue
      const columns = columnsIn(relation, scope).map(({ name, type }) => `${name} ${type}`)
      prints[scope].set(relation.name, { columns: columns.join(", "), rows: row.n, hash })
    }
  }
  return prints
}

function columnsIn({ schema, columns }: Relation, scope: ScopeName): Relation["columns"] {
  const { schemas, column } = SCOPES[scope] as Scope
  return schemas.includes(schema) ? columns.filter(({ name }) => column(name)) : []
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
  scope: ScopeName,
): Promise<string[] | undefined> {
  const relation = (await relationsIn(session)).find((each) => each.name === name)
  if (relation === undefined) return undefined
  const names = columnsIn(relation, scope).map((column) => quoteIdentifier(column.name))
  return jsonRows(session, `select ${names.join(", ")} from ${name}`)
}

/** What a query gives, one JSON object a row. */
export async function jsonRows(session: Session, sql: string): Promise<string[]> {
  const rows = await session.rows<{ row: string }>(
    `select to_json(found)::varchar as row from (${sql}) as found`,
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
