import { businessColumns, type DataModel, type Table, tableOf } from "./model.ts"
import { plainType } from "./storage.ts"

/** Boxes and the lines between them; every line joins a box of the middle with another one. */
export interface Diagram {
  /** What it shows, for those who cannot see it. */
  title: string
  boxes: Box[]
  lines: Line[]
}

export interface Box {
  id: string
  title: string
  /** Facts stand in the middle, what they refer to around them. */
  middle: boolean
  fields: { name: string; type: string; key: string }[]
}

/** Many rows of `from` refer to one row of `to`; with `single`, at most one does. */
export interface Line {
  from: string
  to: string
  label: string
  single: boolean
}

/** Facts and what they refer to, without columns. What dimensions refer to is left to words. */
export function entityDiagram(title: string, tables: readonly Table[]): Diagram {
  const ids = new Set(tables.map(({ id }) => id))
  return {
    title,
    boxes: tables.map((table) => ({
      id: table.name,
      title: table.entity,
      middle: table.role !== "dimension",
      fields: [],
    })),
    lines: tables
      .filter(({ role }) => role !== "dimension")
      .flatMap((table) => linesOf(table, tables).filter(({ toId }) => ids.has(toId))),
  }
}

/** A table in full with what it refers to: for a fact, its star. */
export function starDiagram(table: Table, model: DataModel): Diagram {
  const lines = linesOf(table, model.tables)
  const around = [...new Set(lines.map(({ toId }) => toId))].flatMap((id) => tableOf(model, id) ?? [])
  return {
    title: `${table.name} and what it refers to`,
    boxes: [
      { id: table.name, title: table.name, middle: true, fields: fieldsOf(table, () => true) },
      ...around.map((other) => {
        const named = new Set(
          table.relations.filter(({ to }) => to === other.id).map(({ toColumn }) => toColumn),
        )
        return {
          id: other.name,
          title: other.name,
          middle: false,
          fields: fieldsOf(other, (name) => other.primaryKey.includes(name) || named.has(name)),
        }
      }),
    ],
    lines,
  }
}

function fieldsOf(table: Table, wanted: (name: string) => boolean): Box["fields"] {
  return businessColumns(table)
    .filter(({ name }) => wanted(name))
    .map(({ name, type }) => {
      const isKey = table.primaryKey.includes(name)
      const refers = table.relations.some(({ column }) => column === name)
      return { name, type: plainType(type), key: [isKey ? "PK" : [], refers ? "FK" : []].flat().join(", ") }
    })
}

/** One line per table referred to, with what the relations are called. */
function linesOf(table: Table, tables: readonly Table[]): (Line & { toId: string })[] {
  const targets = [...new Set(table.relations.map(({ to }) => to))]
  return targets.flatMap((toId) => {
    const target = tables.find(({ id }) => id === toId)
    if (target === undefined) return []
    const relations = table.relations.filter(({ to }) => to === toId)
    const phrases = [...new Set(relations.flatMap(({ phrase }) => phrase ?? []))]
    return [
      {
        from: table.name,
        to: target.name,
        toId,
        label: phrases.length === 0 ? "has" : phrases.join(" / "),
        single: relations.some(({ single }) => single),
      },
    ]
  })
}
