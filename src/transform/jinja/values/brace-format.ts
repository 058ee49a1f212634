import { escapeHtml } from "../builtins/html.ts"
import { PythonError } from "../errors.ts"
import { format } from "./format-spec.ts"
import { repr, str } from "./text.ts"
import { Markup } from "./types.ts"

/** How the fields of `str.format` look into values: with the same rules as templates, so nothing more is reached. */
export interface FieldAccess {
  attribute(object: unknown, name: string): unknown
  item(object: unknown, key: unknown): unknown
}

/** Named fields come from here: keyword arguments, or the mapping of `format_map`. */
export type Named = (name: string) => unknown

/** Python's `text.format(…)`. For Markup what is filled in is escaped. */
export class BraceFormatter {
  readonly #args: readonly unknown[]
  readonly #named: Named
  readonly #access: FieldAccess
  readonly #markup: boolean
  #auto = 0
  #numbering: "automatic" | "manual" | undefined

  constructor(args: readonly unknown[], named: Named, access: FieldAccess, markup: boolean) {
    this.#args = args
    this.#named = named
    this.#access = access
    this.#markup = markup
  }

  format(template: string, depth = 2): string {
    if (depth < 0) throw new PythonError("ValueError", "Max string recursion exceeded")
    let result = ""
    let at = 0
    while (at < template.length) {
      const brace = template.slice(at).search(/[{}]/)
      if (brace < 0) return result + template.slice(at)
      result += template.slice(at, at + brace)
      at += brace
      const char = template.charAt(at)
      if (template.charAt(at + 1) === char) {
        result += char
        at += 2
        continue
      }
      if (char === "}") throw new PythonError("ValueError", "Single '}' encountered in format string")
      const end = closing(template, at)
      result += this.#field(template.slice(at + 1, end), depth)
      at = end + 1
    }
    return result
  }

  #field(field: string, depth: number): string {
    const match = /^((?:[^[\]!:]|\[[^\]]*\])*)(?:!(.?))?(?::(.*))?$/su.exec(field)
    if (match === null) throw new PythonError("ValueError", "expected ':' after conversion specifier")
    const [, name = "", conversion, specification = ""] = match
    const value = this.#convert(this.#lookup(name), conversion)
    const spec = this.format(specification, depth - 1)
    if (!this.#markup) return format(value, spec)
    if (value instanceof Markup) {
      if (spec !== "") throw new PythonError("ValueError", "Unsupported format specification for Markup.")
      return value.text
    }
    return escapeHtml(format(value, spec))
  }

  #convert(value: unknown, conversion: string | undefined): unknown {
    if (conversion === undefined) return value
    if (conversion === "s") return str(value)
    if (conversion === "r") return repr(value)
    if (conversion === "a")
      return repr(value).replace(/[^\0-\x7f]/gu, (c) => `\\u${c.charCodeAt(0).toString(16)}`)
    throw new PythonError("ValueError", `Unknown conversion specifier ${conversion}`)
  }

  #lookup(field: string): unknown {
    const [first = ""] = /^[^.[]*/.exec(field) ?? []
    let value = this.#first(first)
    let rest = field.slice(first.length)
    while (rest !== "") {
      const [whole, attribute, key] = /^(?:\.([^.[]+)|\[([^\]]+)\])/.exec(rest) ?? []
      if (whole === undefined) throw new PythonError("ValueError", "Empty attribute in format string")
      if (attribute !== undefined) value = this.#access.attribute(value, attribute)
      else value = this.#access.item(value, /^\d+$/.test(key ?? "") ? Number(key) : key)
      rest = rest.slice(whole.length)
    }
    return value
  }

  #first(name: string): unknown {
    if (name !== "" && !/^\d+$/.test(name)) return this.#named(name)
    const numbering = name === "" ? "automatic" : "manual"
    if (this.#numbering !== undefined && this.#numbering !== numbering) {
      const what = "cannot switch from manual field specification to automatic field numbering"
      throw new PythonError("ValueError", what)
    }
    this.#numbering = numbering
    const index = name === "" ? this.#auto++ : Number(name)
    if (index >= this.#args.length) {
      throw new PythonError("IndexError", "tuple index out of range")
    }
    return this.#args[index]
  }
}

/** The brace that closes the field which opens at an index. */
function closing(template: string, open: number): number {
  let depth = 0
  for (let i = open; i < template.length; i++) {
    const char = template.charAt(i)
    if (char === "{") depth++
    else if (char === "}" && --depth === 0) return i
  }
  if (open === template.length - 1) {
    throw new PythonError("ValueError", "Single '{' encountered in format string")
  }
  throw new PythonError("ValueError", "expected '}' before end of string")
}
