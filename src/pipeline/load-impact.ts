import { readFileSync } from "node:fs"
import { join } from "node:path"
import { messageOf } from "../core/errors.ts"
import { writeRunProfile } from "../project/profile.ts"
import type { Shop } from "../project/shop.ts"
import type { RunContext } from "./run-context.ts"
import { listRuns } from "./run-record.ts"
import { readJsonFile } from "./json-file.ts"

/** What of the dbt project a column of bronze touches. Names of models. */
export interface Touched {
  /** Those that read the data set and name the column. */
  readBy: string[]
  /** These and everything that is built on them. */
  models: string[]
  /** Those of them that are marts. */
  marts: string[]
}

/** The part of dbt's manifest.json that is needed here. */
export interface ProjectGraph {
  nodes: Record<string, GraphNode>
  sources: Record<string, { source_name: string; name: string }>
  macros: Record<string, { name: string; macro_sql: string }>
  child_map: Record<string, string[]>
}

interface GraphNode {
  name: string
  resource_type: string
  fqn: string[]
  tags: string[]
  raw_code?: string
}

/**
 * The graph of the shop's dbt project as it is now; where the embedded runner does not read it, as the last run left it.
 * @returns undefined where neither is there
 */
export async function projectGraph(context: RunContext): Promise<ProjectGraph | undefined> {
  const { shop, record, effects, environment } = context
  try {
    const { runEmbedded } = await import("../transform/dbt.ts")
    const { manifestPath } = await runEmbedded({
      command: "parse",
      projectDir: shop.paths.dbtProject,
      profilesDir: writeRunProfile(shop, record.folder, environment),
      targetPath: join(record.folder, "dbt"),
      environment,
      effects,
    })
    return JSON.parse(readFileSync(manifestPath as string, "utf8")) as ProjectGraph
  } catch (error) {
    record.log({ step: "load", level: "info", message: `reading the dbt project: ${messageOf(error)}` })
    return lastGraph(shop)
  }
}

function lastGraph(shop: Shop): ProjectGraph | undefined {
  for (const run of listRuns(shop.paths.runs).reverse()) {
    const manifest = readJsonFile(join(shop.paths.runs, run, "dbt", "manifest.json"))
    if (manifest !== undefined) return manifest as ProjectGraph
  }
  return undefined
}

/** Which models a column of a data set touches: its readers that name it, and all that is built on them. */
export function touchedBy(graph: ProjectGraph, source: string, dataset: string, column: string): Touched {
  const from = Object.entries(graph.sources).filter(
    ([, each]) => each.source_name === source && each.name === dataset,
  )
  const readers = from
    .flatMap(([id]) => graph.child_map[id] ?? [])
    .filter((id) => isModel(graph.nodes[id]) && names(graph, id, dataset, column))
  const reached = new Set<string>()
  const visit = (id: string): void => {
    if (reached.has(id) || !isModel(graph.nodes[id])) return
    reached.add(id)
    for (const child of graph.child_map[id] ?? []) visit(child)
  }
  for (const id of readers) visit(id)
  const nameOf = (id: string) => (graph.nodes[id] as GraphNode).name
  const models = [...reached]
  return {
    readBy: readers.map(nameOf).sort(),
    models: models.map(nameOf).sort(),
    marts: models
      .filter((id) => isMart(graph.nodes[id] as GraphNode))
      .map(nameOf)
      .sort(),
  }
}

/** What a change touches, as a sentence. */
export function touchedSentence({ readBy, models, marts }: Touched): string {
  if (readBy.length === 0) return "no model reads it"
  const built = models.length - readBy.length
  const below =
    built === 0
      ? ""
      : `; ${built} model${built === 1 ? " is" : "s are"} built on ${readBy.length === 1 ? "it" : "them"}${marts.length === 0 ? "" : `, the mart${marts.length === 1 ? "" : "s"} ${marts.join(", ")} among them`}`
  return `read by ${readBy.join(", ")}${below}`
}

/** Quality records read every column of everything; they are about the data, not made of it. */
function isModel(node: GraphNode | undefined): boolean {
  if (node === undefined || node.tags.includes("quality")) return false
  return node.resource_type === "model" || node.resource_type === "snapshot"
}

function isMart({ fqn, tags }: GraphNode): boolean {
  return fqn.includes("marts") || tags.includes("marts")
}

/**
 * Whether a model that reads a data set names the column: in its own text, or in the list of the data set's columns
 * (`'users': [ … ]`) of a macro that it calls. A model
 * that lists columns itself (`{'name': …}`) names no other. Where a model may read any column, it counts as naming it.
 */
function names(graph: ProjectGraph, id: string, dataset: string, column: string): boolean {
  const { raw_code: code = "" } = graph.nodes[id] as GraphNode
  const called = calledMacros(graph, code)
  const lists = [
    ...called.flatMap((text) => columnList(text, dataset) ?? []),
    ...(/['"]name['"]\s*:/.test(code) ? [code] : []),
  ]
  if ([code, ...lists].some((text) => mentions(text, column))) return true
  return lists.length === 0 && (code.includes("*") || called.length > 0)
}

function mentions(text: string, column: string): boolean {
  const word = column.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
  return new RegExp(`(?<![A-Za-z0-9_])${word}(?![A-Za-z0-9_])`, "i").test(text)
}

/**
 * The texts of the project's own macros that a text calls, directly or through others. By their names: which macro calls
 * which is not in every manifest.
 */
function calledMacros(graph: ProjectGraph, text: string): string[] {
  const own = Object.entries(graph.macros).filter(([id]) => !/^macro\.dbt(?:_\w+)?\./.test(id))
  const found = new Map<string, string>()
  const visit = (caller: string): void => {
    const words = new Set(caller.match(/\w+(?=\s*\()/g))
    for (const [id, { name, macro_sql }] of own) {
      if (!words.has(name) || found.has(id)) continue
      found.set(id, macro_sql)
      visit(macro_sql)
    }
  }
  visit(text)
  return [...found.values()]
}

/** The list that a macro gives for a data set, e.g. of `{'users': [{'name': 'user_id', 'from': 'id'}], …}`. */
function columnList(text: string, dataset: string): string | undefined {
  const start = new RegExp(`['"]${dataset}['"]\\s*:\\s*\\[`).exec(text)
  if (start === null) return undefined
  let depth = 0
  for (let i = start.index + start[0].length - 1; i < text.length; i++) {
    if (text[i] === "[") depth++
    else if (text[i] === "]" && --depth === 0) return text.slice(start.index + start[0].length, i)
  }
  return undefined
}
