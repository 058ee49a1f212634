import { type Block, code, heading, plain, table, text } from "../document.ts"
import { businessTables, type DataModel, type Table, tableOf } from "../model.ts"
import { roleName } from "./conceptual.ts"

/** Facts against the dimensions that they share, with grain and questions; then the marts over them. */
export function busMatrixPage(model: DataModel): Block[] {
  const facts = model.tables.filter(({ role }) => role === "fact" || role === "bridge")
  if (facts.length === 0) return []
  const marts = businessTables(model).filter(({ role }) => role === "mart")
  return [
    heading(1, "Bus matrix"),
    text(
      "Which fact can be looked at by what. A dimension means the same wherever it is marked, so figures of one row may be set beside those of another. Words beside a mark tell which roles it plays.",
    ),
    ...matrix(facts, model),
    heading(2, "What each fact answers"),
    table(
      ["fact", "one row per", "questions"],
      facts.map((fact) => [code(fact.name), grainOf(fact), questionsOf(fact)]),
    ),
    ...(marts.length === 0 ? [] : martBlocks(marts, model)),
  ]
}

function martBlocks(marts: readonly Table[], model: DataModel): Block[] {
  return [
    heading(2, "Marts over the facts"),
    ...matrix(marts, model),
    table(
      ["mart", "one row per", "made of", "questions"],
      marts.map((mart) => [
        code(mart.name),
        grainOf(mart),
        factsBehind(mart, model).map(code).join(", "),
        questionsOf(mart),
      ]),
    ),
  ]
}

/** Dimensions by how many rows they serve, then other tables that rows refer to. */
function matrix(rows: readonly Table[], model: DataModel): Block[] {
  const uses = (id: string) => rows.filter(({ relations }) => relations.some(({ to }) => to === id)).length
  const referred = model.tables.filter(({ id }) => uses(id) > 0)
  const rank = ({ role }: Table) => (role === "dimension" ? 0 : 1)
  const columns = referred.sort((a, b) => rank(a) - rank(b) || uses(b.id) - uses(a.id))
  if (columns.length === 0) return []
  return [
    table(
      ["", ...columns.map(({ entity }) => plain(entity))],
      rows.map((row) => [code(row.name), ...columns.map((column) => cell(row, column))]),
    ),
  ]
}

function cell(row: Table, column: Table): string {
  const relations = row.relations.filter(({ to }) => to === column.id)
  if (relations.length === 0) return ""
  const roles = relations.map((relation) => roleName(relation.column, column)).filter((role) => role !== "")
  return ["●", roles.join(", ")].filter((part) => part !== "").join(" ")
}

function grainOf({ grain, primaryKey }: Table): string {
  return plain(grain ?? primaryKey.map(code).join(", "))
}

function questionsOf({ questions }: Table): string {
  return plain(questions.join(" "))
}

/** The facts that a table is built from, through whatever lies between. */
function factsBehind(start: Table, model: DataModel): string[] {
  const names = new Set<string>()
  const seen = new Set<string>()
  const open = [...start.parents]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const parent = tableOf(model, id)
    if (parent === undefined) continue
    if (parent.role === "fact" || parent.role === "bridge") names.add(parent.name)
    else open.push(...parent.parents)
  }
  return [...names].sort()
}
