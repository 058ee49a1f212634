import { join } from "node:path"
import type { Captured, Invocation } from "../context/context.ts"
import { newCaptured, newContext } from "../context/new-context.ts"
import { renderText } from "../context/render.ts"
import { projectError, unsupported } from "../errors.ts"
import type { DbtNode, Dict } from "../nodes.ts"
import { listFiles, readIgnore, readText } from "../project/files.ts"
import type { Project } from "../project/project-file.ts"
import { baseNode, fileFqn, pythonStrip } from "./base-node.ts"
import { finishNode } from "./finish-node.ts"
import type { Entry } from "./property-files.ts"

/** What the property files say about the nodes of a project, by section and name. */
export type Patches = ReadonlyMap<string, Entry>

/** Reads a project's SQL and CSV files into nodes: models, analyses, singular tests, seeds. */
export async function readSqlNodes(
  invocation: Invocation,
  project: Project,
  patches: Patches,
  now: number,
): Promise<DbtNode[]> {
  const ignore = readIgnore(project.root)
  const nodes: DbtNode[] = []
  const { paths, root } = project
  for (const file of listFiles(root, ["functions"], [".sql", ".py"], ignore))
    throw unsupported("functions", file.absolute)
  for (const file of listFiles(root, paths.models, [".py"], ignore))
    throw unsupported("Python models", file.absolute)
  for (const file of listFiles(root, paths.models, [".sql"], ignore)) {
    const raw = pythonStrip(readText(file.absolute))
    const name = stem(file.path)
    const node = baseNode({
      project,
      resourceType: "model",
      name,
      file,
      rawCode: raw,
      content: raw,
      fqn: fileFqn(project, file.path, name),
      createdAt: now,
    })
    nodes.push(await parseNode(invocation, node, patches.get(`models.${name}`), file.absolute))
  }
  for (const file of listFiles(root, paths.analyses, [".sql"], ignore)) {
    const raw = pythonStrip(readText(file.absolute))
    const name = stem(file.path)
    const fqn = [project.name, "analysis", ...file.path.split("/").slice(0, -1), name]
    const node = baseNode({
      project,
      resourceType: "analysis",
      name,
      file: { ...file, path: `analysis/${file.path}` },
      rawCode: raw,
      content: raw,
      fqn,
      createdAt: now,
    })
    nodes.push(await parseNode(invocation, node, patches.get(`analyses.${name}`), file.absolute))
  }
  for (const file of listFiles(root, paths.tests, [".sql"], ignore)) {
    // Macros of generic tests and the data of unit tests live here, too.
    if (/^(?:generic|fixtures)\//.test(file.path)) continue
    const raw = pythonStrip(readText(file.absolute))
    const name = stem(file.path)
    const node = baseNode({
      project,
      resourceType: "test",
      name,
      file,
      rawCode: raw,
      content: raw,
      fqn: fileFqn(project, file.path, name),
      createdAt: now,
    })
    nodes.push(await parseNode(invocation, node, patches.get(`data_tests.${name}`), file.absolute))
  }
  for (const file of listFiles(root, paths.seeds, [".csv"], ignore)) {
    const name = stem(file.path)
    const node = baseNode({
      project,
      resourceType: "seed",
      name,
      file,
      rawCode: "",
      content: pythonStrip(readText(file.absolute)),
      fqn: fileFqn(project, file.path, name),
      createdAt: now,
    })
    node.root_path = root
    nodes.push(await parseNode(invocation, node, patches.get(`seeds.${name}`), file.absolute))
  }
  return nodes
}

/** Renders a node's SQL for what it refers to and configures, and fills the node in. */
export async function parseNode(
  invocation: Invocation,
  node: DbtNode,
  patch: Entry | undefined,
  file: string,
  extra: Dict = {},
): Promise<DbtNode> {
  const captured: Captured = newCaptured()
  if (patch !== undefined) applyPatch(node, patch)
  if (/\{[{%#]/.test(node.raw_code)) {
    await renderText(newContext(invocation, { node, captured, extra }), node.raw_code, file)
  }
  await finishNode(invocation, node, patch?.properties, captured)
  return node
}

function applyPatch(node: DbtNode, patch: Entry): void {
  const { properties } = patch
  for (const key of ["versions", "latest_version", "time_spine"]) {
    if (properties[key] !== undefined && properties[key] !== null) {
      if (key === "time_spine") continue
      throw unsupported("model versions", patch.place())
    }
  }
  node.description = String(properties["description"] ?? "")
  node.patch_path = `${patch.project.name}://${patch.file}`
}

/** Hooks of dbt_project.yml as nodes. */
export async function readHooks(invocation: Invocation, project: Project, now: number): Promise<DbtNode[]> {
  const nodes: DbtNode[] = []
  if (project.onRunStart.length + project.onRunEnd.length === 0) return nodes
  const projectFile = pythonStrip(readText(join(project.root, "dbt_project.yml")))
  for (const [kind, hooks] of [
    ["on-run-start", project.onRunStart],
    ["on-run-end", project.onRunEnd],
  ] as const) {
    for (const [index, sql] of hooks.entries()) {
      const name = `${project.name}-${kind}-${index}`
      const node = baseNode({
        project,
        resourceType: "operation",
        name,
        file: { path: `hooks/${name}.sql`, originalPath: "./dbt_project.yml" },
        rawCode: sql,
        content: projectFile,
        fqn: [project.name, "hooks", name],
        createdAt: now,
      })
      await parseNode(
        invocation,
        node,
        undefined,
        "dbt_project.yml",
        kind === "on-run-end" ? { schemas: [], database_schemas: [], results: [] } : {},
      )
      node.index = index
      node.tags = [kind, ...node.tags]
      nodes.push(node)
    }
  }
  return nodes
}

/** Two resources that would have one id, or one relation, are an error that names both files. */
export function checkUnique(nodes: readonly DbtNode[]): void {
  const ids = new Map<string, DbtNode>()
  const relations = new Map<string, DbtNode>()
  const names = new Map<string, DbtNode>()
  for (const node of nodes) {
    if (node.config["enabled"] === false) continue
    clash(ids, node.unique_id, node, `two ${node.resource_type}s are named '${node.name}'`)
    if (["model", "seed", "snapshot"].includes(node.resource_type)) {
      clash(names, `${node.package_name}.${node.name}`, node, `two resources are named '${node.name}'`)
      if (node.relation_name !== null) {
        clash(
          relations,
          node.relation_name.toLowerCase(),
          node,
          `two resources make the relation ${node.relation_name}`,
        )
      }
    }
  }
}

function clash(known: Map<string, DbtNode>, key: string, node: DbtNode, offence: string): void {
  const other = known.get(key)
  if (other === undefined) {
    known.set(key, node)
    return
  }
  throw projectError(offence, {
    place: node.original_file_path,
    choices: [other.original_file_path, node.original_file_path],
    next: "Rename or remove one of them, or give one another alias.",
  })
}

function stem(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1)
  return name.slice(0, name.lastIndexOf("."))
}
