import { projectError, unsupported } from "../errors.ts"
import { callable, PythonError } from "../jinja/index.ts"
import type { Dict } from "../nodes.ts"
import { pythonStr } from "../values.ts"
import { AdapterObject, RelationClass } from "./adapter-object.ts"
import { ColumnClass } from "./column-object.ts"
import { ConfigObject } from "./config-object.ts"
import { describe, type NodeContext } from "./context.ts"
import { Namespace } from "./objects.ts"
import { StatementResultObject } from "./statements.ts"

type Factory = (context: NodeContext) => unknown

/** What dbt gives to the templates of nodes, macros and hooks beyond the base. */
export const PROVIDED: Readonly<Record<string, Factory>> = {
  execute: (context) => context.execute,
  config: (context) => new ConfigObject(context),
  adapter: (context) => new AdapterObject(context),
  api: () => new Namespace("api", { Column: new ColumnClass(), Relation: new RelationClass() }),
  exceptions: (context) => exceptions(context),
  model: ({ node }) => (node === undefined ? null : shown(node)),
  graph: (context) => graph(context),
  database: ({ node, invocation }) => node?.database ?? invocation.target.database,
  schema: ({ node, invocation }) => node?.schema ?? invocation.target.schema,
  selected_resources: ({ invocation }) => invocation.selected,
  flags: ({ invocation }) => flags(invocation),
  invocation_args_dict: ({ invocation }) => ({
    which: invocation.command,
    full_refresh: invocation.fullRefresh,
    vars: invocation.vars,
  }),
  dbt_metadata_envs: () => ({}),
  sql: () => null,
  sql_now: () => "now()",
  pre_hooks: ({ node }) => node?.config["pre-hook"] ?? [],
  post_hooks: ({ node }) => node?.config["post-hook"] ?? [],
  load_result: (context) =>
    callable(([name]) => {
      const result = context.results.get(pythonStr(name))
      return result === undefined ? null : new StatementResultObject(result)
    }, "load_result"),
  store_result: () => refused("store_result"),
  store_raw_result: () => refused("store_raw_result"),
  submit_python_job: () => refused("Python models"),
  adapter_macro: () => refused("adapter_macro"),
  load_agate_table: () => refused("load_agate_table outside seeds"),
  write: () => callable(() => "", "write"),
  render: () => refused("render()"),
  try_or_compiler_error: () =>
    callable(async ([message, run, ...rest], kwargs) => {
      const invoke = run as { invoke?(args: unknown[], kwargs: Dict): unknown }
      try {
        return await invoke.invoke?.(rest, kwargs)
      } catch {
        throw new PythonError("RuntimeError", pythonStr(message))
      }
    }, "try_or_compiler_error"),
}

function refused(feature: string): unknown {
  return callable(() => {
    throw unsupported(feature)
  }, feature)
}

/** A node as templates see it: what is None is left out, as dbt does. */
export function shown(node: object): Dict {
  return withoutNulls(node) as Dict
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (value === null || typeof value !== "object") return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  const result: Dict = {}
  for (const [key, item] of Object.entries(value))
    if (item !== null && item !== undefined) result[key] = withoutNulls(item)
  return result
}

/** As dbt has it: made once an invocation, when everything is parsed, and shared by all templates. */
const graphs = new WeakMap<NodeContext["invocation"], Dict>()

function graph({ invocation, captured }: NodeContext): Dict {
  // At parse time the graph is not known yet.
  if (captured !== undefined) return graphOf(() => ({}), invocation)
  const known = graphs.get(invocation)
  if (known !== undefined) return known
  const made = graphOf(
    (nodes) => Object.fromEntries([...nodes].map(([id, node]) => [id, shown(node)])),
    invocation,
  )
  graphs.set(invocation, made)
  return made
}

function graphOf(
  section: (nodes: ReadonlyMap<string, object>) => Dict,
  { manifest }: NodeContext["invocation"],
): Dict {
  return {
    exposures: section(manifest.exposures),
    functions: {},
    groups: section(manifest.groups),
    metrics: section(manifest.metrics),
    nodes: section(manifest.nodes),
    sources: section(manifest.sources),
    semantic_models: section(manifest.semanticModels),
    saved_queries: section(manifest.savedQueries),
  }
}

function flags({ command, fullRefresh, failFast }: NodeContext["invocation"]): Namespace {
  return new Namespace("flags", {
    FULL_REFRESH: fullRefresh,
    WHICH: command,
    STORE_FAILURES: false,
    EMPTY: false,
    INTROSPECT: true,
    FAIL_FAST: failFast,
    DEBUG: false,
    QUIET: false,
    PRINT: true,
    USE_COLORS: false,
    PARTIAL_PARSE: false,
    WARN_ERROR: null,
    WRITE_JSON: true,
    VERSION_CHECK: true,
    DEFER: false,
  })
}

function exceptions(context: NodeContext): Namespace {
  const fail = (name: string): unknown =>
    callable(([message]) => {
      throw projectError(pythonStr(message ?? ""), { place: context.node?.original_file_path })
    }, name)
  const names = [
    "raise_compiler_error",
    "raise_database_error",
    "raise_not_implemented",
    "raise_dependency_error",
    "raise_fail_fast_error",
    "raise_contract_error",
    "column_type_missing",
    "missing_config",
    "missing_materialization",
    "missing_relation",
    "raise_ambiguous_alias",
    "raise_ambiguous_catalog_match",
    "raise_cache_inconsistent",
    "raise_dataclass_not_dict",
    "raise_dep_not_found",
    "raise_duplicate_patch_name",
    "raise_duplicate_resource_name",
    "raise_invalid_property_yml_version",
    "relation_wrong_type",
  ]
  return new Namespace("exceptions", {
    ...Object.fromEntries(names.map((name) => [name, fail(name)])),
    warn: callable(([message]) => {
      if (context.captured === undefined)
        context.invocation.tell("warn", `${pythonStr(message)} (${describe(context)})`)
      return ""
    }, "warn"),
  })
}
