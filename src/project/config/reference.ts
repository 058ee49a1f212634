import { configJsonSchema, type JsonSchema } from "./json-schema.ts"

/** docs/configuration.md, from the schema. */
export function configReference(): string {
  const schema = configJsonSchema()
  const sections = Object.entries(schema.properties ?? {}).map(([key, section]) => {
    const rows = rowsOf(section, key, schema.required?.includes(key) ?? false)
    return [
      `## \`${key}\``,
      "",
      section.description ?? "",
      "",
      "| key | what it is | type | default |",
      "|--|--|--|--|",
      ...rows.map((row) => `| \`${row.key}\` | ${row.what} | ${row.type} | ${row.initial} |`),
      "",
    ].join("\n")
  })
  return [INTRODUCTION, ...sections].join("\n")
}

interface KeyRow {
  key: string
  what: string
  type: string
  initial: string
}

function rowsOf(schema: JsonSchema, key: string, required: boolean): KeyRow[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([name, child]) =>
      rowsOf(child, `${key}.${name}`, schema.required?.includes(name) ?? false),
    )
  }
  if (schema.additionalProperties) return rowsOf(schema.additionalProperties, `${key}.<name>`, false)
  return [{ key, what: whatOf(schema), type: typeOf(schema), initial: initialOf(schema, required) }]
}

function whatOf({ description = "", examples = [] }: JsonSchema): string {
  const example =
    examples.length === 0 ? "" : ` For example ${examples.map((each) => `\`${each}\``).join(", ")}.`
  return escaped(`${description}${example}`)
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ")
  if (schema.type === "array") return "list of texts"
  return (
    { string: "text", integer: "whole number", boolean: "`true`, `false`" }[schema.type ?? ""] ??
    schema.type ??
    ""
  )
}

function initialOf(schema: JsonSchema, required: boolean): string {
  if (required) return "— (must be stated)"
  const { default: initial } = schema
  return initial === undefined || (Array.isArray(initial) && initial.length === 0)
    ? ""
    : `\`${String(initial)}\``
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|")
}

const INTRODUCTION = `# Configuration: \`cartwright.yaml\`

One file per shop, in the shop's folder. \`cartwright init\` writes it, with comments. Written by the schema in
\`src/project/config/schema.ts\`; \`cartwright.schema.json\` beside the file gives editors completion and checks.

- Paths are relative to the shop's folder; absolute ones work too.
- A key without a value counts as not written.
- A wrong key, type or path is answered with file, line and column, what is wrong, and what would be right; everything that
  is wrong is told at once. The exit code is 2.
- For a shop on BigQuery, \`config/gcp_config.json\` beside the file may say some of it: \`project\`, \`location\`, \`bucket\` (of the lake, which
  is then \`gs://<bucket>/lake\`) and \`datasets\` by their keys here. Where both files say something, they must say the same.
- \`\${NAME}\` stands for a secret from the environment, in keys that hold a secret. No key does yet, so it is refused.
`
