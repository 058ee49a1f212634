import { artifactJson } from "../artifacts/json.ts"
import type { DbtOptions } from "../dbt.ts"
import { isDbtNode, nodeOf, type GraphNode, type Manifest } from "../nodes.ts"

const JSON_KEYS = [
  "name",
  "resource_type",
  "package_name",
  "original_file_path",
  "unique_id",
  "alias",
  "config",
  "tags",
  "depends_on",
  "source_name",
]

/** The lines of `ls`: selected nodes by id, in the form asked for. */
export function listing(
  manifest: Manifest,
  selected: ReadonlySet<string>,
  output: DbtOptions["output"],
): string[] {
  return [...selected].sort().flatMap((id) => {
    const node = nodeOf(manifest, id)
    return node === undefined ? [] : [line(node, output ?? "selector")]
  })
}

function line(node: GraphNode, output: NonNullable<DbtOptions["output"]>): string {
  switch (output) {
    case "name":
      return "source_name" in node ? `${String(node.source_name)}.${node.name}` : node.name
    case "path":
      return node.original_file_path
    case "json": {
      // Seeds depend on no nodes, not even on none.
      if (node.resource_type === "seed" && isDbtNode(node))
        return jsonOf({ ...node, depends_on: { macros: node.depends_on.macros } })
      return jsonOf(node)
    }
    case "selector":
    default:
      if (node.resource_type === "source" && "source_name" in node)
        return `source:${node.package_name}.${String(node.source_name)}.${node.name}`
      if (!isDbtNode(node)) return `${node.resource_type}:${node.package_name}.${node.name}`
      return node.fqn.join(".")
  }
}

function jsonOf(node: object): string {
  const type = String((node as { resource_type?: unknown }).resource_type)
  // These have no tags of their own.
  const untagged = type === "unit_test" || type === "semantic_model"
  const entries = JSON_KEYS.filter((key) => key in node && !(untagged && key === "tags")).map((key) => [
    key,
    (node as Record<string, unknown>)[key],
  ])
  return artifactJson(Object.fromEntries(entries))
}
