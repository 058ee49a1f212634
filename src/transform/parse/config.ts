import type { Dict, ResourceType } from "../nodes.ts"
import type { Project } from "../project/project-file.ts"
import { asDict } from "../yaml/yaml.ts"

/** How values of one config key from several levels come together; all others: the last one wins. */
const MERGES: Record<string, (own: unknown, other: unknown) => unknown> = {
  tags: appendLists,
  packages: appendLists,
  "pre-hook": (own, other) => [...hooksOf(own), ...hooksOf(other)],
  "post-hook": (own, other) => [...hooksOf(own), ...hooksOf(other)],
  meta: updateDict,
  docs: updateDict,
  quoting: updateDict,
  column_types: updateDict,
  snapshot_meta_column_names: updateDict,
  contract: updateDict,
  grants: mergeGrants,
}

/** A hook as the manifest keeps it. */
export interface Hook {
  sql: string
  transaction: boolean
  index: null
}

const ALIASES: Record<string, string> = { pre_hook: "pre-hook", post_hook: "post-hook", data_test: "test" }

/** Which tree of dbt_project.yml configures a resource. */
const TREES: Partial<Record<ResourceType, string>> = {
  model: "models",
  analysis: "models",
  operation: "models",
  seed: "seeds",
  snapshot: "snapshots",
  test: "data_tests",
  source: "sources",
  exposure: "exposures",
  metric: "metrics",
  semantic_model: "semantic-models",
  saved_query: "saved-queries",
}

export interface ConfigLayers {
  /** The package that the node is in. */
  own: Project
  root: Project
  resourceType: ResourceType
  fqn: readonly string[]
  /** `config:` of the property file. */
  patch: Dict | undefined
  /** Arguments of `config()` calls, merged in their order. */
  calls: Dict | undefined
}

/**
 * A node's configuration: defaults, then dbt_project.yml of its package from the top folder down, then its property
 * file, then its own `config()`, then what the root project says about packages.
 */
export function resolveConfig(layers: ConfigLayers, defaults: Dict): Dict {
  return merge(layers, defaults, (project) => project.configs)
}

/** As {@link resolveConfig} without defaults and rendering, for the manifest's `unrendered_config`. */
export function unrenderedConfig(layers: ConfigLayers): Dict {
  const result: Dict = {}
  for (const level of levels(layers, (project) => project.rawConfigs)) Object.assign(result, canonical(level))
  return result
}

function merge(
  layers: ConfigLayers,
  defaults: Dict,
  trees: (project: Project) => Record<string, Dict>,
): Dict {
  const result = { ...defaults }
  for (const level of levels(layers, trees)) {
    for (const [key, value] of Object.entries(canonical(level))) {
      const combine = MERGES[key]
      result[key] = combine === undefined || value === undefined ? value : combine(result[key], value)
    }
  }
  return result
}

function* levels(layers: ConfigLayers, trees: (project: Project) => Record<string, Dict>): Generator<Dict> {
  const tree = TREES[layers.resourceType]
  if (tree !== undefined) yield* treeLevels(trees(layers.own)[tree], layers.fqn)
  if (layers.patch !== undefined) yield layers.patch
  if (layers.calls !== undefined) yield layers.calls
  if (tree !== undefined && layers.own !== layers.root)
    yield* treeLevels(trees(layers.root)[tree], layers.fqn)
}

/** The configs at the top of a tree and at each level that the fqn goes down. */
function* treeLevels(tree: Dict | undefined, fqn: readonly string[]): Generator<Dict> {
  let level = tree
  for (let i = 0; level !== undefined; i++) {
    const configs: Dict = {}
    for (const [key, value] of Object.entries(level)) {
      if (key.startsWith("+")) configs[key.slice(1).trim()] = value
      else if (asDict(value) === undefined) configs[key] = value
    }
    yield configs
    const next = fqn[i]
    level = next === undefined ? undefined : asDict(level[next])
  }
}

function canonical(level: Dict): Dict {
  const result: Dict = {}
  for (const [key, value] of Object.entries(level)) {
    const name = ALIASES[key] ?? key
    result[name] = name === "tags" ? listOf(value) : value
  }
  return result
}

/** Merges the arguments of one more `config()` call of the same file into those of the earlier ones. */
export function mergeCalls(earlier: Dict, call: Dict): Dict {
  const result = { ...earlier }
  for (const [key, value] of Object.entries(canonical(call))) {
    const combine = MERGES[key]
    result[key] = combine === undefined || !(key in result) ? value : combine(result[key], value)
  }
  return result
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

function appendLists(own: unknown, other: unknown): unknown[] {
  return [...listOf(own), ...listOf(other)]
}

function updateDict(own: unknown, other: unknown): unknown {
  const dict = asDict(other)
  return dict === undefined ? (other ?? own) : { ...asDict(own), ...dict }
}

/** A grantee list replaces the earlier one, unless its privilege is written `+privilege`. */
function mergeGrants(own: unknown, other: unknown): Dict {
  const result = { ...asDict(own) }
  for (const [key, value] of Object.entries(asDict(other) ?? {})) {
    if (key.startsWith("+")) result[key.slice(1)] = appendLists(result[key.slice(1)], value)
    else result[key] = listOf(value)
  }
  return result
}

/** Hooks as written (text, mapping or a list of both) in the form of the manifest. */
export function hooksOf(value: unknown): Hook[] {
  return listOf(value).map((hook) => {
    const dict = asDict(typeof hook === "string" && hook.trimStart().startsWith("{") ? hookJson(hook) : hook)
    if (dict === undefined) return { sql: String(hook), transaction: true, index: null }
    return { sql: String(dict["sql"] ?? ""), transaction: dict["transaction"] !== false, index: null }
  })
}

/** `before_begin()` and `after_commit()` give a hook as JSON text. */
function hookJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * Defaults of the config of models, analyses and hooks; seeds, snapshots and tests differ as below. Written out rather than
 * spread from each other: V8 copies a literal as a whole.
 */
export function defaultConfig(resourceType: ResourceType): Dict {
  if (resourceType === "test") {
    return {
      enabled: true,
      alias: null,
      schema: "dbt_test__audit",
      database: null,
      tags: [],
      meta: {},
      group: null,
      static_analysis: null,
      materialized: "test",
      severity: "ERROR",
      store_failures: null,
      store_failures_as: null,
      where: null,
      limit: null,
      fail_calc: "count(*)",
      warn_if: "!= 0",
      error_if: "!= 0",
    }
  }
  const node: Dict = {
    enabled: true,
    alias: null,
    schema: null,
    database: null,
    tags: [],
    meta: {},
    group: null,
    static_analysis: null,
    materialized: resourceType === "seed" || resourceType === "snapshot" ? resourceType : "view",
    incremental_strategy: null,
    batch_size: null,
    lookback: 1,
    begin: null,
    persist_docs: {},
    "post-hook": [],
    "pre-hook": [],
    quoting: {},
    column_types: {},
    full_refresh: null,
    unique_key: null,
    on_schema_change: "ignore",
    on_configuration_change: "apply",
    grants: {},
    packages: [],
    docs: { show: true, node_color: null },
    contract: { enforced: false, alias_types: true },
    event_time: null,
    concurrent_batches: null,
  }
  if (resourceType === "model") return Object.assign(node, { access: "protected", freshness: null })
  if (resourceType === "seed") return Object.assign(node, { delimiter: ",", quote_columns: null })
  if (resourceType === "snapshot") {
    return Object.assign(node, {
      strategy: null,
      target_schema: null,
      target_database: null,
      updated_at: null,
      check_cols: null,
      snapshot_meta_column_names: {
        dbt_valid_to: null,
        dbt_valid_from: null,
        dbt_scd_id: null,
        dbt_updated_at: null,
        dbt_is_deleted: null,
      },
      dbt_valid_to_current: null,
    })
  }
  return node
}
