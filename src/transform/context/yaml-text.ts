import { createRequire } from "node:module"

/** Prints YAML in block style with lists not indented, as PyYAML does with `sort_keys=False`. */
export function toYaml(value: unknown): string {
  const { stringify } = createRequire(import.meta.url)("yaml") as typeof import("yaml")
  return stringify(value, { version: "1.1", indentSeq: false, lineWidth: 80, singleQuote: true })
}
