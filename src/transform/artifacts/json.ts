import { HostObject, PyFloat } from "../jinja/index.ts"

/** JSON of a tree that may hold what YAML and macros make: big integers, floats, dates, sets, dicts. */
export function artifactJson(value: unknown): string {
  return JSON.stringify(value, replace)
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number(value)
  if (typeof value !== "object" || value === null) return value
  if (value instanceof PyFloat) return value.value
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof HostObject) return value.toString()
  return value
}
