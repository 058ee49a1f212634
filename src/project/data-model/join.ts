import { monthlyFromRows } from "../../publish/tables.ts"
import type { BuiltTable } from "./built-tables.ts"
import { layerOf, phraseOf, roleOf, wordsOf } from "./classify.ts"
import { keysOf, type Keys, relationsOf, testsByTable } from "./keys.ts"
import type { ManifestNode, ProjectManifest } from "./manifest.ts"
import { type Column, type DataModel, LAYERS, type Relation, ROLES, type Table } from "./model.ts"
import { partitionText, textList } from "./storage.ts"

/** Where a data model comes from. */
export interface Found {
  /** The dataset of what was delivered. */
  bronze: string
  declared: ProjectManifest
  /** The same project, parsed for BigQuery: its storage is configured there. */
  forBigQuery: ProjectManifest
  built: readonly BuiltTable[]
  /** Types in the published files, by `dataset.table` and column. */
  published: ReadonlyMap<string, ReadonlyMap<string, string>>
}

const KINDS = ["model", "seed", "snapshot"]

/** Joins declarations with what was built. */
export function joined(found: Found): DataModel {
  const { declared, built } = found
  const there = new Set(built.map(({ dataset, name }) => `${dataset}.${name}`))
  const nodes = [
    // The package knows sources that a shop may not have.
    ...Object.values(declared.sources).filter((source) => there.has(placeOf(source))),
    ...Object.values(declared.nodes).filter(({ resource_type: type }) => KINDS.includes(type)),
  ].filter(({ config }) => config.enabled !== false && config.materialized !== "ephemeral")
  const tests = testsByTable(declared)
  const keys = new Map(nodes.map((node) => [node.unique_id, keysOf(node, tests.get(node.unique_id) ?? [])]))
  const tables = nodes.map((node) => described(node, found, keys.get(node.unique_id) ?? NO_KEYS))
  for (const [i, table] of tables.entries()) {
    const phrase = (column: string) => phraseOf(nodes[i], column)
    table.relations = relationsOf(table, tests.get(table.id) ?? [], tables, phrase).filter(unlessTwice)
  }
  const taken = new Set(nodes.map(placeOf))
  return {
    tables: tables.sort(inOrder),
    undeclared: built.filter(({ dataset, name }) => !taken.has(`${dataset}.${name}`)),
  }
}

const NO_KEYS: Keys = { primaryKey: [], required: new Set(), unique: new Set(), values: new Map() }

function unlessTwice({ column, to }: Relation, index: number, all: readonly Relation[]): boolean {
  return all.findIndex((other) => other.column === column && other.to === to) === index
}

function described(node: ManifestNode, found: Found, keys: Keys): Table {
  const place = placeOf(node)
  const built = found.built.find(({ dataset, name }) => `${dataset}.${name}` === place)
  const files = found.published.get(place)
  const columns = columnsOf(node, built, files, keys)
  const onBigQuery = found.forBigQuery.nodes[node.unique_id]?.config ?? {}
  const isSource = node.resource_type === "source"
  const layer = layerOf(node, found.bronze)
  return {
    name: isSource ? relationName(node) : node.name,
    id: node.unique_id,
    layer,
    dataset: node.schema,
    role: roleOf(node, layer),
    kind: isSource ? "source" : (node.config.materialized ?? node.resource_type),
    description: node.description,
    ...wordsOf(node),
    columns,
    primaryKey: keys.primaryKey,
    relations: [],
    parents: node.depends_on?.nodes ?? [],
    storage: {
      uniqueKey: textList(node.config.unique_key),
      partition: partitionText(onBigQuery.partition_by),
      clusters: textList(onBigQuery.cluster_by),
      reason: reasonOf(node),
      monthlyFromRows:
        files === undefined ? undefined : monthlyFromRows({ name: relationName(node), columns }),
    },
  }
}

function reasonOf({ config: { meta } }: ManifestNode): string | undefined {
  const reason = meta?.["storage"]
  return typeof reason === "string" ? reason : undefined
}

/** In the order of the warehouse; what only the declaration has comes after. */
function columnsOf(
  node: ManifestNode,
  built: BuiltTable | undefined,
  files: ReadonlyMap<string, string> | undefined,
  keys: Keys,
): Column[] {
  const types = new Map(built?.columns.map(({ name, type }) => [name, type]))
  return [...new Set([...types.keys(), ...Object.keys(node.columns)])].map((name) => ({
    name,
    description: node.columns[name]?.description ?? "",
    type: types.get(name),
    parquet: files?.get(name),
    required: keys.required.has(name),
    unique: keys.unique.has(name),
    pii: node.columns[name]?.meta?.["pii"] === true,
    values: keys.values.get(name) ?? [],
    operational: name.startsWith("_"),
  }))
}

function placeOf(node: ManifestNode): string {
  return `${node.schema}.${relationName(node)}`
}

/** Its name in the warehouse. */
function relationName({ identifier, alias, name }: ManifestNode): string {
  return identifier ?? alias ?? name
}

function inOrder(a: Table, b: Table): number {
  return (
    layerRank(a) - layerRank(b) ||
    (a.layer < b.layer ? -1 : a.layer > b.layer ? 1 : 0) ||
    ROLES.indexOf(a.role) - ROLES.indexOf(b.role) ||
    (a.name < b.name ? -1 : 1)
  )
}

function layerRank({ layer }: Table): number {
  const rank = Object.keys(LAYERS).indexOf(layer)
  return rank < 0 ? Object.keys(LAYERS).length : rank
}
