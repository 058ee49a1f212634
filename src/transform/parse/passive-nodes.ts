import type { Invocation } from "../context/context.ts"
import { newCaptured, newContext } from "../context/new-context.ts"
import { renderText } from "../context/render.ts"
import { projectError } from "../errors.ts"
import type { Dict, Manifest, PassiveNode, ResourceType } from "../nodes.ts"
import { asDict, asStringList } from "../yaml/yaml.ts"
import { resolveConfig } from "./config.ts"
import type { Entry } from "./property-files.ts"

const TYPES: Record<string, ResourceType> = {
  exposures: "exposure",
  metrics: "metric",
  semantic_models: "semantic_model",
  saved_queries: "saved_query",
  unit_tests: "unit_test",
}

const DEFAULTS: Partial<Record<ResourceType, Dict>> = {
  exposure: { enabled: true, tags: [], meta: {} },
  unit_test: { enabled: true, tags: [], meta: {}, static_analysis: null },
  metric: { enabled: true, group: null, meta: {} },
  semantic_model: { enabled: true, group: null, meta: {} },
  saved_query: {
    enabled: true,
    group: null,
    meta: {},
    export_as: null,
    schema: null,
    cache: { enabled: false },
  },
}

/** Adds what is only listed, selected and written to the manifest: exposures, metrics and their kin, unit tests, groups. */
export async function readPassive(invocation: Invocation, entry: Entry, now: number): Promise<void> {
  const { manifest } = invocation
  const { project, properties, name } = entry
  if (entry.section === "groups") {
    const id = `group.${project.name}.${name}`
    manifest.groups.set(id, {
      name,
      resource_type: "group",
      package_name: project.name,
      path: entry.path,
      original_file_path: entry.file,
      unique_id: id,
      owner: properties["owner"] ?? {},
      description: properties["description"] ?? null,
      config: asDict(properties["config"]) ?? {},
    })
    return
  }
  const type = TYPES[entry.section]
  if (type === undefined) return
  const node = await passiveNode(invocation, entry, type, now)
  const place = node.config["enabled"] === false ? undefined : mapOf(manifest, type)
  if (place === undefined) manifest.disabled.set(node.unique_id, [node])
  else place.set(node.unique_id, node)
}

function mapOf(manifest: Manifest, type: ResourceType): Map<string, PassiveNode> | undefined {
  if (type === "exposure") return manifest.exposures
  if (type === "metric") return manifest.metrics
  if (type === "semantic_model") return manifest.semanticModels
  if (type === "saved_query") return manifest.savedQueries
  return type === "unit_test" ? manifest.unitTests : undefined
}

async function passiveNode(
  invocation: Invocation,
  entry: Entry,
  type: ResourceType,
  now: number,
): Promise<PassiveNode> {
  const { project, properties, name } = entry
  const qualified = type === "unit_test" ? `${String(properties["model"])}.${name}` : name
  const fqn = [project.name, ...entry.path.split("/").slice(0, -1), ...qualified.split(".")]
  const tags = [...asStringList(properties["tags"]), ...asStringList(asDict(properties["config"])?.["tags"])]
  const meta = { ...asDict(properties["meta"]), ...asDict(asDict(properties["config"])?.["meta"]) }
  const patch: Dict = { ...asDict(properties["config"]), meta }
  if (tags.length > 0) patch["tags"] = tags
  const config = resolveConfig(
    { own: project, root: invocation.root, resourceType: type, fqn, patch, calls: undefined },
    DEFAULTS[type] ?? {},
  )
  const captured = newCaptured()
  const references =
    type === "exposure" ? asStringList(properties["depends_on"]) : asStringList(properties["model"])
  const model = type === "unit_test" ? references.map((reference) => `ref('${reference}')`) : references
  const metrics: string[][] = []
  for (const reference of model) {
    const metric = /^\s*metric\(\s*["'](\w+)["']\s*\)\s*$/.exec(reference)?.[1]
    if (metric !== undefined) {
      metrics.push([metric])
      continue
    }
    await renderText(
      newContext(invocation, { packageName: project.name, captured }),
      `{{ ${reference} }}`,
      entry.place(),
    )
  }
  const { description, ...others } = properties
  return {
    ...others,
    name,
    resource_type: type,
    package_name: project.name,
    path: entry.path,
    original_file_path: entry.file,
    unique_id: `${type}.${project.name}.${qualified}`,
    fqn,
    description: String(description ?? ""),
    meta: asDict(config["meta"]) ?? {},
    // A metric has the tags at its top only.
    tags: [...new Set(asStringList(type === "metric" ? properties["tags"] : config["tags"]))],
    config,
    depends_on: { macros: [], nodes: [] },
    refs: captured.refs,
    sources: captured.sources,
    metrics,
    created_at: now,
    ...(type === "exposure"
      ? {
          label: properties["label"] ?? null,
          maturity: properties["maturity"] ?? null,
          url: properties["url"] ?? null,
          unrendered_config: asDict(properties["config"]) ?? {},
        }
      : {}),
  }
}

/** Metrics depend on the semantic models whose measures they use, and on other metrics. */
export function linkMetrics(manifest: Manifest): void {
  const measures = new Map<string, string>()
  for (const model of manifest.semanticModels.values()) {
    for (const measure of Array.isArray(model["measures"]) ? model["measures"] : []) {
      measures.set(String(asDict(measure)?.["name"]), model.unique_id)
    }
  }
  const byName = new Map([...manifest.metrics.values()].map((metric) => [metric.name, metric.unique_id]))
  for (const metric of manifest.metrics.values()) {
    const parents = new Set<string>()
    const ofMetrics = metric["type"] === "ratio" || metric["type"] === "derived"
    for (const name of namesIn(metric["type_params"])) {
      const parent = ofMetrics ? byName.get(name) : measures.get(name)
      if (parent !== undefined) parents.add(parent)
    }
    metric.depends_on.nodes = [...parents]
  }
  for (const exposure of manifest.exposures.values()) {
    const used = Array.isArray(exposure["metrics"]) ? (exposure["metrics"] as string[][]) : []
    for (const [name = ""] of used) {
      const id = byName.get(name)
      if (id === undefined)
        throw projectError(
          `exposure '${exposure.name}' depends on a metric named '${name}' which was not found`,
          { place: exposure.original_file_path },
        )
      exposure.depends_on.nodes.push(id)
    }
  }
  for (const query of manifest.savedQueries.values()) {
    const wanted = asStringList(asDict(query["query_params"])?.["metrics"])
    query.depends_on.nodes = wanted.flatMap((name) => byName.get(name) ?? [])
  }
}

/** All texts that may name a measure or metric in `type_params`. */
function namesIn(value: unknown): string[] {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap(namesIn)
  const dict = asDict(value)
  return dict === undefined
    ? []
    : ["name", "measure", "numerator", "denominator", "metrics"].flatMap((key) => namesIn(dict[key]))
}
