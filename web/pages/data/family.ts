import type { LineageReply } from "../../../src/server/api.ts"

export type Table = LineageReply["nodes"][number]

/** A table and all that it is made of and is used for, in columns: parents stand left of their children. */
export interface Family {
  places: { table: Table; column: number; row: number }[]
  /** From parent to child, by name. */
  edges: { from: string; to: string }[]
  columns: number
  rows: number
}

/** @returns an empty family where there is no table of that name */
export function familyOf(tables: readonly Table[], name: string): Family {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const children = new Map<string, string[]>()
  for (const { name: child, parents } of tables)
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), child])
  const members = new Set<string>()
  const walk = (from: string, next: (name: string) => readonly string[]) => {
    const queue = byName.has(from) ? [from] : []
    for (let each = queue.pop(); each !== undefined; each = queue.pop()) {
      members.add(each)
      queue.push(...next(each).filter((other) => byName.has(other) && !seen.has(other)))
      for (const other of queue) seen.add(other)
    }
  }
  let seen = new Set<string>()
  walk(name, (each) => byName.get(each)?.parents ?? [])
  seen = new Set<string>()
  walk(name, (each) => children.get(each) ?? [])

  // A column right of the rightmost parent.
  const columns = new Map<string, number>()
  const columnOf = (each: string): number => {
    const known = columns.get(each)
    if (known !== undefined) return known
    const column = Math.max(
      -1,
      ...(byName.get(each)?.parents ?? []).filter((parent) => members.has(parent)).map(columnOf),
    )
    columns.set(each, column + 1)
    return column + 1
  }
  for (const each of members) columnOf(each)
  // A table of nothing delivered, such as the calendar, stands beside the first that uses it.
  for (const each of members) {
    const table = byName.get(each)
    if (table === undefined || table.parents.length > 0 || table.layer === "bronze") continue
    const used = (children.get(each) ?? []).filter((child) => members.has(child)).map(columnOf)
    if (used.length > 0) columns.set(each, Math.min(...used) - 1)
  }
  const filled: number[] = []
  const places = tables
    .filter((table) => members.has(table.name))
    .map((table) => {
      const column = columnOf(table.name)
      const row = filled[column] ?? 0
      filled[column] = row + 1
      return { table, column, row }
    })
  const edges = places.flatMap(({ table }) =>
    table.parents.filter((parent) => members.has(parent)).map((from) => ({ from, to: table.name })),
  )
  return { places, edges, columns: filled.length, rows: Math.max(0, ...filled) }
}
