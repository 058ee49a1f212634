import type { Invocation } from "../context/context.ts"
import { md5 } from "../context/hashing.ts"
import type { Graph } from "../graph/graph.ts"
import { isDbtNode, type GraphNode, type Manifest } from "../nodes.ts"
import { DBT_VERSION } from "../project/project-file.ts"
import { artifactJson } from "./json.ts"

/** The text of manifest.json, schema v12. */
export function manifestJson(invocation: Invocation, graph: Graph): string {
  const { manifest, root } = invocation
  const quoting = { database: true, schema: true, identifier: true, column: null, ...root.quoting }
  return artifactJson({
    metadata: {
      dbt_schema_version: "https://schemas.getdbt.com/dbt/manifest/v12.json",
      dbt_version: DBT_VERSION,
      generated_at: utcText(invocation.effects.now()),
      invocation_id: invocation.id,
      invocation_started_at: offsetText(invocation.startedAt),
      env: {},
      project_name: root.name,
      project_id: md5(root.name),
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: invocation.target.dialect,
      quoting,
      run_started_at: offsetText(invocation.startedAt),
    },
    nodes: written(manifest.nodes),
    sources: Object.fromEntries(manifest.sources),
    macros: invocation.macros.forManifest(),
    docs: Object.fromEntries(manifest.docs),
    exposures: Object.fromEntries(manifest.exposures),
    metrics: Object.fromEntries(manifest.metrics),
    groups: Object.fromEntries(manifest.groups),
    selectors: {},
    disabled: Object.fromEntries(manifest.disabled),
    parent_map: Object.fromEntries([...graph.parents].map(([id, parents]) => [id, [...parents].sort()])),
    child_map: Object.fromEntries([...graph.children].map(([id, children]) => [id, [...children].sort()])),
    group_map: groupMap(manifest),
    saved_queries: Object.fromEntries(manifest.savedQueries),
    semantic_models: Object.fromEntries(manifest.semanticModels),
    unit_tests: Object.fromEntries(manifest.unitTests),
    functions: {},
  })
}

/** Nodes as they are; what seeds do not have is left out, as dbt does. */
function written(nodes: ReadonlyMap<string, GraphNode>): Record<string, unknown> {
  return Object.fromEntries(
    [...nodes].map(([id, node]) => {
      if (!isDbtNode(node) || node.resource_type !== "seed") return [id, node]
      const { language, refs, sources, metrics, functions, compiled_path, contract, ...seed } = node
      void [language, refs, sources, metrics, functions, compiled_path, contract]
      return [id, { ...seed, depends_on: { macros: node.depends_on.macros } }]
    }),
  )
}

function groupMap(manifest: Manifest): Record<string, string[]> {
  const map: Record<string, string[]> = {}
  for (const group of manifest.groups.values()) map[String(group["name"])] = []
  for (const node of manifest.nodes.values())
    if (typeof node.group === "string") (map[node.group] ??= []).push(node.unique_id)
  return map
}

/** `2026-11-21T07:17:30.937000Z` */
export function utcText(date: Date): string {
  return date.toISOString().replace("Z", "000Z")
}

function offsetText(date: Date): string {
  return date.toISOString().replace("Z", "000+00:00")
}
