import type { ManifestNode } from "./manifest.ts"
import { type Role, ROLES, type Table } from "./model.ts"

const PREFIXES: readonly (readonly [prefix: string, role: Role])[] = [
  ["fact_", "fact"],
  ["fct_", "fact"],
  ["bridge_", "bridge"],
  ["dim_", "dimension"],
]

/**
 * The layer of a table: the custom schema that its project gives it, else the dataset.
 * @param bronze the dataset of what was delivered
 */
export function layerOf(node: ManifestNode, bronze: string): string {
  if (node.resource_type === "source") return node.schema === bronze ? "bronze" : node.schema
  return node.config.schema ?? node.schema
}

/** By `meta.role`, else by layer, else by the customary prefix of the name. */
export function roleOf(node: ManifestNode, layer: string): Role {
  const stated = node.config.meta?.["role"]
  const role = ROLES.find((each) => each === stated)
  if (role !== undefined) return role
  if (node.resource_type === "source") return "source"
  if (node.resource_type === "seed") return "list"
  if (layer === "marts") return "mart"
  if (layer === "quality") return "quality"
  const known = PREFIXES.find(([prefix]) => node.name.startsWith(prefix))
  if (known !== undefined) return known[1]
  return layer === "silver" && !/^(?:log|superseded|stg|int|base)_/.test(node.name) ? "entity" : "step"
}

/** What `meta` says in a person's words: `entity`, `grain`, `questions`; the first two are guessed where it does not. */
export function wordsOf(node: ManifestNode): Pick<Table, "entity" | "grain" | "questions"> {
  const { entity, grain, questions } = node.config.meta ?? {}
  return {
    entity: typeof entity === "string" ? entity : titled(node.name),
    grain:
      typeof grain === "string"
        ? grain
        : /\bone row (?:per|for each) ([^.;:,]+)/i.exec(node.description)?.[1],
    questions: Array.isArray(questions) ? questions.map(String) : [],
  }
}

/** What `meta.relations` calls the relation by a column: `{customer_key: is placed by}`. */
export function phraseOf(node: ManifestNode | undefined, column: string): string | undefined {
  const relations = node?.config.meta?.["relations"]
  if (relations === undefined || relations === null || typeof relations !== "object") return undefined
  const phrase = (relations as Record<string, unknown>)[column]
  return typeof phrase === "string" ? phrase : undefined
}

/** `dim_order_statuses` → `Order statuses`. */
function titled(name: string): string {
  const words = name.replace(/^(?:fact|fct|bridge|dim)_/, "").replaceAll("_", " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}
