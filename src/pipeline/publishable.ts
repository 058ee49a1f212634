import { readFileSync } from "node:fs"
import type { LayerNames } from "../project/config/presets.ts"
import type { DbtOutcome } from "../transform/dbt.ts"

/** What a transformation built. Tables and views as `schema.table`. */
export interface Built {
  relations: string[]
  /** Those of them that readers may see. */
  publishable: string[]
  /** Models of the shop's own that are neither publishable nor read by another model, by name: built for nobody, so far. */
  unread: string[]
}

/** The part of dbt's manifest.json that is needed here. */
export interface BuiltProject {
  nodes: Record<string, BuiltNode>
}

interface BuiltNode {
  name: string
  resource_type: string
  package_name: string
  schema: string
  fqn: string[]
  config: { schema?: string | null; target_schema?: string | null }
  depends_on?: { nodes?: string[] }
}

/** The name of the dbt package that comes with the program. */
const PACKAGE = "cartwright"

/** What dbt built, by its results and the manifest that it wrote. */
export function builtBy({ results, manifestPath }: DbtOutcome, layers: LayerNames): Built {
  const project = JSON.parse(readFileSync(manifestPath as string, "utf8")) as BuiltProject
  return publishable(project, results, layers)
}

/**
 * What is published: what lies in the datasets of star, marts or quality *and* was put there, by a `schema` or a folder
 * `marts`. So a model that says nothing is never published, whatever dataset it falls into, nor is one of
 * silver where a shop calls silver and gold by the same name.
 */
export function publishable(
  { nodes }: BuiltProject,
  results: DbtOutcome["results"],
  layers: LayerNames,
): Built {
  const readers = [layers.star, layers.marts, layers.quality]
  const read = new Set(
    Object.values(nodes).flatMap(({ resource_type: type, depends_on: on }) =>
      type === "model" || type === "snapshot" ? (on?.nodes ?? []) : [],
    ),
  )
  const built: Built = { relations: [], publishable: [], unread: [] }
  for (const { uniqueId, relation } of results) {
    const [, schema, table] = /["`]([^"`]+)["`]\.["`]([^"`]+)["`]$/.exec(relation ?? "") ?? []
    const node = nodes[uniqueId]
    if (schema === undefined || node === undefined) continue
    const folder = node.fqn.slice(1, -1).includes("marts") ? "marts" : "silver"
    const stated = node.config.schema ?? node.config.target_schema ?? folder
    if (node.resource_type === "test") continue
    built.relations.push(`${schema}.${table}`)
    if (readers.includes(node.schema) && stated !== "silver" && stated !== "bronze")
      built.publishable.push(`${schema}.${table}`)
    else if (node.resource_type === "model" && node.package_name !== PACKAGE && !read.has(uniqueId))
      built.unread.push(node.name)
  }
  built.unread.sort()
  return built
}
