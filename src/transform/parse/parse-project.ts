import { newCaptured, newContext } from "../context/new-context.ts"
import { renderNative } from "../context/render.ts"
import type { Invocation } from "../context/context.ts"
import { projectError } from "../errors.ts"
import type { DbtNode, PassiveNode, SourceNode } from "../nodes.ts"
import type { Project } from "../project/project-file.ts"
import { fillDescriptions, readDocs } from "./docs.ts"
import { modelTests, sourceTests } from "./generic-tests.ts"
import { linkMetrics, readPassive } from "./passive-nodes.ts"
import { Lookup } from "./lookup.ts"
import { readColumns, readConstraints } from "./columns.ts"
import { readPropertyFiles, type Entry } from "./property-files.ts"
import { readSnapshots } from "./snapshots.ts"
import { readSource } from "./sources.ts"
import { checkUnique, readHooks, readSqlNodes } from "./sql-nodes.ts"

const NODE_SECTIONS = ["models", "seeds", "snapshots", "analyses", "data_tests"]

/** Reads all of a project and its packages into the invocation's manifest and resolves what refers to what. */
export async function parseProject(invocation: Invocation): Promise<void> {
  const { manifest, root, projects } = invocation
  const now = invocation.startedAt.getTime() / 1000
  const ordered = [root, ...[...projects.values()].filter((project) => project !== root)]
  for (const project of ordered) {
    for (const block of await readDocs(project)) manifest.docs.set(block.unique_id, block)
  }
  for (const project of ordered) await parsePackage(invocation, project, now)
  invocation.lookup = new Lookup(manifest, root.name)
  resolveReferences(invocation)
  linkMetrics(manifest)
  await fillDescriptions(invocation, manifest)
}

async function parsePackage(invocation: Invocation, project: Project, now: number): Promise<void> {
  const context = newContext(invocation, { packageName: project.name, captured: newCaptured() })
  const render = (text: string, place: string): Promise<unknown> => renderNative(context, text, place)
  const entries = await readPropertyFiles(project, render)
  const patches = new Map<string, Entry>()
  for (const entry of entries) {
    if (NODE_SECTIONS.includes(entry.section)) patches.set(`${entry.section}.${entry.name}`, entry)
  }
  const nodes = await readSqlNodes(invocation, project, patches, now)
  nodes.push(
    ...(await readSnapshots(invocation, project, patches, now)),
    ...(await readHooks(invocation, project, now)),
  )
  checkUnique(nodes)
  const byName = new Map(nodes.map((node) => [node.name, node]))
  for (const node of nodes) add(invocation, node)
  for (const entry of entries) {
    const renderHere = (text: string): Promise<unknown> => render(text, entry.file)
    if (entry.section === "sources") await addSource(invocation, entry, now, renderHere)
    else if (NODE_SECTIONS.includes(entry.section)) {
      const attached = byName.get(entry.name)
      if (attached !== undefined) {
        attached.columns = readColumns(entry.properties["columns"], entry.place)
        if (attached.constraints !== undefined)
          attached.constraints = readConstraints(entry.properties["constraints"])
      } else if (entry.section !== "data_tests") warnUnused(invocation, entry)
      for (const test of await modelTests(invocation, entry, attached, now, renderHere)) add(invocation, test)
    } else if (entry.section === "macros") {
      const described = invocation.macros.describe(project.name, entry)
      if (!described) warnUnused(invocation, entry)
    } else await readPassive(invocation, entry, now)
  }
}

async function addSource(
  invocation: Invocation,
  entry: Entry,
  now: number,
  render: (text: string) => Promise<unknown>,
): Promise<void> {
  for (const table of readSource(entry, invocation.root, invocation.target.database, now)) {
    const { node } = table
    if (node.config["enabled"] === false) invocation.manifest.disabled.set(node.unique_id, [node])
    else invocation.manifest.sources.set(node.unique_id, node)
    for (const test of await sourceTests(invocation, entry, table, now, render)) add(invocation, test)
  }
}

function warnUnused(invocation: Invocation, entry: Entry): void {
  invocation.tell(
    "warn",
    `Did not find matching node for patch with name '${entry.name}' in the '${entry.section}' section of file '${entry.file}'`,
  )
}

function add(invocation: Invocation, node: DbtNode): void {
  const { manifest } = invocation
  if (node.config["enabled"] === false) {
    const known = manifest.disabled.get(node.unique_id)
    if (known === undefined) manifest.disabled.set(node.unique_id, [node])
    else known.push(node)
  } else manifest.nodes.set(node.unique_id, node)
}

/** Turns refs and sources into ids. A test of something disabled or missing is switched off, anything else is an error. */
function resolveReferences(invocation: Invocation): void {
  const { manifest } = invocation
  for (const node of manifest.nodes.values()) {
    if (!resolveNode(invocation, node)) node.config["enabled"] = false
  }
  for (const nodes of [manifest.exposures, manifest.semanticModels, manifest.unitTests]) {
    for (const node of nodes.values()) resolveNode(invocation, node)
  }
}

function resolveNode(invocation: Invocation, node: DbtNode | PassiveNode): boolean {
  const { lookup } = invocation
  const ids: string[] = []
  const isTest = node.resource_type === "test"
  for (const [sourceName = "", tableName = ""] of node.sources) {
    const target: SourceNode | undefined = lookup.source(sourceName, tableName, node.package_name)
    if (target !== undefined) ids.push(target.unique_id)
    else if (isTest) return warnMissing(invocation, node, `'${sourceName}.${tableName}'`, true)
    else throw lookup.sourceError(sourceName, tableName, node, node.original_file_path)
  }
  for (const wanted of node.refs) {
    const target = lookup.ref(wanted, node.package_name)
    if (target !== undefined) {
      checkAccess(node, target)
      ids.push(target.unique_id)
    } else if (isTest)
      return warnMissing(invocation, node, `'${wanted.name}'`, lookup.isDisabled(wanted.name))
    else throw lookup.refError(wanted, node, node.original_file_path)
  }
  node.depends_on.nodes = [...new Set(ids)]
  return true
}

/** A private model is for its own group. */
function checkAccess(node: DbtNode | PassiveNode, target: DbtNode): void {
  if (target.access !== "private" || target.group === null) return
  if (node["group"] === target.group) return
  throw projectError(
    `Node ${node.unique_id} attempted to reference node ${target.unique_id}, which is not allowed because the referenced node is private to the '${target.group}' group`,
    { place: node.original_file_path, next: `Put it into the group, or make ${target.name} protected.` },
  )
}

function warnMissing(
  invocation: Invocation,
  node: DbtNode | PassiveNode,
  what: string,
  disabled: boolean,
): false {
  if (!disabled) {
    invocation.tell(
      "warn",
      `Test '${node.unique_id}' (${node.original_file_path}) depends on a node named ${what} which was not found`,
    )
  }
  return false
}
