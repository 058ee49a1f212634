import { asDict } from "../transform/yaml/yaml.ts"
import type { SemanticModel } from "./declarations.ts"

/** The columns of a model's YAML that say something about a person (`meta: pii`). */
export function personalColumns(document: Readonly<Record<string, unknown>>): string[] {
  const columns = listOf(document["models"]).flatMap((model) => listOf(asDict(model)?.["columns"]))
  return columns.flatMap((each) => {
    const column = asDict(each)
    const name = column?.["name"]
    return isMarked(column) && typeof name === "string" ? [name] : []
  })
}

/** The dimensions that are personal: marked so, or made of a personal column. */
export function personalDimensions(models: readonly SemanticModel[], columns: ReadonlySet<string>): string[] {
  return models.flatMap(({ dimensions }) =>
    dimensions
      .filter(
        ({ name, expr = name, config }) =>
          isMarked({ config }) || [...expr.matchAll(/\w+/g)].some(([word]) => columns.has(word)),
      )
      .map(({ name }) => name),
  )
}

const HIDDEN = "•••"

/** A reply in which every value under a personal name is hidden. Names are compared without regard to case and underscores. */
export function withoutPersonal(reply: unknown, personal: ReadonlySet<string>): unknown {
  const names = new Set([...personal].map(plain))
  const masked = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(masked)
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name,
        !names.has(plain(name)) ? masked(each) : typeof each === "string" ? HIDDEN : null,
      ]),
    )
  }
  return masked(reply)
}

function plain(name: string): string {
  return name.replaceAll("_", "").toLowerCase()
}

function isMarked(entry: Readonly<Record<string, unknown>> | undefined): boolean {
  return [asDict(entry?.["config"])?.["meta"], entry?.["meta"]].some((meta) => asDict(meta)?.["pii"] === true)
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : []
}
