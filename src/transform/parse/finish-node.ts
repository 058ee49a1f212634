import { newCaptured, newContext } from "../context/new-context.ts"
import type { Captured, Invocation } from "../context/context.ts"
import { nodeRelation } from "../context/reference-functions.ts"
import { unsupported } from "../errors.ts"
import type { DbtNode, Dict } from "../nodes.ts"
import { pythonStr } from "../values.ts"
import { asDict, asStringList } from "../yaml/yaml.ts"
import { modelExtras } from "./base-node.ts"
import { defaultConfig, resolveConfig, unrenderedConfig, type ConfigLayers } from "./config.ts"

const MATERIALIZATIONS = ["view", "table", "incremental", "ephemeral", "snapshot", "seed", "test"]

/** Fills in what follows from a node's configs and from what its SQL said when it was rendered for parsing. */
export async function finishNode(
  invocation: Invocation,
  node: DbtNode,
  patch: Dict | undefined,
  captured: Captured,
): Promise<void> {
  const own = invocation.projects.get(node.package_name) ?? invocation.root
  const layers: ConfigLayers = {
    own,
    root: invocation.root,
    resourceType: node.resource_type,
    fqn: node.fqn,
    patch: patchConfig(patch),
    calls: captured.config,
  }
  node.config = resolveConfig(layers, defaultConfig(node.resource_type))
  node.unrendered_config = unrenderedConfig(layers)
  node.refs = captured.refs
  node.sources = captured.sources
  node.depends_on.macros = [...captured.macros]
  const tags = [...new Set(asStringList(node.config["tags"]))]
  // dbt sorts the tags of what a property file configures, and only those.
  node.tags = Object.keys(layers.patch ?? {}).length > 0 ? tags.sort() : tags
  node.meta = asDict(node.config["meta"]) ?? {}
  node.group = typeof node.config["group"] === "string" ? node.config["group"] : null
  node.docs = { show: true, node_color: null, ...asDict(node.config["docs"]) }
  if (node.resource_type === "model") Object.assign(node, modelExtras(node.config))
  if (node.resource_type === "test") settleStoring(node.config)
  checkSupported(node)
  if (node.config["enabled"] !== false) await nameNode(invocation, node)
}

function patchConfig(patch: Dict | undefined): Dict | undefined {
  if (patch === undefined) return undefined
  const config: Dict = { ...asDict(patch["config"]) }
  // Before `config:` there were these keys at the top; they still count.
  for (const key of ["tags", "meta", "docs", "group", "access"]) {
    if (patch[key] !== undefined && patch[key] !== null && config[key] === undefined) config[key] = patch[key]
  }
  return config
}

/** `store_failures` and `store_failures_as` say the same: each is completed from the other. */
function settleStoring(config: Dict): void {
  const kind = config["store_failures_as"]
  if (kind === null || kind === undefined) {
    if (config["store_failures"] === true) config["store_failures_as"] = "table"
  } else config["store_failures"] = kind === "table" || kind === "view"
}

function checkSupported(node: DbtNode): void {
  const { config } = node
  const place = node.original_file_path
  if (config["enabled"] === false) return
  if (asDict(config["contract"])?.["enforced"] === true) throw unsupported("enforced contracts", place)
  const materialized = String(config["materialized"])
  if (node.resource_type === "model" && !MATERIALIZATIONS.slice(0, 4).includes(materialized)) {
    throw unsupported(`materialization '${materialized}'`, place)
  }
  const grants = asDict(config["grants"])
  if (grants !== undefined && Object.keys(grants).length > 0) throw unsupported("grants", place)
}

/** Database, schema and alias, by the project's naming macros. Tests are never built: theirs are nominal. */
async function nameNode(invocation: Invocation, node: DbtNode): Promise<void> {
  const { config } = node
  const isSnapshot = node.resource_type === "snapshot"
  const call = async (macro: string, custom: unknown): Promise<string> => {
    if (!invocation.macros.isOverridden(macro)) return defaultName(invocation, node, macro, custom)
    const context = newContext(invocation, {
      node,
      packageName: node.package_name,
      captured: newCaptured(),
    })
    return pythonStr(await invocation.macros.naming(context, macro, [custom ?? null, node])).trim()
  }
  const targetDatabase = config["target_database"]
  const targetSchema = config["target_schema"]
  node.database =
    isSnapshot && typeof targetDatabase === "string"
      ? targetDatabase
      : await call("generate_database_name", config["database"])
  node.schema =
    isSnapshot && typeof targetSchema === "string"
      ? targetSchema
      : await call("generate_schema_name", config["schema"])
  node.alias = await call("generate_alias_name", config["alias"])
  const isRelation =
    (["model", "seed", "snapshot"].includes(node.resource_type) && config["materialized"] !== "ephemeral") ||
    config["store_failures"] === true
  if (isRelation && node.database.toLowerCase() !== invocation.target.database.toLowerCase()) {
    throw unsupported(`a database other than the target's: '${node.database}'`, node.original_file_path)
  }
  node.relation_name = isRelation ? nodeRelation(node, { invocation }).render() : null
}

/** What dbt's own naming macros give; projects without macros of their own need no Jinja for it. */
function defaultName(invocation: Invocation, node: DbtNode, macro: string, custom: unknown): string {
  const { target } = invocation
  const stated = custom === null || custom === undefined ? undefined : pythonStr(custom).trim()
  if (macro === "generate_database_name") return stated ?? target.database
  if (macro === "generate_schema_name")
    return stated === undefined ? target.schema : `${target.schema}_${stated}`
  return stated === undefined || stated === "" ? node.name : stated
}
