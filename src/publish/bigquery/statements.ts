import type { BigQueryWarehouse } from "../../warehouse/bigquery/bigquery-warehouse.ts"
import type { PublicationPlan } from "./publication.ts"

/** Where a publication goes. */
export interface Place {
  warehouse: Pick<BigQueryWarehouse, "catalog" | "quote">
  /** The dataset that readers use. */
  dataset: string
  /** Where account of the versions is kept: the table `published` in this dataset. */
  metaDataset: string
}

/** GoogleSQL of a publication. Each script may run twice, also beside itself. */

/** A clone takes no storage until the table that it is of is written; of a view there is none, so its rows are copied. */
export function cloneScript({ clones }: PublicationPlan, { warehouse, dataset }: Place): string | undefined {
  return scriptOf(
    clones.map(({ table, clone }) => {
      const from = path(warehouse, table.dataset, table.name)
      const content = table.isView ? `as select * from ${from}` : `clone ${from}`
      return `create table if not exists ${path(warehouse, dataset, clone)} ${content}`
    }),
  )
}

export function viewScript(
  { views, goneViews }: PublicationPlan,
  { warehouse, dataset }: Place,
): string | undefined {
  return scriptOf([
    ...views.map(
      (view) =>
        `create or replace view ${path(warehouse, dataset, view.name)} as ${rowsOf(view, warehouse, dataset)}`,
    ),
    ...goneViews.map((name) => `drop view if exists ${path(warehouse, dataset, name)}`),
  ])
}

/** The whole version: `<uri>/<version>/<table>/*.parquet`. */
export function exportScript(
  { version, views }: Pick<PublicationPlan, "version" | "views">,
  uri: string,
  { warehouse, dataset }: Place,
): string {
  return joined(
    views.map((view) => {
      const files = JSON.stringify(`${uri}/${version}/${view.name}/part-*.parquet`)
      return `export data options (uri = ${files}, format = 'PARQUET', compression = 'ZSTD', overwrite = true) as ${rowsOf(view, warehouse, dataset)}`
    }),
  )
}

/** Parameters: version, run, time, tables as JSON. */
export function recordStatement({ warehouse, metaDataset }: Place): string {
  return `merge into ${path(warehouse, metaDataset, "published")} as published
using (select ? as version, ? as run_id, timestamp(?) as published_at, ? as tables) as next
on published.version = next.version
when not matched then insert (version, run_id, published_at, tables) values (version, run_id, published_at, tables)`
}

export function tidyScript(
  { goneClones }: PublicationPlan,
  { warehouse, dataset }: Place,
): string | undefined {
  return scriptOf(goneClones.map((name) => `drop table if exists ${path(warehouse, dataset, name)}`))
}

/** What readers see of a clone. */
function rowsOf(
  { clone, hidden }: PublicationPlan["views"][number],
  warehouse: Place["warehouse"],
  dataset: string,
): string {
  const except =
    hidden.length === 0 ? "" : ` except (${hidden.map((column) => warehouse.quote(column)).join(", ")})`
  return `select *${except} from ${path(warehouse, dataset, clone)}`
}

function path(warehouse: Place["warehouse"], dataset: string, table: string): string {
  return [warehouse.catalog, dataset, table].map((part) => warehouse.quote(part)).join(".")
}

function scriptOf(statements: readonly string[]): string | undefined {
  return statements.length === 0 ? undefined : joined(statements)
}

const joined = (statements: readonly string[]) => `${statements.join(";\n")};`
