import { escaped } from "../../../core/markup.ts"
import type { Block } from "../document.ts"
import { svg } from "./svg.ts"
import { STYLE } from "./style.ts"

/** One page that needs nothing but a browser: styles and diagrams are in it, nothing is fetched. */
export function html(title: string, blocks: readonly Block[]): string {
  const body = blocks.map((block, i) => blockHtml(block, i))
  return [
    "<!doctype html>",
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>`,
    `<style>${STYLE}</style></head>`,
    `<body><nav><p>${escaped(title)}</p><ul>${blocks.map(entry).join("")}</ul></nav>`,
    `<main>${body.join("\n")}</main></body>`,
    "</html>",
    "",
  ].join("\n")
}

/** The table of contents: titles of pages, sections and tables. */
function entry(block: Block, i: number): string {
  if (block.kind !== "heading" || block.level === 4) return ""
  return `<li class="level-${block.level}"><a href="#${anchor(i)}">${inline(block.text)}</a></li>`
}

function blockHtml(block: Block, i: number): string {
  switch (block.kind) {
    case "heading":
      return `<h${block.level} id="${anchor(i)}">${inline(block.text)}</h${block.level}>`
    case "text":
      return `<p>${inline(block.text)}</p>`
    case "list":
      return `<ul>${block.items.map((item) => `<li>${inline(item)}</li>`).join("")}</ul>`
    case "table":
      return `<div class="wide"><table><thead>${row(block.head, "th")}</thead><tbody>${block.rows.map((cells) => row(cells, "td")).join("\n")}</tbody></table></div>`
    case "diagram":
    default:
      return `<div class="wide">${svg(block.diagram, `d${i}`)}</div>`
  }
}

function row(cells: readonly string[], tag: "td" | "th"): string {
  return `<tr>${cells.map((cell) => `<${tag}>${inline(cell)}</${tag}>`).join("")}</tr>`
}

function anchor(i: number): string {
  return `s${i}`
}

/** `code`, **bold** and [links](…); a backslash takes a mark for itself. */
function inline(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, i) =>
      i % 2 === 1
        ? `<code>${escaped(part.slice(1, -1))}</code>`
        : escaped(part)
            .replaceAll(/(?<!\\)\*\*(.+?)(?<!\\)\*\*/g, "<strong>$1</strong>")
            .replaceAll(/(?<!\\)\[([^\]]+)\]\(([^)]+)\)/g, '<a href="$2">$1</a>')
            .replaceAll(/\\([*[\]])/g, "$1"),
    )
    .join("")
}
