import {
  closingQuote,
  doubleQuoted,
  fold,
  isItem,
  NotSimple,
  readFlow,
  withoutComment,
} from "./flow-reader.ts"
import { plainScalar, type MakeFloat } from "./scalars.ts"

/**
 * Reads the part of YAML that dbt's files are written in, several times faster than a full parser: block mappings and
 * sequences, quoted and plain scalars (also over several lines), block scalars, flow collections, comments.
 * @throws NotSimple where the text needs the full parser, which then also words the error
 */
export function readSimpleYaml(text: string, makeFloat: MakeFloat): unknown {
  if (/^(?:---|\.\.\.|%)/m.test(text) && !/^---[ \t]*\r?\n/.test(text)) throw new NotSimple()
  const reader = new BlockReader(text.replace(/^---[ \t]*\r?\n/, "\n"), makeFloat)
  return reader.document()
}

const KEY =
  /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s"'#&*!|>@`%{}[\],?:-][^#]*?|[-?:][^\s#][^#]*?))\s*:(?=\s|$)/

interface Line {
  indent: number
  /** Without indentation; comments still there. */
  text: string
}

class BlockReader {
  readonly #lines: string[]
  readonly #makeFloat: MakeFloat
  #at = 0
  /** What is left of a line after `- `: read as a line of its own, deeper. */
  #pending: Line | undefined

  constructor(text: string, makeFloat: MakeFloat) {
    this.#lines = text.split(/\r?\n/)
    this.#makeFloat = makeFloat
  }

  document(): unknown {
    const first = this.#peek()
    if (first === undefined) return null
    const value = this.#block(first.indent)
    if (this.#peek() !== undefined) throw new NotSimple()
    return value
  }

  /** The next line with content. */
  #peek(): Line | undefined {
    if (this.#pending !== undefined) return this.#pending
    for (; this.#at < this.#lines.length; this.#at++) {
      const raw = this.#lines[this.#at] ?? ""
      const text = raw.trimStart()
      if (text === "" || text.startsWith("#")) continue
      const indent = raw.length - text.length
      if (raw.slice(0, indent).includes("\t")) throw new NotSimple()
      return { indent, text: text.trimEnd() }
    }
    return undefined
  }

  #next(): void {
    if (this.#pending !== undefined) this.#pending = undefined
    else this.#at++
  }

  #block(indent: number): unknown {
    const line = this.#peek()
    if (line === undefined) return null
    if (isItem(line.text)) return this.#sequence(indent)
    if (KEY.test(line.text)) return this.#mapping(indent)
    this.#next()
    return this.#scalar(line.text, indent - 1)
  }

  #sequence(indent: number): unknown[] {
    const items: unknown[] = []
    for (;;) {
      const line = this.#peek()
      if (line === undefined || line.indent < indent) return items
      if (line.indent > indent) throw new NotSimple()
      if (!isItem(line.text)) return items
      this.#next()
      const rest = line.text.slice(1).trimStart()
      if (rest === "" || rest.startsWith("#")) {
        const below = this.#peek()
        items.push(below !== undefined && below.indent > indent ? this.#block(below.indent) : null)
      } else {
        const deeper = line.indent + (line.text.length - rest.length)
        if (isItem(rest) || KEY.test(rest)) {
          this.#pending = { indent: deeper, text: rest }
          items.push(this.#block(deeper))
        } else items.push(this.#scalar(rest, indent))
      }
    }
  }

  #mapping(indent: number): Record<string, unknown> {
    const dict: Record<string, unknown> = {}
    for (;;) {
      const line = this.#peek()
      if (line === undefined || line.indent < indent) return dict
      if (line.indent > indent || isItem(line.text)) {
        if (isItem(line.text) && line.indent === indent) return dict
        throw new NotSimple()
      }
      const match = KEY.exec(line.text)
      if (match === null) throw new NotSimple()
      const key =
        match[3] ?? (match[2] === undefined ? doubleQuoted(match[1] ?? "") : match[2].replaceAll("''", "'"))
      if (match[3] !== undefined && (key === "<<" || typeof plainScalar(key, this.#makeFloat) !== "string")) {
        throw new NotSimple()
      }
      if (Object.hasOwn(dict, key) || key === "__proto__") throw new NotSimple()
      this.#next()
      dict[key] = this.#valueAfterKey(line.text.slice(match[0].length).trimStart(), indent)
    }
  }

  #valueAfterKey(rest: string, indent: number): unknown {
    if (rest !== "" && !rest.startsWith("#")) return this.#scalar(rest, indent)
    const below = this.#peek()
    if (below === undefined) return null
    if (below.indent > indent) return this.#block(below.indent)
    return below.indent === indent && isItem(below.text) ? this.#sequence(indent) : null
  }

  /** A scalar or flow collection that begins on a line; may go on over lines deeper than the parent's indent. */
  #scalar(first: string, indent: number): unknown {
    switch (first.charAt(0)) {
      case "|":
      case ">":
        return this.#blockScalar(first, indent)
      case '"':
      case "'":
        return this.#quoted(first, indent)
      case "{":
      case "[":
        return this.#flow(first)
      case "&":
      case "*":
      case "!":
      case "@":
      case "`":
      case "%":
        throw new NotSimple()
      default:
        return this.#plain(first, indent)
    }
  }

  #plain(first: string, indent: number): unknown {
    let text = withoutComment(first)
    const commented = text.length < first.length
    for (;;) {
      const raw = this.#pending === undefined ? this.#lines[this.#at] : undefined
      if (raw === undefined || commented) break
      const line = this.#peekContinuation(indent)
      if (line === undefined) break
      text += line.gap === 0 ? ` ${line.text}` : "\n".repeat(line.gap) + line.text
    }
    if (/: |\s#|:$/.test(text)) throw new NotSimple()
    return plainScalar(text, this.#makeFloat)
  }

  /** Takes the next line when it continues a scalar; `gap` counts the empty lines between. */
  #peekContinuation(indent: number): { text: string; gap: number } | undefined {
    let at = this.#at
    while (at < this.#lines.length && this.#lines[at]?.trim() === "") at++
    const raw = this.#lines[at]
    if (raw === undefined) return undefined
    const text = raw.trimStart()
    if (raw.length - text.length <= indent || text.startsWith("#")) return undefined
    if (text.includes(" #") || KEY.test(text)) throw new NotSimple()
    const gap = at - this.#at
    this.#at = at + 1
    return { text: text.trimEnd(), gap }
  }

  #quoted(first: string, indent: number): string {
    const quote = first.charAt(0)
    let text = first
    for (;;) {
      const end = closingQuote(text, quote)
      if (end > 0) {
        const rest = text.slice(end + 1).trim()
        if (rest !== "" && !rest.startsWith("#")) throw new NotSimple()
        const body = text.slice(1, end)
        return quote === "'" ? body.replaceAll("''", "'") : doubleQuoted(body)
      }
      if (text.endsWith("\\")) throw new NotSimple()
      const line = this.#peekQuotedLine(indent)
      text += line.gap === 0 ? ` ${line.text}` : "\n".repeat(line.gap) + line.text
    }
  }

  #peekQuotedLine(indent: number): { text: string; gap: number } {
    const from = this.#at
    while (this.#at < this.#lines.length && this.#lines[this.#at]?.trim() === "") this.#at++
    const raw = this.#lines[this.#at]
    if (raw === undefined || raw.length - raw.trimStart().length <= indent) throw new NotSimple()
    const gap = this.#at - from
    this.#at++
    return { text: raw.trim(), gap }
  }

  #flow(first: string): unknown {
    let text = first
    for (;;) {
      const flow = readFlow(text, this.#makeFloat)
      if (flow !== undefined) return flow.value
      const raw = this.#lines[this.#at]
      if (raw === undefined || this.#pending !== undefined) throw new NotSimple()
      this.#at++
      text += ` ${raw.trim().startsWith("#") ? "" : withoutComment(raw.trim())}`
    }
  }

  #blockScalar(header: string, indent: number): string {
    const match = /^([|>])(-?)\s*(?:#.*)?$/.exec(header)
    if (match === null || this.#pending !== undefined) throw new NotSimple()
    const lines: string[] = []
    let depth = -1
    for (; this.#at < this.#lines.length; this.#at++) {
      const raw = this.#lines[this.#at] ?? ""
      if (raw.trim() === "") {
        if (depth >= 0 && raw.length > depth) lines.push(raw.slice(depth))
        else lines.push("")
        continue
      }
      const width = raw.length - raw.trimStart().length
      if (width <= indent && !(indent < 0 && depth < 0)) break
      if (depth < 0) depth = width
      if (width < depth) break
      lines.push(raw.slice(depth))
    }
    let trailing = 0
    while (lines.length > 0 && lines.at(-1) === "") {
      lines.pop()
      trailing++
    }
    if (lines.length === 0) return ""
    const body = match[1] === "|" ? lines.join("\n") : fold(lines)
    const ended = this.#at < this.#lines.length || trailing > 0
    return match[2] === "-" || !ended ? body : `${body}\n`
  }
}
