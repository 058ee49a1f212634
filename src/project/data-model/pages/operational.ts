import { type Block, code, heading, plain, table, text } from "../document.ts"
import { type DataModel, OPERATIONAL_LAYER, type Table } from "../model.ts"
import { bigQueryOf } from "./physical.ts"

/** What the pipeline keeps for its own use: no figure depends on it, and it may change between versions. */
export function operationalPage(model: DataModel): Block[] {
  const columns = operationalColumns(model)
  const tables = [
    ...model.tables
      .filter(({ layer }) => layer === OPERATIONAL_LAYER)
      .map(({ dataset, name, description, columns: its }) => ({ dataset, name, description, columns: its })),
    ...model.undeclared.map((each) => ({ ...each, description: "" })),
  ]
  return [
    heading(1, "For the pipeline's own use"),
    text(
      "Columns whose names begin with `_`, and tables that the loader and the build keep beside the data. They tell where a row came from and how far the build has come; do not report on them.",
    ),
    ...(columns.length === 0
      ? []
      : [
          heading(2, "Columns"),
          table(
            ["column", "what it is", "DuckDB", "BigQuery", "in"],
            columns.map(({ name, description, type, tables: its }) => [
              code(name),
              plain(description),
              type,
              bigQueryOf({ type }),
              its.length > 4 ? `${its.length} tables` : its.map(code).join(", "),
            ]),
          ),
        ]),
    ...tables.flatMap(({ dataset, name, description, columns: its }) => [
      heading(2, code(`${dataset}.${name}`)),
      ...(description === "" ? [] : [text(plain(description))]),
      table(
        ["column", "DuckDB", "BigQuery"],
        its.map((column) => [code(column.name), column.type ?? "", bigQueryOf(column)]),
      ),
    ]),
  ]
}

interface OperationalColumn {
  name: string
  description: string
  type: string
  tables: string[]
}

/**
 * Each with the tables that have it. The same name with another type or meaning is another column; where a table says
 * nothing of it, it is taken to mean the same.
 */
function operationalColumns({ tables }: DataModel): OperationalColumn[] {
  const found = new Map<string, OperationalColumn>()
  for (const each of tables) {
    for (const { name, description, type = "", operational } of each.columns) {
      if (!operational || each.layer === OPERATIONAL_LAYER) continue
      const key = JSON.stringify([
        name,
        type,
        description === "" ? meaningOf(name, type, tables) : description,
      ])
      const known = found.get(key) ?? { name, description, type, tables: [] }
      if (known.description === "") known.description = description
      known.tables.push(each.name)
      found.set(key, known)
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function meaningOf(name: string, type: string, tables: readonly Table[]): string {
  const same = tables.flatMap(({ columns }) =>
    columns.filter((column) => column.name === name && column.type === type && column.description !== ""),
  )
  return same[0]?.description ?? ""
}
