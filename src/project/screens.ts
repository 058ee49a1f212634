import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { type CheckedModel, checkOverrides, checkScreens, type Place } from "../quality/screens/check.ts"
import type { ScreenDeclaration } from "../quality/screens/declaration.ts"
import { ConfigError, type ConfigProblem } from "./config/config-error.ts"
import { readSimpleYaml } from "../transform/yaml/block-reader.ts"
import { NotSimple } from "../transform/yaml/flow-reader.ts"
import { readYamlText, withoutEmpty, type YamlText } from "./config/yaml-text.ts"

interface DeclaredModel {
  name: string
  columns: ReadonlySet<string>
  screens: readonly unknown[]
  /** Path of the list of screens in its file. */
  path: (string | number)[]
  file: string
  /** The file with its places: read when something is to be told of it. */
  yaml: () => YamlText
}

/**
 * Checks all screens of a dbt project, those of its packages and what its variables say of them, before anything is run.
 * @param folder of `dbt_project.yml`
 * @throws ConfigError with everything that is wrong in the first file that has something wrong
 */
export function checkProjectScreens(folder: string): void {
  const declared = yamlFiles(folder).flatMap(modelsOf)
  const known = new Map<string, { screen: ScreenDeclaration; model: DeclaredModel }>()
  const problems = new Map<string, ConfigProblem[]>()
  for (const model of declared) {
    const checked = checkedModel(model, declared)
    const found = checkScreens(model.screens, checked)
    if (found.length > 0) {
      const told = found.map(({ path, offence, choices }) => {
        const full = [...model.path, ...path]
        return {
          ...model.yaml().valueAt(full),
          path: full.join("."),
          offence: `${model.name}: ${offence}`,
          choices,
        }
      })
      problems.set(model.file, [...(problems.get(model.file) ?? []), ...told])
      continue
    }
    for (const screen of model.screens as ScreenDeclaration[]) {
      known.set(`${dataSetOf(model.name)}.${screen.name}`, { screen, model })
    }
  }
  const [first] = problems
  if (first !== undefined) throw new ConfigError(...first)
  checkVariables(folder, known, declared)
}

function checkVariables(
  folder: string,
  known: ReadonlyMap<string, { screen: ScreenDeclaration; model: DeclaredModel }>,
  declared: readonly DeclaredModel[],
): void {
  const file = join(folder, "dbt_project.yml")
  if (!existsSync(file)) return
  const yaml = readYamlText(readFileSync(file, "utf8"))
  const vars = (yaml.value as { vars?: { screens?: unknown } } | undefined)?.vars
  if (vars?.screens === undefined) return
  const all = new Map([...known].map(([name, { screen }]) => [name, screen]))
  for (const { name, columns } of declared.filter((model) => model.name.startsWith("log_"))) {
    for (const column of columns) {
      const screen = { name: `${column}_readable`, kind: "cast", column, action: "flag" } as const
      if (!column.startsWith("_")) all.set(`${dataSetOf(name)}.${screen.name}`, screen)
    }
  }
  const found = checkOverrides(vars.screens as Record<string, unknown>, all, (screen, name) => {
    const model = known.get(name)?.model
    if (model === undefined) return castProblems(screen)
    const checked = checkedModel(model, declared)
    return checkScreens([screen], checked).map(({ path, ...rest }) => ({ path: path.slice(1), ...rest }))
  })
  if (found.length === 0) return
  const told = found.map(({ path, offence, choices }) => {
    const full = ["vars", "screens", ...path]
    return { ...yaml.valueAt(full), path: full.join("."), offence, choices }
  })
  throw new ConfigError(file, told)
}

/** Of the screen of a column only severity and action can be another. */
function castProblems(screen: ScreenDeclaration) {
  const allowed = ["name", "kind", "column", "bit", "action", "severity", "description"]
  const other = Object.keys(screen).find((key) => !allowed.includes(key))
  if (other !== undefined)
    return [
      { path: [other], offence: `a column's own screen has no "${other}"`, choices: ["action", "severity"] },
    ]
  const actions = ["pass", "flag", "reject", "stop"]
  if (actions.includes(screen.action)) return []
  return [{ path: ["action"], offence: `"${screen.action}" is no action`, choices: actions }]
}

function checkedModel(model: DeclaredModel, declared: readonly DeclaredModel[]): CheckedModel {
  const place: Place = model.name.startsWith("log_") ? "record" : model.name === "batches" ? "batch" : "cross"
  // Screens across records are declared on a model that has none of the data set's columns: its log has.
  const log = declared.find(({ name }) => name === model.name.replace(/^failing_/, "log_"))
  const columns = place === "batch" ? undefined : (log ?? model).columns
  return { place, columns }
}

/** `thelook.orders` of `log_thelook__orders`, as the package's macro does. */
function dataSetOf(model: string): string {
  const [, source, dataset] = /^[a-z]+_(.+?)__(.+)$/.exec(model) ?? []
  return source === undefined ? model : `${source}.${dataset}`
}

function modelsOf(file: string): DeclaredModel[] {
  const text = readFileSync(file, "utf8")
  if (!/\bscreens:|\blog_/.test(text)) return []
  let places: YamlText | undefined
  const yaml = (): YamlText => (places ??= readYamlText(text))
  const models = (valueOf(text, yaml) as { models?: unknown } | undefined)?.models
  if (!Array.isArray(models)) return []
  return models.flatMap((model: ModelProperties, index) => {
    const screens = model.config?.meta?.screens
    const columns = new Set((model.columns ?? []).map(({ name }) => name))
    if (!Array.isArray(screens) && !String(model.name).startsWith("log_")) return []
    const path = ["models", index, "config", "meta", "screens"]
    return [{ name: String(model.name), columns, screens: screens ?? [], path, file, yaml }]
  })
}

/** As dbt reads it. The reader that knows places takes many times longer: it is for what the quick one leaves to it. */
function valueOf(text: string, yaml: () => YamlText): unknown {
  try {
    return withoutEmpty(readSimpleYaml(text, (float) => float))
  } catch (error) {
    if (error instanceof NotSimple) return yaml().value
    throw error
  }
}

interface ModelProperties {
  name?: unknown
  columns?: { name: string }[]
  config?: { meta?: { screens?: unknown[] } }
}

function yamlFiles(folder: string): string[] {
  const files: string[] = []
  const visit = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const below = join(path, entry.name)
      if (entry.isDirectory()) {
        if (!["target", "logs", "dbt_packages"].includes(entry.name) && !entry.name.startsWith("."))
          visit(below)
      } else if (/\.ya?ml$/.test(entry.name) && path.includes("models")) files.push(below)
    }
  }
  if (existsSync(folder)) visit(folder)
  return files.sort()
}
