import type { Diagram } from "./diagram.ts"

/**
 * A page, before it is Markdown or HTML. Texts are plain but for `code`, **bold** and [links](…); what comes from
 * descriptions goes through {@link plain} first.
 */
export type Block =
  | { kind: "heading"; level: 1 | 2 | 3 | 4; text: string }
  | { kind: "text"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "table"; head: string[]; rows: string[][] }
  | { kind: "diagram"; diagram: Diagram }

export const heading = (level: 1 | 2 | 3 | 4, text: string): Block => ({ kind: "heading", level, text })
export const text = (content: string): Block => ({ kind: "text", text: content })
export const list = (items: string[]): Block => ({ kind: "list", items })
export const table = (head: string[], rows: string[][]): Block => ({ kind: "table", head, rows })
export const drawing = (diagram: Diagram): Block => ({ kind: "diagram", diagram })
export const code = (name: string): string => `\`${name}\``

/** A description as part of a line: no breaks, and no marks but `code`. */
export function plain(description: string): string {
  return description
    .replaceAll(/\s+/g, " ")
    .trim()
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/[*[\]]/g, "\\$&")))
    .join("")
}
