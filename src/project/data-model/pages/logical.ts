import { starDiagram } from "../diagram.ts"
import { type Block, code, drawing, heading, plain, table, text } from "../document.ts"
import {
  businessColumns,
  businessTables,
  type Column,
  type DataModel,
  type Role,
  ROLES,
  type Table,
  tableOf,
} from "../model.ts"
import { plainType } from "../storage.ts"

const SECTIONS: Readonly<Record<Role, readonly [title: string, about: string]>> = {
  fact: ["Facts", "What happened, one row each time."],
  bridge: ["Bridges", "Facts with many members of one kind."],
  dimension: ["Dimensions", "Who, what, where and when: by what facts are looked at."],
  mart: ["Marts", "Figures ready to show."],
  quality: ["Quality", "What was wrong with the data, and what became of it."],
  entity: ["Canonical entities", "The union over the shop's sources, from which gold is built."],
  list: ["Lists", "Tables that are kept by hand."],
  step: ["Steps", "Between what was delivered and what is read."],
  source: ["Sources", "What was delivered, and what the loader notes of it."],
}

/** Every table with grain, keys, attributes and relations, whatever the engine. */
export function logicalPage(model: DataModel): Block[] {
  const tables = businessTables(model)
  return [
    heading(1, "Tables, keys and relations"),
    text(
      "The logical model: the same on every engine. Rules are proved by dbt's tests with each build; a relation marked “by name” follows from the column's name alone. Columns for the pipeline's own use are listed apart.",
    ),
    ...ROLES.flatMap((role) => {
      const [title, about] = SECTIONS[role]
      const those = tables.filter((each) => each.role === role)
      if (those.length === 0) return []
      return [heading(2, title), text(about), ...those.flatMap((each) => tableBlocks(each, model))]
    }),
  ]
}

function tableBlocks(each: Table, model: DataModel): Block[] {
  const { name, description, grain, primaryKey, relations, role } = each
  const facts = [
    description === "" ? [] : plain(description),
    grain === undefined || /\bone row\b/i.test(description) ? [] : `One row per ${plain(grain)}.`,
    primaryKey.length === 0 ? [] : `Key: ${primaryKey.map(code).join(", ")}.`,
  ].flat()
  const drawn = relations.length > 0 && role !== "step" && role !== "source"
  return [
    heading(3, code(name)),
    ...(facts.length === 0 ? [] : [text(facts.join(" "))]),
    ...(drawn ? [drawing(starDiagram(each, model))] : []),
    table(
      ["column", "type", "what it is", "rules"],
      businessColumns(each).map((column) => [
        code(column.name),
        plainType(column.type),
        plain(column.description),
        rulesOf(column, each, model),
      ]),
    ),
  ]
}

function rulesOf({ name, required, unique, pii, values }: Column, each: Table, model: DataModel): string {
  const references = each.relations
    .filter(({ column }) => column === name)
    .map(
      ({ to, toColumn, tested }) =>
        `→ ${code(`${tableOf(model, to)?.name ?? to}.${toColumn}`)}${tested ? "" : " (by name)"}`,
    )
  return [
    each.primaryKey.includes(name) ? "key" : unique ? "unique" : [],
    required ? "never empty" : [],
    references,
    values.length === 0 ? [] : `one of ${values.map((value) => plain(value)).join(", ")}`,
    pii ? "personal" : [],
  ]
    .flat()
    .join("; ")
}
