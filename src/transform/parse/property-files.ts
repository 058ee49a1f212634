import { projectError } from "../errors.ts"
import type { Dict } from "../nodes.ts"
import { listFiles, readIgnore, readText } from "../project/files.ts"
import type { Project } from "../project/project-file.ts"
import { renderTree } from "../project/render-tree.ts"
import { asDict, loadYaml } from "../yaml/yaml.ts"

/** An entry of a property file: what is said about one model, seed, macro, source, … */
export interface Entry {
  project: Project
  /** The section: `models`, `sources`, … */
  section: string
  /** Relative to the project. */
  file: string
  /** Relative to its resource folder. */
  path: string
  name: string
  /** Rendered, except descriptions and tests. */
  properties: Dict
  /** `file:line` of its name, for errors. */
  place: () => string
}

const SECTIONS = [
  "models",
  "seeds",
  "snapshots",
  "analyses",
  "macros",
  "sources",
  "exposures",
  "metrics",
  "groups",
  "semantic_models",
  "saved_queries",
  "unit_tests",
  "data_tests",
]
const LATE = new Set(["description", "tests", "data_tests"])

/**
 * Reads all property files of a project.
 * @param render Jinja with `var`, `env_var`, `target`
 */
export async function readPropertyFiles(
  project: Project,
  render: (text: string, place: string) => Promise<unknown>,
): Promise<Entry[]> {
  const { models, seeds, snapshots, analyses, macros, tests } = project.paths
  const folders = [...new Set([...models, ...seeds, ...snapshots, ...analyses, ...macros, ...tests])]
  const files = listFiles(project.root, folders, [".yml", ".yaml"], readIgnore(project.root))
  const entries: Entry[] = []
  for (const file of new Map(files.map((found) => [found.originalPath, found])).values()) {
    const text = readText(file.absolute)
    const document = await loadYaml(text, file.absolute)
    if (document === null || document === undefined) continue
    const dict = asDict(document)
    if (dict === undefined) throw projectError("a property file must be a mapping", { place: file.absolute })
    checkVersion(dict, file.absolute)
    for (const section of SECTIONS) {
      const list = dict[section]
      if (list === undefined || list === null) continue
      if (!Array.isArray(list)) {
        throw projectError(`${section}: must be a list`, {
          place: file.absolute,
          next: "Begin each entry with a dash.",
        })
      }
      for (const item of list) {
        const properties = asDict(item)
        const name = properties?.["name"]
        if (properties === undefined || name === undefined || name === null) {
          throw projectError(`an entry of ${section}: has no name`, { place: file.absolute })
        }
        const place = (): string => placeOfName(text, file.absolute, String(name))
        const rendered = await renderTree(properties, (value) => render(value, file.absolute), isLate)
        entries.push({
          project,
          section,
          file: file.originalPath,
          path: file.path,
          name: String(name),
          properties: rendered as Dict,
          place,
        })
      }
    }
  }
  return entries
}

function checkVersion(document: Dict, file: string): void {
  const version = document["version"]
  if (version !== undefined && Number(version) !== 2) {
    throw projectError(`version: ${String(version)} of a property file is not known`, {
      place: file,
      choices: ["2"],
    })
  }
}

/** Descriptions may call `doc()`, tests are rendered when they run: at the top, in columns and in source tables. */
function isLate(path: readonly string[]): boolean {
  return path.some((key) => LATE.has(key))
}

function placeOfName(text: string, file: string, name: string): string {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  const match = new RegExp(`^.*\\bname:\\s*["']?${escaped}["']?\\s*(?:[,}#].*)?$`, "m").exec(text)
  return match === null ? file : `${file}:${text.slice(0, match.index).split("\n").length}`
}
