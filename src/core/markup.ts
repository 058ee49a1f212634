/** HTML that is safe to put into a page: made by {@link html}, which escapes everything else. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Markup | readonly Part[]

/** A template of HTML. What is put in is text, escaped, unless it is markup itself. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(
    texts.map((text, i) => text + (i < parts.length ? rendered(parts[i] as Part) : "")).join(""),
  )
}

function rendered(part: Part): string {
  if (part instanceof Markup) return part.text
  return typeof part === "object" ? part.map(rendered).join("") : escaped(String(part))
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

/**
 * A text as HTML or SVG. Marks that turn the direction of writing, and controls, are shown as a sign: they would disturb the page
 * around them.
 */
export function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string)
    .replaceAll(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, "·")
    .replaceAll(/\p{Cs}/gu, "\ufffd")
}
