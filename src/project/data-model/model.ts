/** A shop's data model: what its dbt project declares, joined with what its warehouse and its published files hold. */
export interface DataModel {
  /** By layer, then by role, then by name. */
  tables: Table[]
  /** What the warehouse holds and no model, seed or source declares: written by the loader and by hooks. */
  undeclared: UndeclaredTable[]
}

/**
 * What a table is for, in the order in which they are shown. `entity`: a canonical entity that gold is built from;
 * `list`: a seed; `step`: anything between; `source`: as delivered.
 */
export const ROLES = [
  "fact",
  "bridge",
  "dimension",
  "mart",
  "quality",
  "entity",
  "list",
  "step",
  "source",
] as const

export type Role = (typeof ROLES)[number]

export interface Table {
  /** As models refer to it; for a source, as the warehouse calls it. */
  name: string
  id: string
  /** The layer: bronze, silver, star, marts, quality, meta, or the dataset where a project has other ones. */
  layer: string
  dataset: string
  role: Role
  /** view, table, incremental, seed, snapshot or source. */
  kind: string
  description: string
  /** What a person of the shop calls one row. */
  entity: string
  /** What one row stands for, where that is known. */
  grain: string | undefined
  /** What it answers. */
  questions: string[]
  columns: Column[]
  primaryKey: string[]
  relations: Relation[]
  /** The ids of the tables that it is built from. */
  parents: string[]
  storage: Storage
}

export interface Column {
  name: string
  description: string
  /** DuckDB's name of the type; undefined where the warehouse has no such column. */
  type: string | undefined
  /** As the published Parquet file says; undefined for what is not published. */
  parquet: string | undefined
  /** A test asserts that it is never empty. */
  required: boolean
  unique: boolean
  /** About a person. */
  pii: boolean
  /** The only values, where a test says so. */
  values: string[]
  /** Its name begins with `_`: for the pipeline's own use. */
  operational: boolean
}

/** A column that refers to another table. */
export interface Relation {
  column: string
  /** Id of the table referred to. */
  to: string
  toColumn: string
  /** A `relationships` test proves it; else it follows from the name of the column. */
  tested: boolean
  /** At most one row refers to the same row. */
  single: boolean
  /** From the table to the one referred to: "is placed by". */
  phrase: string | undefined
}

export interface Storage {
  /** Columns by which an incremental model replaces rows. */
  uniqueKey: string[]
  /** BigQuery's partitions, in words, and clusters. */
  partition: string | undefined
  clusters: string[]
  /** Why it is partitioned and clustered so: `meta.storage`. */
  reason: string | undefined
  /** From this many rows on, the published table is written by month. */
  monthlyFromRows: number | undefined
}

export interface UndeclaredTable {
  dataset: string
  name: string
  columns: { name: string; type: string }[]
}

/** The layers in the order of the data's way; any other comes after them. */
export const LAYERS: Readonly<Record<string, string>> = {
  bronze: "Bronze: as delivered",
  silver: "Silver: typed and conformed",
  star: "Star: facts and dimensions",
  marts: "Marts: figures ready to show",
  quality: "Quality: what was wrong with the data",
  meta: "Meta: what the pipeline keeps for itself",
}

/** The tables of a layer that belong to the data, or, for `meta`, to the pipeline. */
export const OPERATIONAL_LAYER = "meta"

export function tableOf(model: DataModel, id: string): Table | undefined {
  return model.tables.find((table) => table.id === id)
}

/** The tables whose names and columns are part of what the shop reads. */
export function businessTables(model: DataModel): Table[] {
  return model.tables.filter(({ layer }) => layer !== OPERATIONAL_LAYER)
}

/** The columns of a table that are part of what the shop reads. */
export function businessColumns(table: Table): Column[] {
  return table.columns.filter(({ operational }) => !operational)
}
