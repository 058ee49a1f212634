import type * as z from "zod"
import { nearest } from "../../core/errors.ts"
import type { ConfigProblem } from "./config-error.ts"
import { type JsonSchema, schemaAt, typeName } from "./json-schema.ts"
import type { YamlText } from "./yaml-text.ts"

/** What validation found, as a person needs it: the place, the offence, the valid choices. In the order of the file. */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  yaml: YamlText,
  schema: JsonSchema,
): ConfigProblem[] {
  const found = issues.flatMap((issue) => problemsOfIssue(issue, yaml, schema))
  const misspelt = new Set(found.flatMap((problem) => (problem.meant === undefined ? [] : [problem.meant])))
  return found
    .filter((problem) => problem.missing === undefined || !misspelt.has(problem.missing))
    .map(({ missing: _missing, meant: _meant, ...problem }) => problem)
    .sort((a, b) => a.line - b.line || a.column - b.column)
}

/** `${NAME}` stands for a secret, in keys that hold one; anywhere else it would hide what the shop does. */
export function environmentProblems(yaml: YamlText): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  const visit = (value: unknown, path: (string | number)[]): void => {
    if (typeof value === "string" && /\$\{\w+\}/.test(value)) {
      problems.push({
        ...yaml.valueAt(path),
        path: path.join("."),
        offence: `${quoted(path)} must be written out: environment variables stand for secrets only, and this is none`,
        choices: [],
      })
    } else if (Array.isArray(value)) value.forEach((entry, i) => visit(entry, [...path, i]))
    else if (value !== null && typeof value === "object") {
      for (const [key, entry] of Object.entries(value)) visit(entry, [...path, key])
    }
  }
  visit(yaml.value, [])
  return problems
}

/** A problem with what is needed to tell a misspelt key from a missing one. */
interface Candidate extends ConfigProblem {
  missing?: string
  meant?: string
}

function problemsOfIssue(issue: z.core.$ZodIssue, yaml: YamlText, schema: JsonSchema): Candidate[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))
  if (issue.code === "unrecognized_keys") {
    const choices = Object.keys(schemaAt(schema, path)?.properties ?? {})
    return issue.keys.map((key) => {
      const near = nearest(key, choices)
      const where = path.length === 0 ? "" : ` in ${quoted(path)}`
      return {
        ...yaml.keyAt([...path, key]),
        path: [...path, key].join("."),
        offence: `unknown key "${key}"${where}${near === undefined ? "" : `; did you mean "${near}"?`}`,
        choices,
        ...(near === undefined ? {} : { meant: [...path, near].join(".") }),
      }
    })
  }
  const place = { path: path.join("."), choices: [] }
  if (issue.code === "invalid_key") {
    const rule = issue.issues[0]?.message ?? "another name"
    return [
      {
        ...yaml.keyAt(path),
        ...place,
        offence: `"${path.at(-1)}" cannot be a name here: it must be ${rule}`,
      },
    ]
  }
  const written = valueOf(yaml.value, path)
  if (path.length === 0) {
    const offence =
      written === undefined || written === null
        ? "the file is empty"
        : "the file must be a mapping of keys to values"
    return [{ ...yaml.valueAt(path), ...place, offence, choices: Object.keys(schema.properties ?? {}) }]
  }
  if (written === undefined) {
    const offence = `the key ${quoted(path)} is missing`
    return [{ ...yaml.valueAt(path), ...place, offence, missing: path.join(".") }]
  }
  const position = yaml.valueAt(path)
  if (issue.code === "invalid_value") {
    const choices = issue.values.map(String)
    const near = typeof written === "string" ? nearest(written, choices) : undefined
    const offence = `${quoted(path)} is ${shown(written)}${near === undefined ? ", which is none of the choices" : `; did you mean "${near}"?`}`
    return [{ ...position, ...place, offence, choices }]
  }
  const rule = issue.code === "invalid_type" ? typeName(schemaAt(schema, path)) : ruleOf(issue)
  return [{ ...position, ...place, offence: `${quoted(path)} must be ${rule}, but it is ${shown(written)}` }]
}

function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "too_small")
    return `at least ${issue.minimum}${issue.origin === "string" ? " characters long" : ""}`
  if (issue.code === "too_big")
    return `at most ${issue.maximum}${issue.origin === "string" ? " characters long" : ""}`
  return issue.message.replace(/^must be /, "").replace(/^must have /, "a mapping with ")
}

function valueOf(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (node, part) => (node as Record<string | number, unknown> | undefined)?.[part],
    value,
  )
}

function quoted(path: readonly (string | number)[]): string {
  return path.join(".")
}

function shown(value: unknown): string {
  if (typeof value === "string") return value === "" ? "empty" : `"${value}"`
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list"
  if (value !== null && typeof value === "object")
    return Object.keys(value).length === 0 ? "empty" : "a mapping"
  return `the ${typeof value} ${String(value)}`
}
