import { readSimpleYaml } from "./block-reader.ts"
import { NotSimple } from "./flow-reader.ts"
import { float } from "../jinja/index.ts"

/**
 * Reads a YAML file as dbt does (YAML 1.1: `yes` and `on` are booleans).
 * @param file for errors
 * @throws CartwrightError `config` with file, line and column
 */
export async function loadYaml(text: string, file: string): Promise<unknown> {
  const clean = text.startsWith("\uFEFF") ? text.slice(1) : text
  try {
    return readSimpleYaml(clean, float)
  } catch (error) {
    if (!(error instanceof NotSimple)) throw error
    // The full parser is loaded only for the rare file that needs it.
    const { loadAnyYaml } = await import("./full-yaml.ts")
    return loadAnyYaml(clean, file)
  }
}

/** The value as a mapping, or undefined where it is none. */
export function asDict(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Map)
    ? (value as Record<string, unknown>)
    : undefined
}

/** A string or a list of strings as a list; null and nothing are an empty list. */
export function asStringList(value: unknown): string[] {
  if (value === undefined || value === null) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}
