import { Relation } from "../adapter/relation.ts"
import type { Dict, SourceNode } from "../nodes.ts"
import type { Project } from "../project/project-file.ts"
import { asDict, asStringList } from "../yaml/yaml.ts"
import { readColumns } from "./columns.ts"
import { resolveConfig } from "./config.ts"
import type { Entry } from "./property-files.ts"

const NO_FRESHNESS = {
  warn_after: { count: null, period: null },
  error_after: { count: null, period: null },
  filter: null,
}

/** One table of a source, with what its tests need. */
export interface SourceTable {
  node: SourceNode
  properties: Dict
  tags: string[]
  quoteColumns: boolean
}

/** The tables of a `sources:` entry. */
export function readSource(entry: Entry, root: Project, database: string, createdAt: number): SourceTable[] {
  const source = entry.properties
  const tables = Array.isArray(source["tables"]) ? source["tables"] : []
  return tables.flatMap((item) => {
    const table = asDict(item)
    return table?.["name"] === undefined ? [] : [sourceTable(entry, table, root, database, createdAt)]
  })
}

function sourceTable(
  entry: Entry,
  table: Dict,
  root: Project,
  database: string,
  createdAt: number,
): SourceTable {
  const { project, properties: source } = entry
  const name = String(table["name"])
  const folders = entry.path.split("/").slice(0, -1)
  const fqn = [project.name, ...folders, entry.name, name]
  const sourceConfig = asDict(source["config"]) ?? {}
  const tableConfig = asDict(table["config"]) ?? {}
  const pick = (key: string): unknown => tableConfig[key] ?? table[key] ?? sourceConfig[key] ?? source[key]
  const meta = mergedDict(source["meta"], sourceConfig["meta"], table["meta"], tableConfig["meta"])
  const tags = [source["tags"], sourceConfig["tags"], table["tags"], tableConfig["tags"]].flatMap(
    asStringList,
  )
  const uniqueTags = [...new Set(tags)].sort()
  const stated = { ...sourceConfig, ...tableConfig, meta, tags: uniqueTags }
  const freshness = {
    ...NO_FRESHNESS,
    ...mergedDict(
      source["freshness"],
      sourceConfig["freshness"],
      table["freshness"],
      tableConfig["freshness"],
    ),
  }
  const config = resolveConfig(
    { own: project, root, resourceType: "source", fqn, patch: stated, calls: undefined },
    {
      enabled: true,
      event_time: null,
      freshness,
      loaded_at_field: null,
      loaded_at_query: null,
      meta: {},
      tags: [],
      static_analysis: null,
    },
  )
  config["loaded_at_field"] = pick("loaded_at_field") ?? null
  config["freshness"] = freshness
  const quoting = {
    database: null,
    schema: null,
    identifier: null,
    column: null,
    ...mergedDict(source["quoting"], table["quoting"]),
  }
  const schema = String(source["schema"] ?? entry.name)
  const identifier = String(table["identifier"] ?? name)
  const sourceDatabase = String(source["database"] ?? database)
  const relation = sourceRelation({ database: sourceDatabase, schema, identifier }, quoting, root)
  const node: SourceNode = {
    database: sourceDatabase,
    schema,
    name,
    resource_type: "source",
    package_name: project.name,
    path: entry.file,
    original_file_path: entry.file,
    unique_id: `source.${project.name}.${entry.name}.${name}`,
    fqn,
    source_name: entry.name,
    source_description: String(source["description"] ?? ""),
    loader: String(source["loader"] ?? ""),
    identifier,
    quoting,
    loaded_at_field: (config["loaded_at_field"] as string | null) ?? null,
    loaded_at_query: null,
    freshness,
    external: table["external"] ?? null,
    description: String(table["description"] ?? ""),
    columns: readColumns(table["columns"], entry.place),
    meta: asDict(config["meta"]) ?? {},
    source_meta: mergedDict(source["meta"], sourceConfig["meta"]),
    tags: asStringList(config["tags"]),
    config,
    patch_path: null,
    unrendered_config: {
      loaded_at_field: config["loaded_at_field"],
      loaded_at_query: null,
      meta,
      tags: uniqueTags,
    },
    relation_name: relation.render(),
    created_at: createdAt,
    unrendered_database: typeof source["database"] === "string" ? source["database"] : null,
    unrendered_schema: typeof source["schema"] === "string" ? source["schema"] : null,
    doc_blocks: [],
  }
  return { node, properties: table, tags: uniqueTags, quoteColumns: quoting.column === true }
}

/** The relation of a source table; sources are quoted unless the project or the source says otherwise. */
export function sourceRelation(
  parts: { database: string; schema: string; identifier: string },
  quoting: SourceNode["quoting"],
  root: Project,
): Relation {
  const quoted = (part: "database" | "schema" | "identifier"): boolean =>
    quoting[part] ?? (typeof root.quoting[part] === "boolean" ? root.quoting[part] : true)
  return new Relation(parts, {
    quoted: { database: quoted("database"), schema: quoted("schema"), identifier: quoted("identifier") },
  })
}

function mergedDict(...values: unknown[]): Dict {
  return Object.assign({}, ...values.map((value) => asDict(value) ?? {})) as Dict
}
