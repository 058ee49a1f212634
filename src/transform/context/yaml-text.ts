/** Prints YAML in block style with lists not indented, as PyYAML does with `sort_keys=False`. */
export async function toYaml(value: unknown): Promise<string> {
  const { stringify } = await import("yaml")
  return stringify(value, { version: "1.1", indentSeq: false, lineWidth: 80, singleQuote: true })
}
