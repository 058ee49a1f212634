import type { Diagram } from "../diagram.ts"
import type { Block } from "../document.ts"

/** Markdown as GitHub shows it, diagrams as Mermaid. */
export function markdown(blocks: readonly Block[]): string {
  return `${blocks.map(blockText).join("\n\n")}\n`
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(block.level)} ${inline(block.text)}`
    case "text":
      return inline(block.text)
    case "list":
      return block.items.map((item) => `- ${inline(item)}`).join("\n")
    case "table":
      return [block.head, block.head.map(() => "--"), ...block.rows]
        .map((cells) => `| ${cells.map((cell) => inline(cell).replaceAll("|", "\\|")).join(" | ")} |`)
        .join("\n")
    case "diagram":
    default:
      return ["```mermaid", ...mermaid(block.diagram), "```"].join("\n")
  }
}

/** Outside of code, what would be taken for HTML or emphasis stands for itself. */
function inline(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll("<", "&lt;").replaceAll(/(?<![\w\\])_/g, "\\_")))
    .join("")
}

function mermaid({ boxes, lines }: Diagram): string[] {
  return [
    "erDiagram",
    ...boxes.flatMap(({ id, title, fields }) => {
      const head = title === id ? `  ${word(id)}` : `  ${word(id)}["${quoted(title)}"]`
      if (fields.length === 0) return [head]
      return [
        `${head} {`,
        ...fields.map(
          ({ name, type, key }) => `    ${word(type)} ${word(name)}${key === "" ? "" : ` ${key}`}`,
        ),
        "  }",
      ]
    }),
    ...lines.map(
      ({ from, to, label, single }) =>
        `  ${word(from)} ${single ? "|" : "}"}o--|| ${word(to)} : "${quoted(label)}"`,
    ),
  ]
}

/** Mermaid's names and types are words that begin with a letter. */
function word(name: string): string {
  const letters = name.replaceAll(/[^A-Za-z0-9_]+/g, "_")
  return /^[A-Za-z]/.test(letters) ? letters : `x${letters}`
}

/** One line, and none of what ends a quoted text or begins a directive. */
function quoted(text: string): string {
  return text.replaceAll(/[\s"`\\%;#<>{}]+/g, " ").trim() || "is"
}
