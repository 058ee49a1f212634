import { dirname, join } from "node:path"
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import type { Invocation, NodeContext } from "../context/context.ts"
import { newContext } from "../context/new-context.ts"
import { nodeRelation } from "../context/reference-functions.ts"
import { renderText } from "../context/render.ts"
import { testArguments } from "../context/test-arguments.ts"
import type { DbtNode } from "../nodes.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import { injectCtes } from "./ctes.ts"

export interface Compiling {
  invocation: Invocation
  /** Absolute folder of the artifacts. */
  targetFolder: string
  /** Which nodes leave their SQL there as files; all leave it in the manifest. */
  texts: "all" | "failed"
  session(): Promise<Session>
  /** SQL of ephemeral models before their own ephemerals are put in, by id. */
  ephemerals: Map<string, Promise<Ephemeral>>
}

interface Ephemeral {
  sql: string
  refersTo: string[]
}

/** The context in which a node's SQL and hooks are rendered when it runs. */
export function nodeContext(compiling: Compiling, node: DbtNode): NodeContext {
  const { invocation } = compiling
  return newContext(invocation, {
    node,
    session: () => compiling.session(),
    relation: nodeRelation(node, { invocation }),
  })
}

/** Renders a node's SQL with everything resolved. */
export async function compileNode(
  compiling: Compiling,
  node: DbtNode,
  context: NodeContext,
): Promise<string> {
  const sql = await renderNode(compiling.invocation, node, context)
  const ctes = await collectCtes(compiling, [...context.ephemerals])
  const compiled = injectCtes(sql, ctes)
  node.compiled = true
  node.compiled_code = compiled
  node.extra_ctes_injected = true
  node.extra_ctes = ctes
  if (node.resource_type !== "snapshot" && node.resource_type !== "seed") {
    node.compiled_path = `${compiling.invocation.root.targetPath}/${compiledPath(node)}`
    if (compiling.texts === "all") writeCompiled(compiling, node)
  }
  return compiled
}

/** Writes what was run of a node below target/run, and its compiled SQL below target/compiled where it is not there already. */
export function writeTexts(compiling: Compiling, node: DbtNode, executed: readonly string[]): void {
  if (compiling.texts === "failed" && node.compiled_path !== null) writeCompiled(compiling, node)
  if (executed.length > 0)
    writeText(join(compiling.targetFolder, "run", artifactPath(node)), executed.join("\n;\n"))
}

function writeCompiled(compiling: Compiling, node: DbtNode): void {
  const { compiled_code: text } = node
  if (text) writeText(join(compiling.targetFolder, compiledPath(node)), text)
}

async function renderNode(invocation: Invocation, node: DbtNode, context: NodeContext): Promise<string> {
  if (node.test_metadata !== undefined)
    context.extra["_dbt_generic_test_kwargs"] = await testArguments(context)
  const root = invocation.projects.get(node.package_name)?.root ?? ""
  if (!/\{[{%#]/.test(node.raw_code)) return node.raw_code
  return renderText(context, node.raw_code, join(root, node.original_file_path))
}

/** The CTEs of ephemeral models, those that they need first, each once. */
async function collectCtes(
  compiling: Compiling,
  ids: readonly string[],
): Promise<{ id: string; sql: string }[]> {
  const ctes = new Map<string, { id: string; sql: string }>()
  const visit = async (id: string): Promise<void> => {
    const ephemeral = await ephemeralOf(compiling, id)
    for (const inner of ephemeral.refersTo) await visit(inner)
    const name = compiling.invocation.manifest.nodes.get(id)?.alias ?? id
    if (!ctes.has(id)) ctes.set(id, { id, sql: ` __dbt__cte__${name} as (\n${ephemeral.sql}\n)` })
  }
  for (const id of ids) await visit(id)
  return [...ctes.values()]
}

function ephemeralOf(compiling: Compiling, id: string): Promise<Ephemeral> {
  let known = compiling.ephemerals.get(id)
  if (known === undefined) {
    known = renderEphemeral(compiling, id)
    compiling.ephemerals.set(id, known)
  }
  return known
}

async function renderEphemeral(compiling: Compiling, id: string): Promise<Ephemeral> {
  const node = compiling.invocation.manifest.nodes.get(id)
  if (node === undefined) throw new Error(`no node ${id}`)
  const context = nodeContext(compiling, node)
  const sql = await renderNode(compiling.invocation, node, context)
  return { sql, refersTo: [...context.ephemerals] }
}

/** Below target/compiled and target/run: package, file; a test of a property file in a folder named as that. */
export function compiledPath(node: DbtNode): string {
  return `compiled/${artifactPath(node)}`
}

function artifactPath(node: DbtNode): string {
  const file = node.original_file_path.replace(/^\.\//, "")
  // What a property file or the project file defines is put into a folder of that name.
  if (!/\.ya?ml$/.test(file)) return `${node.package_name}/${file}`
  const name = node.path.slice(node.path.lastIndexOf("/") + 1)
  return `${node.package_name}/${file}/${node.resource_type === "operation" ? node.path : name}`
}

/** A file that holds the text already stays: on a disk, looking costs a tenth of writing it anew. */
function writeText(path: string, text: string): void {
  const there = statSync(path, { throwIfNoEntry: false })
  if (there?.size === Buffer.byteLength(text) && readFileSync(path, "utf8") === text) return
  if (there === undefined && !existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
