/**
 * The parsed project in memory. Field names are those of dbt's manifest (schema v12), so that the manifest is written
 * and `graph` is shown to macros without translation.
 */

export type Dict = Record<string, unknown>

export type ResourceType =
  | "model"
  | "seed"
  | "snapshot"
  | "test"
  | "analysis"
  | "operation"
  | "source"
  | "exposure"
  | "metric"
  | "semantic_model"
  | "saved_query"
  | "unit_test"

/** The resource types that `ls` and `--resource-type` know. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  "metric",
  "semantic_model",
  "saved_query",
  "source",
  "analysis",
  "model",
  "test",
  "unit_test",
  "exposure",
  "snapshot",
  "seed",
]

export interface RefArgs {
  name: string
  package: string | null
  version: string | number | null
}

export interface DependsOn {
  macros: string[]
  nodes: string[]
}

interface Identified {
  name: string
  resource_type: ResourceType
  package_name: string
  /** Relative to its resource folder. */
  path: string
  /** Relative to its package's root. */
  original_file_path: string
  unique_id: string
  fqn: string[]
}

export interface Column {
  name: string
  description: string
  meta: Dict
  data_type: string | null
  constraints: unknown[]
  quote: boolean | null
  config: Dict
  tags: string[]
  granularity: string | null
  doc_blocks: string[]
}

/** A model, seed, snapshot, test, analysis or hook: what the manifest lists under `nodes`. */
export interface DbtNode extends Identified {
  database: string
  schema: string
  alias: string
  checksum: { name: string; checksum: string }
  config: Dict
  tags: string[]
  description: string
  columns: Record<string, Column>
  meta: Dict
  group: string | null
  docs: Dict
  patch_path: string | null
  build_path: string | null
  unrendered_config: Dict
  created_at: number
  relation_name: string | null
  raw_code: string
  doc_blocks: string[]
  language: "sql"
  refs: RefArgs[]
  sources: string[][]
  metrics: string[][]
  functions: string[][]
  depends_on: DependsOn
  compiled_path: string | null
  contract: Dict
  access?: string
  constraints?: unknown[]
  version?: null
  latest_version?: null
  deprecation_date?: null
  primary_key?: string[]
  time_spine?: null
  /** Seeds only: absolute root of the package. */
  root_path?: string
  /** Hooks only: position in its list. */
  index?: number
  /** Generic tests only. */
  column_name?: string | null
  file_key_name?: string | null
  attached_node?: string | null
  test_metadata?: { name: string; kwargs: Dict; namespace: string | null }
  /** Set when compiled. */
  compiled?: boolean
  compiled_code?: string
  extra_ctes_injected?: boolean
  extra_ctes?: { id: string; sql: string }[]
}

export interface SourceNode extends Identified {
  resource_type: "source"
  database: string
  schema: string
  source_name: string
  source_description: string
  loader: string
  identifier: string
  quoting: {
    database: boolean | null
    schema: boolean | null
    identifier: boolean | null
    column: boolean | null
  }
  loaded_at_field: string | null
  loaded_at_query: string | null
  freshness: Dict | null
  external: unknown
  description: string
  columns: Record<string, Column>
  meta: Dict
  source_meta: Dict
  tags: string[]
  config: Dict
  patch_path: string | null
  unrendered_config: Dict
  relation_name: string
  created_at: number
  unrendered_database: string | null
  unrendered_schema: string | null
  doc_blocks: string[]
}

/** Exposures, metrics, semantic models, saved queries, unit tests: listed, selected and written to the manifest only. */
export interface PassiveNode extends Identified {
  description: string
  meta: Dict
  tags: string[]
  config: Dict
  depends_on: DependsOn
  refs: RefArgs[]
  sources: string[][]
  created_at: number
  [extra: string]: unknown
}

export type GraphNode = DbtNode | SourceNode | PassiveNode

export function isDbtNode(node: GraphNode): node is DbtNode {
  return "raw_code" in node && "checksum" in node
}

export interface DocBlock {
  name: string
  resource_type: "doc"
  package_name: string
  path: string
  original_file_path: string
  unique_id: string
  block_contents: string
}

/** Everything that parsing found. Maps are by unique id, in the order in which dbt finds them. */
export interface Manifest {
  nodes: Map<string, DbtNode>
  sources: Map<string, SourceNode>
  exposures: Map<string, PassiveNode>
  metrics: Map<string, PassiveNode>
  semanticModels: Map<string, PassiveNode>
  savedQueries: Map<string, PassiveNode>
  unitTests: Map<string, PassiveNode>
  groups: Map<string, Dict>
  docs: Map<string, DocBlock>
  disabled: Map<string, (DbtNode | SourceNode | PassiveNode)[]>
}

/** The node of an id, whatever its kind. */
export function nodeOf(manifest: Manifest, id: string): GraphNode | undefined {
  return (
    manifest.nodes.get(id) ??
    manifest.sources.get(id) ??
    manifest.exposures.get(id) ??
    manifest.metrics.get(id) ??
    manifest.semanticModels.get(id) ??
    manifest.savedQueries.get(id) ??
    manifest.unitTests.get(id)
  )
}

/** All nodes of the graph, in the order in which selection methods walk them. */
export function* allNodes(manifest: Manifest): Generator<GraphNode> {
  yield* manifest.nodes.values()
  yield* manifest.sources.values()
  yield* manifest.exposures.values()
  yield* manifest.metrics.values()
  yield* manifest.unitTests.values()
  yield* manifest.semanticModels.values()
  yield* manifest.savedQueries.values()
}

/** The ids that a node depends on. */
export function parentsOf(node: GraphNode): readonly string[] {
  return "depends_on" in node ? (node.depends_on.nodes ?? []) : []
}
