import type { ManifestNode, ProjectManifest } from "./manifest.ts"
import type { Relation, Table } from "./model.ts"
import { textList } from "./storage.ts"

/** What the tests of a table prove about its columns. */
export interface Keys {
  primaryKey: string[]
  required: ReadonlySet<string>
  unique: ReadonlySet<string>
  /** The only values of a column. */
  values: ReadonlyMap<string, string[]>
}

/** The generic tests by the id of the table that they are attached to; a source's tests depend on it alone. */
export function testsByTable({ nodes }: ProjectManifest): Map<string, ManifestNode[]> {
  const byTable = new Map<string, ManifestNode[]>()
  for (const test of Object.values(nodes)) {
    if (test.resource_type !== "test" || test.test_metadata === undefined) continue
    if (test.config.enabled === false) continue
    const table = test.attached_node ?? test.depends_on?.nodes?.[0]
    if (table === undefined) continue
    const known = byTable.get(table)
    if (known === undefined) byTable.set(table, [test])
    else known.push(test)
  }
  return byTable
}

/** The key is what replaces rows, else the first unique column, else a unique combination. */
export function keysOf(node: ManifestNode, tests: readonly ManifestNode[]): Keys {
  const columnsWith = (name: string) =>
    tests.flatMap((test) => (test.test_metadata?.name === name ? (test.column_name ?? []) : []))
  const unique = columnsWith("unique")
  const combination = tests.find(({ test_metadata: test }) => test?.name.startsWith("unique_combination"))
  const stated = textList(node.config.unique_key)
  const [first] = unique
  const together = tests.flatMap(({ test_metadata: test }) =>
    test?.name === "not_null_columns" ? textList(test.kwargs["columns"]) : [],
  )
  const primaryKey =
    stated.length > 0
      ? stated
      : first !== undefined
        ? [first]
        : textList(combination?.test_metadata?.kwargs["combination_of_columns"])
  const values = tests.flatMap(({ column_name: column, test_metadata: test }) =>
    test?.name === "accepted_values" && typeof column === "string"
      ? [[column, textList(test.kwargs["values"])] as const]
      : [],
  )
  return {
    primaryKey,
    required: new Set([...columnsWith("not_null"), ...together]),
    unique: new Set(unique),
    values: new Map(values),
  }
}

/**
 * What the columns of a table refer to: by its `relationships` tests; and where a column without one is called as the
 * key of just one other table, by that name.
 */
export function relationsOf(
  table: Table,
  tests: readonly ManifestNode[],
  tables: readonly Table[],
  phrase: (column: string) => string | undefined,
): Relation[] {
  const single = (column: string) => table.columns.some(({ name, unique }) => name === column && unique)
  const tested = tests.flatMap((test): Relation[] => {
    const { column_name: column, test_metadata: metadata } = test
    if (metadata?.name !== "relationships" || typeof column !== "string") return []
    const to = test.depends_on?.nodes?.find((id) => id !== table.id)
    const target = tables.find(({ id }) => id === to)
    if (target === undefined) return []
    const toColumn = String(metadata.kwargs["field"])
    return [{ column, to: target.id, toColumn, tested: true, single: single(column), phrase: phrase(column) }]
  })
  const named = table.columns.flatMap(({ name: column }): Relation[] => {
    if (!column.endsWith("_key") || table.primaryKey.includes(column)) return []
    if (!KEYED.includes(table.role) || tested.some((relation) => relation.column === column)) return []
    const targets = tables.filter(
      ({ id, role, primaryKey }) =>
        id !== table.id && KEYED.includes(role) && primaryKey.length === 1 && primaryKey[0] === column,
    )
    const [target] = targets
    if (target === undefined || targets.length > 1) return []
    return [{ column, to: target.id, toColumn: column, tested: false, single: false, phrase: phrase(column) }]
  })
  return [...tested, ...named]
}

/** The roles whose keys are columns of that name everywhere. */
const KEYED: readonly string[] = ["fact", "bridge", "dimension", "quality"]
