import { CartwrightError } from "../../core/errors.ts"
import type { Invocation } from "../context/context.ts"
import type { DbtCommand, DbtOptions } from "../dbt.ts"
import type { Graph } from "../graph/graph.ts"
import { selectNodes } from "../graph/select.ts"
import { parseSelection, type Selection } from "../graph/spec.ts"
import { readSelectors } from "../graph/yaml-selectors.ts"
import { isDbtNode, nodeOf, RESOURCE_TYPES, type ResourceType } from "../nodes.ts"

const LISTED: ResourceType[] = [
  "model",
  "snapshot",
  "seed",
  "test",
  "source",
  "exposure",
  "metric",
  "saved_query",
  "semantic_model",
  "unit_test",
]
const TYPES: Record<DbtCommand, ResourceType[]> = {
  build: ["model", "seed", "snapshot", "test", "unit_test", "exposure", "saved_query"],
  run: ["model"],
  test: ["test", "unit_test"],
  seed: ["seed"],
  snapshot: ["snapshot"],
  compile: ["model", "test", "snapshot", "analysis", "seed", "operation", "unit_test"],
  ls: LISTED,
  parse: [],
}

/** The ids that a command is to work on. */
export async function selectFor(
  invocation: Invocation,
  graph: Graph,
  options: DbtOptions,
): Promise<Set<string>> {
  const { manifest, root } = invocation
  const indirect = options.indirectSelection ?? "eager"
  const found = selectNodes(
    {
      manifest,
      graph,
      projectName: root.name,
      onNothing: (raw) =>
        invocation.tell("warn", `The selection criterion '${raw}' does not match any enabled nodes`),
    },
    await selectionOf(invocation, options, indirect),
  )
  const types = resourceTypes(options)
  return new Set(
    [...found].filter((id) => {
      const node = nodeOf(manifest, id)
      if (node === undefined || !types.includes(node.resource_type)) return false
      const isEmpty = isDbtNode(node) && node.resource_type !== "seed" && node.raw_code.trim() === ""
      return options.command === "ls" || !isEmpty
    }),
  )
}

async function selectionOf(
  invocation: Invocation,
  options: DbtOptions,
  indirect: NonNullable<DbtOptions["indirectSelection"]>,
): Promise<Selection> {
  const stated = (options.select?.length ?? 0) > 0 || (options.exclude?.length ?? 0) > 0
  const selectors = await readSelectors(invocation.root.root, indirect)
  if (options.selector !== undefined) {
    const named = selectors.get(options.selector)
    if (named === undefined) {
      throw new CartwrightError("usage", `there is no selector '${options.selector}'`, {
        place: "selectors.yml",
        choices: [...selectors.keys()],
      })
    }
    return named.definition
  }
  const fallback = [...selectors.values()].find((selector) => selector.isDefault)
  if (!stated && fallback !== undefined) return fallback.definition
  return parseSelection(options.select, options.exclude, indirect)
}

function resourceTypes(options: DbtOptions): ResourceType[] {
  let types = TYPES[options.command]
  const known = new Set<string>([...RESOURCE_TYPES, "all", "default"])
  for (const type of [...(options.resourceTypes ?? []), ...(options.excludeResourceTypes ?? [])]) {
    if (!known.has(type))
      throw new CartwrightError("usage", `unknown resource type '${type}'`, { choices: RESOURCE_TYPES })
  }
  if (options.resourceTypes !== undefined && options.resourceTypes.length > 0) {
    types = options.resourceTypes.flatMap((type) =>
      type === "all"
        ? [...RESOURCE_TYPES]
        : type === "default"
          ? TYPES[options.command]
          : [type as ResourceType],
    )
  }
  return types.filter((type) => !(options.excludeResourceTypes ?? []).includes(type))
}
