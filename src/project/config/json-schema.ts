import * as z from "zod"
import { configSchema } from "./schema.ts"

/** The part of JSON Schema that the configuration needs. */
export interface JsonSchema {
  type?: string
  description?: string
  default?: string | number | boolean
  examples?: string[]
  enum?: string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: JsonSchema | false
  items?: JsonSchema
}

/** The schema of `cartwright.yaml` for editors. */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema, { io: "input" }) as JsonSchema
  return { ...schema, description: "The configuration of a Cartwright shop" }
}

/** The schema of what stands at a path, through lists and mappings with free keys. */
export function schemaAt(schema: JsonSchema, path: readonly (string | number)[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((node, part) => {
    if (typeof part === "number") return node?.items
    return node?.properties?.[part] ?? (node?.additionalProperties || undefined)
  }, schema)
}

/** A type in words: "a text", "a list of texts". */
export function typeName(schema: JsonSchema | undefined): string {
  if (schema?.enum !== undefined) return `one of ${schema.enum.join(", ")}`
  if (schema?.type === "array") return `a list of ${typeName(schema.items).replace(/^an? /, "")}s`
  const names: Record<string, string> = {
    string: "a text",
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    object: "a mapping",
  }
  return names[schema?.type ?? ""] ?? "something else"
}
