import { readFile } from "node:fs/promises"
import { isMissing } from "../storage/local/system-errors.ts"

/** What is needed of dbt's manifest.json. */
interface DbtManifest {
  nodes: Record<
    string,
    {
      name: string
      alias?: string
      resource_type: string
      original_file_path: string
      description?: string
      tags?: string[]
      config?: { materialized?: string; meta?: { grain?: string } }
      depends_on?: { nodes?: string[] }
    }
  >
  sources: Record<string, { name: string; source_name: string; description?: string }>
}

/** @returns undefined where there is none */
export async function readManifest(path: string): Promise<DbtManifest | undefined> {
  let text: string
  try {
    text = await readFile(path, "utf8")
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  return JSON.parse(text) as DbtManifest
}

/** A model by its name, a source as `source.data_set`. */
export function shortName(id: string): string {
  return id
    .split(".")
    .slice(id.startsWith("source.") ? -2 : -1)
    .join(".")
}

/** A table of the shop's dbt project, from a delivered data set to a mart. */
export interface LineageNode {
  name: string
  /** `bronze` for what was delivered; else the layer that the model is tagged with, or its kind. */
  layer: string
  description: string
  grain: string | undefined
  file: string | undefined
  /** Names of those that it is made of. */
  parents: string[]
}

/** All models, seeds and delivered data sets of a run. The ledgers, which every model reads, are no data. */
export async function lineageNodes(manifest: string): Promise<LineageNode[] | undefined> {
  const project = await readManifest(manifest)
  if (project === undefined) return undefined
  const delivered = Object.entries(project.sources).filter(
    ([, { source_name: name }]) => name !== "bronze_ledger",
  )
  const tables = Object.entries(project.nodes).filter(([, { resource_type: type }]) =>
    ["model", "seed", "snapshot"].includes(type),
  )
  const known = new Set([...delivered, ...tables].map(([id]) => id))
  return [
    ...delivered.map(([id, { description = "" }]) => ({
      name: shortName(id),
      layer: "bronze",
      description,
      grain: undefined,
      file: undefined,
      parents: [],
    })),
    ...tables.map(([, node]) => ({
      name: node.name,
      layer: node.resource_type === "model" ? (node.tags?.[0] ?? "model") : node.resource_type,
      description: node.description ?? "",
      grain: node.config?.meta?.grain,
      file: node.original_file_path,
      parents: (node.depends_on?.nodes ?? [])
        .filter((id) => known.has(id))
        .map(shortName)
        .sort(),
    })),
  ]
}
