import { sha256 } from "../context/hashing.ts"
import type { DbtNode, Dict, ResourceType } from "../nodes.ts"
import type { SourceFile } from "../project/files.ts"
import type { Project } from "../project/project-file.ts"

export interface NodeSeed {
  project: Project
  resourceType: ResourceType
  name: string
  file: Pick<SourceFile, "path" | "originalPath">
  rawCode: string
  /** Text whose hash tells whether the node changed; undefined for tests. */
  content: string | undefined
  fqn: string[]
  uniqueId?: string
  createdAt: number
}

/** A node with what its file tells; config, names and dependencies are filled in by the steps that follow. */
export function baseNode(seed: NodeSeed): DbtNode {
  const { project, resourceType, name, file } = seed
  return {
    database: "",
    schema: "",
    name,
    resource_type: resourceType,
    package_name: project.name,
    path: file.path,
    original_file_path: file.originalPath,
    unique_id: seed.uniqueId ?? `${resourceType}.${project.name}.${name}`,
    fqn: seed.fqn,
    alias: name,
    checksum:
      seed.content === undefined
        ? { name: "none", checksum: "" }
        : { name: "sha256", checksum: sha256(seed.content) },
    config: {},
    tags: [],
    description: "",
    columns: {},
    meta: {},
    group: null,
    docs: { show: true, node_color: null },
    patch_path: null,
    build_path: null,
    unrendered_config: {},
    created_at: seed.createdAt,
    relation_name: null,
    raw_code: seed.rawCode,
    doc_blocks: [],
    language: "sql",
    refs: [],
    sources: [],
    metrics: [],
    functions: [],
    depends_on: { macros: [], nodes: [] },
    compiled_path: null,
    contract: { enforced: false, alias_types: true, checksum: null },
  }
}

/** What models have beyond other nodes. */
export function modelExtras(config: Dict): Partial<DbtNode> {
  return {
    access: typeof config["access"] === "string" ? config["access"] : "protected",
    constraints: [],
    version: null,
    latest_version: null,
    deprecation_date: null,
    primary_key: [],
    time_spine: null,
  }
}

/** The fqn of a file's node: package, folders below the resource folder, name. */
export function fileFqn(project: Project, path: string, name: string): string[] {
  return [project.name, ...path.split("/").slice(0, -1), name]
}

const WHITE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+"
const AROUND = new RegExp(`^${WHITE}|${WHITE}$`, "g")

/** Text without the white space around it, as Python strips it: a byte order mark is none. */
export function pythonStrip(text: string): string {
  return text.replace(AROUND, "")
}
