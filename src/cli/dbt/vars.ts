import { parse } from "yaml"
import { usageError } from "../parse.ts"

/** The value of `--vars`: a YAML mapping. @throws CartwrightError `usage` */
export function varsOf(text: string): Record<string, unknown> {
  let vars: unknown
  try {
    vars = parse(text)
  } catch {
    vars = undefined
  }
  if (vars === null || typeof vars !== "object" || Array.isArray(vars)) {
    throw usageError(
      undefined,
      `--vars must be a YAML mapping such as '{top_n: 20}', but it is ${JSON.stringify(text)}`,
    )
  }
  return vars as Record<string, unknown>
}
