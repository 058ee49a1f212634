import { plainScalar, type MakeFloat } from "./scalars.ts"

/** Thrown for YAML that the simple reader leaves to the full parser: anchors, tags, several documents, any error. */
export class NotSimple extends Error {}

/** Whether a line begins an item of a sequence. */
export function isItem(text: string): boolean {
  return text === "-" || text.startsWith("- ")
}

/** A plain scalar's line without the comment after it. */
export function withoutComment(text: string): string {
  const at = text.search(/\s#/)
  return (at < 0 ? text : text.slice(0, at)).trimEnd()
}

/** Where the quote that opens a text is closed; -1 when it is not closed in this text. */
export function closingQuote(text: string, quote: string): number {
  for (let i = 1; i < text.length; i++) {
    const char = text.charAt(i)
    if (quote === '"' && char === "\\") i++
    else if (char === quote) {
      if (quote === "'" && text.charAt(i + 1) === "'") i++
      else return i
    }
  }
  return -1
}

const ESCAPES: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  '"': '"',
  "\\": "\\",
  "/": "/",
  " ": " ",
  "0": "\0",
  a: "\u0007",
  b: "\b",
  f: "\f",
  v: "\v",
  e: "\u001B",
}

/** The text of what stands between double quotes. */
export function doubleQuoted(body: string): string {
  if (!body.includes("\\")) return body
  return body.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/gs, (_, escape: string) => {
    if (escape.length > 1) return String.fromCodePoint(Number.parseInt(escape.slice(1), 16))
    const known = ESCAPES[escape]
    if (known === undefined) throw new NotSimple()
    return known
  })
}

/** Folds the lines of a `>` scalar. */
export function fold(lines: readonly string[]): string {
  let text = ""
  let breaks = 0
  for (const [i, line] of lines.entries()) {
    if (/^\s/.test(line)) throw new NotSimple()
    if (line === "") {
      breaks++
      continue
    }
    if (i > 0) text += breaks === 0 && text !== "" ? " " : "\n".repeat(breaks)
    text += line
    breaks = 0
  }
  return text
}

/**
 * Reads a flow collection at the start of a text.
 * @returns undefined while it is not closed: more lines are needed
 */
export function readFlow(text: string, makeFloat: MakeFloat): { value: unknown } | undefined {
  const reader = new FlowReader(text, makeFloat)
  const value = reader.collection()
  if (value === undefined) return undefined
  const rest = reader.rest().trim()
  if (rest !== "" && !rest.startsWith("#")) throw new NotSimple()
  return { value }
}

const UNFINISHED = Symbol("unfinished")

class FlowReader {
  readonly #text: string
  readonly #makeFloat: MakeFloat
  #at = 0

  constructor(text: string, makeFloat: MakeFloat) {
    this.#text = text
    this.#makeFloat = makeFloat
  }

  rest(): string {
    return this.#text.slice(this.#at)
  }

  collection(): unknown {
    try {
      return this.#value()
    } catch (error) {
      if (error === UNFINISHED) return undefined
      throw error
    }
  }

  #skip(): string {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at++
    if (this.#at >= this.#text.length) throw UNFINISHED
    return this.#text.charAt(this.#at)
  }

  #value(): unknown {
    const char = this.#skip()
    if (char === "[") return this.#list()
    if (char === "{") return this.#dict()
    if (char === '"' || char === "'") return this.#quoted(char)
    if ("&*!@`%|>?#".includes(char)) throw new NotSimple()
    return plainScalar(this.#plain(), this.#makeFloat)
  }

  #list(): unknown[] {
    this.#at++
    const items: unknown[] = []
    for (;;) {
      if (this.#skip() === "]") break
      items.push(this.#value())
      const next = this.#skip()
      if (next === ",") this.#at++
      else if (next !== "]") throw new NotSimple()
    }
    this.#at++
    return items
  }

  #dict(): Record<string, unknown> {
    this.#at++
    const dict: Record<string, unknown> = {}
    for (;;) {
      const first = this.#skip()
      if (first === "}") break
      const key =
        first === '"' || first === "'" ? this.#quoted(first) : plainScalar(this.#plain(), this.#makeFloat)
      if (typeof key !== "string" || Object.hasOwn(dict, key) || key === "__proto__") throw new NotSimple()
      let next = this.#skip()
      if (next === ":") {
        this.#at++
        next = this.#skip()
        dict[key] = next === "," || next === "}" ? null : this.#value()
        next = this.#skip()
      } else dict[key] = null
      if (next === ",") this.#at++
      else if (next !== "}") throw new NotSimple()
    }
    this.#at++
    return dict
  }

  #quoted(quote: string): string {
    const end = closingQuote(this.#text.slice(this.#at), quote)
    if (end < 0) throw UNFINISHED
    const body = this.#text.slice(this.#at + 1, this.#at + end)
    this.#at += end + 1
    return quote === "'" ? body.replaceAll("''", "'") : doubleQuoted(body)
  }

  #plain(): string {
    const from = this.#at
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text.charAt(this.#at)
      if (",[]{}".includes(char)) break
      if (
        char === ":" &&
        (this.#at + 1 === this.#text.length || /[\s,[\]{}]/.test(this.#text.charAt(this.#at + 1)))
      )
        break
      if (char === "#" && /\s/.test(this.#text.charAt(this.#at - 1))) throw new NotSimple()
    }
    const text = this.#text.slice(from, this.#at).trim()
    if (text === "") throw new NotSimple()
    return text
  }
}
