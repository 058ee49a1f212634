import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { CartwrightError } from "../../core/errors.ts"
import type { Dict } from "../nodes.ts"
import { checkFlags } from "./flags.ts"
import { renderTree, type RenderValue } from "./render-tree.ts"
import { asDict, asStringList, loadYaml } from "../yaml/yaml.ts"

/** The version of dbt whose behaviour the embedded runner has. */
export const DBT_VERSION = "1.11.16"

export type PathKind = "models" | "seeds" | "snapshots" | "tests" | "macros" | "analyses" | "docs"

/** A dbt project or package, read from its `dbt_project.yml`. Strings are rendered, hooks and vars are not. */
export interface Project {
  name: string
  version: string | null
  /** Absolute folder. */
  root: string
  profile: string | undefined
  paths: Record<PathKind, string[]>
  vars: Dict
  /** The trees of `models:`, `seeds:`, `data_tests:`, … that hold configurations. */
  configs: Record<string, Dict>
  /** As {@link configs}, before rendering. */
  rawConfigs: Record<string, Dict>
  onRunStart: string[]
  onRunEnd: string[]
  dispatch: { namespace: string; order: string[] }[]
  quoting: Dict
  flags: Dict
  targetPath: string
  packagesPath: string
}

const CONFIG_KEYS = [
  "models",
  "seeds",
  "snapshots",
  "sources",
  "exposures",
  "metrics",
  "semantic-models",
  "saved-queries",
]
const LATE_KEYS = new Set(["pre-hook", "post-hook", "pre_hook", "post_hook"])

/**
 * Reads a project file.
 * @param render Jinja for its values, with `env_var`, `var` (command line only) and `target`
 * @throws CartwrightError `config` when there is none, or it is not valid
 */
export async function readProject(root: string, render: RenderValue): Promise<Project> {
  const file = join(root, "dbt_project.yml")
  if (!existsSync(file)) {
    throw new CartwrightError("config", "there is no dbt_project.yml here", {
      place: resolve(root),
      next: "Name the project's folder with --project-dir.",
    })
  }
  const raw = asDict(await loadYaml(readFileSync(file, "utf8"), file))
  if (raw === undefined) throw new CartwrightError("config", "the project file is empty", { place: file })
  const rendered = (await renderTree(raw, (text) => render(text, file), isRenderedLater)) as Dict
  const name = rendered["name"]
  if (typeof name !== "string" || !/^[^\d\W]\w*$/.test(name)) {
    throw new CartwrightError("config", `invalid project name: ${JSON.stringify(name ?? null)}`, {
      place: file,
      next: "Set name: to letters, digits and underscores, not beginning with a digit.",
    })
  }
  checkVersion(rendered["require-dbt-version"], name, file)
  checkFlags(asDict(rendered["flags"]) ?? {}, file)
  const testPaths = paths(rendered, "test-paths", ["tests"])
  const resourcePaths = {
    models: paths(rendered, "model-paths", ["models"]),
    seeds: paths(rendered, "seed-paths", ["seeds"]),
    snapshots: paths(rendered, "snapshot-paths", ["snapshots"]),
    tests: testPaths,
    macros: paths(rendered, "macro-paths", ["macros"]),
    analyses: paths(rendered, "analysis-paths", ["analyses"]),
  }
  const docs = asStringList(rendered["docs-paths"])
  return {
    name,
    version: rendered["version"] === undefined ? null : String(rendered["version"]),
    root: resolve(root),
    profile: typeof rendered["profile"] === "string" ? rendered["profile"] : undefined,
    paths: { ...resourcePaths, docs: docs.length > 0 ? docs : docPaths(resourcePaths) },
    vars: asDict(raw["vars"]) ?? {},
    configs: configTrees(rendered, file),
    rawConfigs: configTrees(raw, file),
    onRunStart: asStringList(raw["on-run-start"]),
    onRunEnd: asStringList(raw["on-run-end"]),
    dispatch: dispatchOf(rendered["dispatch"], file),
    quoting: asDict(rendered["quoting"]) ?? {},
    flags: asDict(rendered["flags"]) ?? {},
    targetPath: String(rendered["target-path"] ?? "target"),
    packagesPath: String(rendered["packages-install-path"] ?? "dbt_packages"),
  }
}

/** Where doc blocks are looked for by default: every resource folder, each once. */
function docPaths(paths: Omit<Project["paths"], "docs">): string[] {
  return [
    ...new Set([
      ...paths.models,
      ...paths.seeds,
      ...paths.snapshots,
      ...paths.analyses,
      ...paths.macros,
      ...paths.tests,
    ]),
  ]
}

function paths(project: Dict, key: string, fallback: string[]): string[] {
  return project[key] === undefined || project[key] === null ? fallback : asStringList(project[key])
}

function configTrees(project: Dict, file: string): Record<string, Dict> {
  const trees: Record<string, Dict> = {}
  for (const key of [...CONFIG_KEYS, "data_tests"]) {
    const value = project[key] ?? (key === "data_tests" ? project["tests"] : undefined)
    if (value === undefined || value === null) continue
    const tree = asDict(value)
    if (tree === undefined) {
      throw new CartwrightError("config", `${key}: must be a mapping of folders and +configs`, {
        place: file,
      })
    }
    trees[key] = tree
  }
  return trees
}

function dispatchOf(value: unknown, file: string): Project["dispatch"] {
  if (value === undefined || value === null) return []
  const list = Array.isArray(value) ? value : []
  return list.map((entry) => {
    const dict = asDict(entry)
    if (
      dict === undefined ||
      typeof dict["macro_namespace"] !== "string" ||
      !Array.isArray(dict["search_order"])
    ) {
      throw new CartwrightError("config", "each entry of dispatch: needs macro_namespace and search_order", {
        place: file,
      })
    }
    return { namespace: dict["macro_namespace"], order: dict["search_order"].map(String) }
  })
}

/** Hooks, vars and the query comment are rendered when they are used. */
function isRenderedLater(path: readonly string[]): boolean {
  return (
    ["on-run-start", "on-run-end", "query-comment", "vars"].includes(path[0] ?? "") ||
    path.some((key) => LATE_KEYS.has(key.replace(/^\+/, "")))
  )
}

/** `require-dbt-version: [">=1.6.0", "<2.0.0"]` against the version whose behaviour we have. */
function checkVersion(required: unknown, name: string, file: string): void {
  const specs = asStringList(required)
    .flatMap((spec) => spec.split(","))
    .map((spec) => spec.trim())
  for (const spec of specs) {
    const match = /^(>=|<=|>|<|=|==)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(spec)
    if (match === null) continue
    const wanted = [match[2], match[3] ?? "0", match[4] ?? "0"].map(Number)
    const ours = DBT_VERSION.split(".").map(Number)
    const order = ours.map((part, i) => Math.sign(part - (wanted[i] ?? 0))).find((sign) => sign !== 0) ?? 0
    const operator = match[1] ?? "="
    const fits =
      operator === ">="
        ? order >= 0
        : operator === "<="
          ? order <= 0
          : operator === ">"
            ? order > 0
            : operator === "<"
              ? order < 0
              : order === 0
    if (!fits) {
      throw new CartwrightError(
        "config",
        `project '${name}' requires dbt ${specs.join(", ")}; this runner behaves as dbt ${DBT_VERSION}`,
        {
          place: file,
          next: "Change require-dbt-version, or use --engine dbt with a version that fits.",
        },
      )
    }
  }
}
