import { type Block, code, heading, table, text } from "../document.ts"
import { businessColumns, businessTables, type Column, type DataModel, LAYERS, type Table } from "../model.ts"
import { bigQueryType } from "../storage.ts"

/** How each engine stores it: kinds, partitions, clusters and types. */
export function physicalPage(model: DataModel): Block[] {
  const tables = businessTables(model)
  const layers = [...new Set(tables.map(({ layer }) => layer))]
  return [
    heading(1, "How each engine stores it"),
    text(
      "The physical model. DuckDB's types are those of a warehouse that was built, Parquet's those of files that were published; BigQuery's are their counterparts for the same models, and its partitions and clusters are those that the models are configured with.",
    ),
    text(
      "DuckDB and BigQuery enforce neither keys nor relations: dbt's tests prove them with each build. DuckDB needs no partitions; it skips what a filter rules out by the minimum and maximum of each block of rows, and Parquet readers do the same.",
    ),
    ...layers.flatMap((layer) => {
      const those = tables.filter((each) => each.layer === layer)
      return [
        heading(2, LAYERS[layer] ?? layer),
        overview(those),
        ...those.flatMap((each) => [heading(4, code(`${each.dataset}.${each.name}`)), typeTable(each)]),
      ]
    }),
  ]
}

function overview(tables: readonly Table[]): Block {
  return table(
    [
      "table",
      "kind",
      "rows are replaced by",
      "BigQuery: partition",
      "BigQuery: clusters",
      "because",
      "published Parquet",
    ],
    tables.map((each) => [
      code(`${each.dataset}.${each.name}`),
      each.kind,
      each.storage.uniqueKey.map(code).join(", "),
      each.storage.partition ?? "",
      each.storage.clusters.map(code).join(", "),
      each.storage.reason ?? "",
      parquetOf(each),
    ]),
  )
}

function parquetOf({ columns, storage: { monthlyFromRows: from } }: Table): string {
  if (columns.every(({ parquet }) => parquet === undefined)) return ""
  return from === undefined
    ? "one piece"
    : `by month of \`date_key\` from ${from.toLocaleString("en-US")} rows on`
}

function typeTable(each: Table): Block {
  const columns = businessColumns(each)
  const published = columns.some(({ parquet }) => parquet !== undefined)
  return table(
    ["column", "DuckDB", ...(published ? ["Parquet"] : []), "BigQuery"],
    columns.map((column) => [
      code(column.name),
      column.type ?? (each.kind === "source" ? "not delivered" : "not built"),
      ...(published ? [column.parquet ?? ""] : []),
      bigQueryOf(column),
    ]),
  )
}

export function bigQueryOf({ type }: Pick<Column, "type">): string {
  return type === undefined ? "" : (bigQueryType(type) ?? "no counterpart")
}
