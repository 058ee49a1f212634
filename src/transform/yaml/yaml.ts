import { CartwrightError } from "../../core/errors.ts"
import { readSimpleYaml } from "./block-reader.ts"
import { NotSimple } from "./flow-reader.ts"
import { plainScalar } from "./scalars.ts"
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
    return loadAnyYaml(clean, file)
  }
}

/** The full parser is loaded only for the rare file that needs it. */
async function loadAnyYaml(text: string, file: string): Promise<unknown> {
  const { isScalar, parseDocument, visit } = await import("yaml")
  const document = parseDocument(text, { version: "1.1", merge: true, uniqueKeys: false, schema: "failsafe" })
  const [error] = document.errors
  if (error !== undefined) {
    const [line] = error.linePos ?? []
    throw new CartwrightError(
      "config",
      `cannot read YAML: ${(error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "")}`,
      {
        place: line === undefined ? file : `${file}:${line.line}:${line.col}`,
        next: "Mend the file; check indentation, quotes around values with `{{`, and colons.",
        cause: error,
      },
    )
  }
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || node.type !== "PLAIN" || !isScalar(node)) return
      node.value = plainScalar(String(node.source ?? node.value ?? ""), float)
    },
  })
  return document.toJS({ maxAliasCount: 1000 }) as unknown
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
