import { Relation, type Parts, type RelationType } from "../adapter/relation.ts"
import { PythonError } from "../jinja/index.ts"
import { asDict } from "../yaml/yaml.ts"
import { argument, Attributes, method, textArgument } from "./objects.ts"

const PARTS = ["database", "schema", "identifier"] as const

/** A relation as templates see it: `this`, `ref()`, `source()`, `adapter.get_relation()`, `api.Relation.create()`. */
export class RelationObject extends Attributes {
  override readonly typeName = "DuckDBRelation"
  /** As in dbt: packages recognise a relation by its being a mapping with metadata. */
  override readonly isMapping = true
  readonly relation: Relation

  constructor(relation: Relation) {
    super()
    this.relation = relation
  }

  protected read(name: string): unknown {
    const { relation } = this
    switch (name) {
      case "database":
      case "schema":
      case "identifier":
      case "type":
        return relation[name]
      case "name":
      case "table":
        return relation.identifier
      case "is_table":
        return relation.type === "table"
      case "is_view":
        return relation.type === "view"
      case "is_cte":
        return relation.type === "cte"
      case "is_materialized_view":
      case "is_dynamic_table":
        return false
      case "can_be_renamed":
      case "can_be_replaced":
        return relation.type === "table" || relation.type === "view"
      case "path":
        return { database: relation.database, schema: relation.schema, identifier: relation.identifier }
      case "quote_policy":
        return { ...relation.quoted }
      case "include_policy":
        return { ...relation.included }
      case "quote_character":
        return '"'
      case "metadata":
        return { type: "DuckDBRelation" }
      default:
        return this.#method(name)
    }
  }

  #method(name: string): unknown {
    const { relation } = this
    switch (name) {
      case "render":
        return method(name, () => relation.render())
      case "include":
        return method(name, (_, kwargs) => new RelationObject(relation.with({ included: partFlags(kwargs) })))
      case "quote":
        return method(name, (_, kwargs) => new RelationObject(relation.with({ quoted: partFlags(kwargs) })))
      case "without_identifier":
        return method(name, () => new RelationObject(relation.with({ included: { identifier: false } })))
      case "replace_path":
        return method(name, (_, kwargs) => new RelationObject(relation.with({ parts: partNames(kwargs) })))
      case "incorporate":
        return method(name, (_, kwargs) => {
          const path = asDict(plain(kwargs["path"])) ?? {}
          const type = kwargs["type"] === undefined ? undefined : (kwargs["type"] as RelationType | null)
          return new RelationObject(
            relation.with({ parts: partNames(path), ...(type === undefined ? {} : { type }) }),
          )
        })
      case "information_schema":
        return method(name, (args) => {
          const view = args[0]
          const schema = new Relation({
            database: relation.database,
            schema: "INFORMATION_SCHEMA",
            identifier: view === undefined ? null : String(view),
          })
          return new RelationObject(schema.with({ quoted: { schema: false, identifier: false } }))
        })
      case "get":
        return method(name, (args) => this.read(textArgument(args, {}, 0, "key")) ?? args[1] ?? null)
      case "quoted":
        return method(name, (args) => `"${textArgument(args, {}, 0, "identifier")}"`)
      case "matches":
        return method(name, (args, kwargs) => {
          const wanted = PARTS.map((part, i) => argument(args, kwargs, i, part))
          return PARTS.every(
            (part, i) =>
              wanted[i] === undefined ||
              wanted[i] === null ||
              String(wanted[i]).toLowerCase() === (relation[part] ?? "").toLowerCase(),
          )
        })
      default:
        return undefined
    }
  }

  override item(key: unknown): unknown {
    return typeof key === "string" ? this.read(key) : undefined
  }

  override iterate(): Iterable<unknown> {
    return ["path", "type", "quote_character", "include_policy", "quote_policy"]
  }

  override equals(other: unknown): boolean {
    return (
      other instanceof RelationObject &&
      other.relation.render() === this.relation.render() &&
      other.relation.type === this.relation.type
    )
  }

  override toString(): string {
    return this.relation.render()
  }

  override repr(): string {
    return `<DuckDBRelation ${this.relation.render()}>`
  }
}

/** The relation behind a value that a macro was given. */
export function relationOf(value: unknown, what: string): Relation {
  if (value instanceof RelationObject) return value.relation
  throw new PythonError(
    "TypeError",
    `${what} needs a relation, for example ref('model') or adapter.get_relation(…)`,
  )
}

function partFlags(kwargs: Record<string, unknown>): Partial<Parts<boolean>> {
  const flags: Partial<Parts<boolean>> = {}
  for (const part of PARTS)
    if (kwargs[part] !== undefined && kwargs[part] !== null) flags[part] = kwargs[part] === true
  return flags
}

function partNames(kwargs: Record<string, unknown>): Partial<Parts<string | null>> {
  const names: Partial<Parts<string | null>> = {}
  for (const part of PARTS) {
    const value = kwargs[part]
    if (value !== undefined) names[part] = value === null ? null : String(value)
  }
  return names
}

function plain(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value
}
