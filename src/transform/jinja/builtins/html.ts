import { str, textOf } from "../values/text.ts"
import { Markup } from "../values/types.ts"

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#39;",
  '"': "&#34;",
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (char) => ENTITIES[char] ?? char)
}

/** Any value as safe text: Markup stays, everything else is printed and escaped. */
export function escaped(value: unknown): Markup {
  return value instanceof Markup ? value : new Markup(escapeHtml(str(value)))
}

/** Text without tags and comments, entities resolved, white space collapsed. */
export function stripTags(value: unknown): string {
  const text = textOf(value) ?? str(value)
  let rest = ""
  let from = 0
  for (let start = text.indexOf("<"); start >= 0; start = text.indexOf("<", from)) {
    const comment = text.startsWith("<!--", start)
    const end = comment ? text.indexOf("-->", start + 4) : text.indexOf(">", start)
    if (end < 0) break
    rest += text.slice(from, start)
    from = end + (comment ? 3 : 1)
  }
  return unescapeHtml((rest + text.slice(from)).split(/\s+/).filter(Boolean).join(" "))
}

const NAMED = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" }))

/** Numeric entities and the five of XML, with nbsp. */
function unescapeHtml(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#[xX]([\da-fA-F]+)|(\w+));/g,
    (entity: string, decimal, hex, name: string) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(String(hex), 16))
      return NAMED.get(name) ?? entity
    },
  )
}
