import { type Block, code, drawing, heading, list, plain, table, text } from "../document.ts"
import { entityDiagram } from "../diagram.ts"
import { type DataModel, type Relation, type Table, tableOf } from "../model.ts"

/** What there is in a shop and how it belongs together, in the words of who runs it. */
export function conceptualPage(model: DataModel): Block[] {
  const things = starTables(model)
  if (things.length === 0) return []
  return [
    heading(1, "The things of the shop"),
    text(
      "The conceptual model: what the shop keeps track of and how it belongs together, whatever the engine. A fork stands for many, a bar for one.",
    ),
    ...subjects(things).map((those) => drawing(entityDiagram(subjectTitle(those), those))),
    table(
      ["thing", "what it is", "one row", "table"],
      things.map(({ entity, description, grain, name }) => [
        `**${plain(entity)}**`,
        plain(description),
        plain(grain ?? ""),
        code(name),
      ]),
    ),
    heading(2, "How they belong together"),
    text(
      "Each sentence has another side: what is named as one may have none, one or many of the other. “One” is a member that stands for an unknown one where nothing is known.",
    ),
    list(things.flatMap((thing) => sentence(thing, model))),
  ]
}

/** Facts, bridges and dimensions. */
export function starTables({ tables }: DataModel): Table[] {
  return tables.filter(({ role }) => role === "fact" || role === "bridge" || role === "dimension")
}

/** Facts that refer to one another, however far, with the dimensions around them: what one picture can hold. */
function subjects(things: readonly Table[]): Table[][] {
  const dimensions = things.filter(({ role }) => role === "dimension")
  const left = new Set(things.filter(({ role }) => role !== "dimension"))
  const found: Table[][] = []
  for (const first of left) {
    const facts = [first]
    left.delete(first)
    for (const fact of facts) {
      for (const other of left) {
        if (!refers(fact, other) && !refers(other, fact)) continue
        facts.push(other)
        left.delete(other)
      }
    }
    found.push([...facts, ...dimensions.filter((dimension) => facts.some((fact) => refers(fact, dimension)))])
  }
  return found.length === 0 ? [dimensions] : found
}

function refers(from: Table, to: Table): boolean {
  return from.relations.some((relation) => relation.to === to.id)
}

function subjectTitle(those: readonly Table[]): string {
  return those
    .filter(({ role }) => role !== "dimension")
    .map(({ entity }) => entity)
    .join(", ")
}

function sentence(thing: Table, model: DataModel): string[] {
  const said = [...new Set(thing.relations.flatMap((relation) => clause(thing, relation, model)))]
  return said.length === 0 ? [] : [`Each **${lower(thing.entity)}** ${said.join(", ")}.`]
}

function clause(thing: Table, { to, phrase, column, single }: Relation, model: DataModel): string[] {
  const target = tableOf(model, to)
  if (target === undefined) return []
  // Of a version's and a thing's key, the one that was given words speaks for both.
  const others = thing.relations.filter((relation) => relation.to === to)
  if (phrase === undefined && others.some((relation) => relation.phrase !== undefined)) return []
  const role = phrase === undefined ? roleName(column, target) : ""
  const which = role === "" ? lower(target.entity) : `${lower(target.entity)} (${role})`
  return [`${plain(phrase ?? "has")} one **${which}**${single ? " that no other is" : ""}`]
}

/** What a column adds to the table that it refers to: `shipped_date_key` → `shipped`; nothing for `date_key`. */
export function roleName(column: string, { primaryKey, columns }: Table): string {
  const key = [...primaryKey, ...columns.map(({ name }) => name)].find((name) => column.endsWith(`_${name}`))
  if (key === undefined || columns.some(({ name }) => name === column)) return ""
  return column.slice(0, -key.length - 1).replaceAll("_", " ")
}

function lower(words: string): string {
  return plain(words.charAt(0).toLowerCase() + words.slice(1))
}
