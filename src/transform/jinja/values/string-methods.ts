import { escapeHtml } from "../builtins/html.ts"
import { PythonError } from "../errors.ts"
import { BraceFormatter, type FieldAccess } from "./brace-format.ts"
import { dictOf } from "./dict.ts"
import { pad } from "./format-spec.ts"
import { iterate, truthy } from "./iteration.ts"
import { index } from "./numbers.ts"
import { bind, type Signature, signature } from "./signature.ts"
import * as search from "./string-search.ts"
import { points, repr, textLength, textOf } from "./text.ts"
import { typeName } from "./type-names.ts"
import { Markup, Tuple, type Kwargs } from "./types.ts"

type Body = (self: string, ...args: unknown[]) => unknown

interface StringMethod {
  signature: Signature
  body: Body
  /** For Markup: the result is Markup again. */
  keepsMarkup: boolean
}

function method(parameters: string, body: Body, keepsMarkup = false): StringMethod {
  return { signature: signature(parameters), body, keepsMarkup }
}

const kept = (parameters: string, body: Body): StringMethod => method(parameters, body, true)

/** The string argument of a method. */
export function text(value: unknown, what = "argument"): string {
  const found = textOf(value)
  if (found === undefined) throw new PythonError("TypeError", `${what} must be str, not ${typeName(value)}`)
  return found
}

const optionalIndex = (value: unknown): number | undefined =>
  value === undefined || value === null ? undefined : index(value)

const count = (value: unknown): number => (value === undefined ? -1 : index(value))

function fill(value: unknown): string {
  if (value === undefined) return " "
  const char = text(value, "The fill character")
  if (textLength(char) !== 1) {
    throw new PythonError("TypeError", "The fill character must be exactly one character long")
  }
  return char
}

function chars(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : text(value, "strip arg")
}

const cased = (self: string): string[] => Array.from(self).filter((c) => /\p{Lu}|\p{Ll}|\p{Lt}/u.test(c))

const matches = (pattern: RegExp) =>
  method("/", (self) => self !== "" && Array.from(self).every((char) => pattern.test(char)))

function affix(test: (self: string, part: string) => boolean, name: string): StringMethod {
  return method("/ affix start? end?", (self, value, start, end) => {
    const part = search.sliced(self, optionalIndex(start), optionalIndex(end))
    if (part === undefined) return false
    if (value instanceof Tuple) return value.some((item) => test(part, text(item, name)))
    const affix = textOf(value)
    if (affix !== undefined) return test(part, affix)
    const what = `${name} first arg must be str or a tuple of str, not ${typeName(value)}`
    throw new PythonError("TypeError", what)
  })
}

function found(finder: typeof search.find, missing: "error" | "-1"): StringMethod {
  return method("/ sub start? end?", (self, sub, start, end) => {
    const at = finder(self, text(sub), optionalIndex(start), optionalIndex(end))
    if (at < 0 && missing === "error") throw new PythonError("ValueError", "substring not found")
    return at
  })
}

/** The four digraphs that have a title case of their own. */
const DIGRAPHS: Record<string, string> = {
  "\u01c4": "\u01c5",
  "\u01c7": "\u01c8",
  "\u01ca": "\u01cb",
  "\u01f1": "\u01f2",
}

/** A character at the start of a word: `ß` becomes `Ss`. */
function titleCase(char: string): string {
  const upper = char.toUpperCase()
  const [first = ""] = upper
  return DIGRAPHS[upper] ?? first + upper.slice(first.length).toLowerCase()
}

const titled = (self: string): string =>
  self.replace(/(\p{Lu}|\p{Ll}|\p{Lt}|\p{Lm})(\p{L}*)/gu, (_, first: string, rest: string) => {
    return titleCase(first) + rest.toLowerCase()
  })

/** First character in title case, the rest in lower case. */
export function capitalize(self: string): string {
  const [first = ""] = self
  return titleCase(first) + self.slice(first.length).toLowerCase()
}

const METHODS = new Map<string, StringMethod>(
  Object.entries({
    upper: kept("/", (self) => self.toUpperCase()),
    lower: kept("/", (self) => self.toLowerCase()),
    casefold: kept("/", (self) => self.toLowerCase().replaceAll("ß", "ss")),
    capitalize: kept("/", capitalize),
    title: kept("/", titled),
    swapcase: kept("/", (self) =>
      Array.from(self, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(""),
    ),
    strip: kept("/ chars?", (self, set) => search.strip(self, chars(set), true, true)),
    lstrip: kept("/ chars?", (self, set) => search.strip(self, chars(set), true, false)),
    rstrip: kept("/ chars?", (self, set) => search.strip(self, chars(set), false, true)),
    split: kept("sep? maxsplit?", (self, sep, max) => search.split(self, separator(sep), count(max))),
    rsplit: kept("sep? maxsplit?", (self, sep, max) => search.rsplit(self, separator(sep), count(max))),
    splitlines: kept("keepends?", (self, keep) => search.splitLines(self, truthy(keep))),
    partition: kept("/ sep", (self, sep) => Tuple.from(search.partition(self, nonEmpty(sep)))),
    rpartition: kept("/ sep", (self, sep) => Tuple.from(search.rpartition(self, nonEmpty(sep)))),
    replace: kept("/ old new count?", (self, old, by, max) =>
      search.replace(self, text(old), text(by), count(max)),
    ),
    removeprefix: kept("/ prefix", (self, prefix) => {
      const part = text(prefix)
      return self.startsWith(part) ? self.slice(part.length) : self
    }),
    removesuffix: kept("/ suffix", (self, suffix) => {
      const part = text(suffix)
      return part !== "" && self.endsWith(part) ? self.slice(0, -part.length) : self
    }),
    center: kept("/ width fillchar?", (self, width, char) => search.center(self, index(width), fill(char))),
    ljust: kept("/ width fillchar?", (self, width, char) => pad(self, fill(char), "<", index(width))),
    rjust: kept("/ width fillchar?", (self, width, char) => pad(self, fill(char), ">", index(width))),
    zfill: kept("/ width", (self, width) => {
      const sign = /^[+-]/.exec(self)?.[0] ?? ""
      return sign + pad(self.slice(sign.length), "0", ">", index(width) - sign.length)
    }),
    expandtabs: kept("tabsize?", (self, size) =>
      search.expandTabs(self, size === undefined ? 8 : index(size)),
    ),
    startswith: affix((self, part) => self.startsWith(part), "startswith"),
    endswith: affix((self, part) => self.endsWith(part), "endswith"),
    find: found(search.find, "-1"),
    rfind: found(search.rfind, "-1"),
    index: found(search.find, "error"),
    rindex: found(search.rfind, "error"),
    count: method("/ sub start? end?", (self, sub, start, end) =>
      search.count(self, text(sub), optionalIndex(start), optionalIndex(end)),
    ),
    isalpha: matches(/\p{L}/u),
    isalnum: matches(/[\p{L}\p{N}]/u),
    isdigit: matches(/[\p{Nd}²³¹⁰-⁹₀-₉]/u),
    isdecimal: matches(/\p{Nd}/u),
    isnumeric: matches(/\p{N}/u),
    isspace: matches(search.SPACE),
    isascii: method("/", (self) => !/[^\0-\x7f]/.test(self)),
    isprintable: method("/", (self) => !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(self)),
    isidentifier: method("/", (self) => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(self)),
    islower: method("/", (self) => isLower(self)),
    isupper: method("/", (self) => isUpper(self)),
    istitle: method("/", (self) => cased(self).length > 0 && titled(self) === self),
  }),
)

export function isLower(self: string): boolean {
  return self === self.toLowerCase() && cased(self).length > 0
}

export function isUpper(self: string): boolean {
  return self === self.toUpperCase() && cased(self).length > 0
}

function separator(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : nonEmpty(value)
}

function nonEmpty(value: unknown): string {
  const sep = text(value, "sep")
  if (sep === "") throw new PythonError("ValueError", "empty separator")
  return sep
}

const ESCAPED_ARGUMENTS: Record<string, number> = { replace: 1, ljust: 1, rjust: 1, center: 1 }

/** A method of a string, bound; undefined if there is none of that name. */
export function stringMethod(
  self: string | Markup,
  name: string,
  access: FieldAccess,
): ((args: unknown[], kwargs: Kwargs) => unknown) | undefined {
  const value = typeof self === "string" ? self : self.text
  const markup = self instanceof Markup
  if (name === "format" || name === "format_map") return formatter(value, name, access, markup)
  if (name === "join") return (args, kwargs) => joined(value, bind("join", JOIN, args, kwargs)[0], markup)
  const found = METHODS.get(name)
  if (found === undefined) return undefined
  return (args, kwargs) => {
    const bound = bind(name, found.signature, args, kwargs)
    const at = markup ? ESCAPED_ARGUMENTS[name] : undefined
    if (at !== undefined && typeof bound[at] === "string") bound[at] = escapeHtml(bound[at])
    const result = found.body(value, ...bound)
    return markup && found.keepsMarkup ? marked(result) : result
  }
}

const JOIN = signature("/ iterable")
const FORMAT_MAP = signature("/ mapping")

function marked(result: unknown): unknown {
  if (typeof result === "string") return new Markup(result)
  if (result instanceof Tuple) return Tuple.from(Array.from(result, marked))
  return Array.isArray(result) ? result.map(marked) : result
}

function formatter(self: string, name: string, access: FieldAccess, markup: boolean) {
  return (args: unknown[], kwargs: Kwargs): unknown => {
    const mapping = name === "format_map" ? dictOf(bind(name, FORMAT_MAP, args, kwargs)[0]) : undefined
    if (name === "format_map" && mapping === undefined) {
      throw new PythonError("TypeError", "format_map() argument must be a mapping")
    }
    const named = (key: string): unknown => {
      const has = mapping === undefined ? Object.hasOwn(kwargs, key) : mapping.has(key)
      if (!has) throw new PythonError("KeyError", repr(key))
      return mapping === undefined ? kwargs[key] : mapping.get(key)
    }
    const result = new BraceFormatter(mapping === undefined ? args : [], named, access, markup).format(self)
    return markup ? new Markup(result) : result
  }
}

function joined(self: string, items: unknown, markup: boolean): unknown {
  const parts = Array.from(iterate(items), (item, i) => {
    const part = textOf(item)
    if (part !== undefined) return markup && !(item instanceof Markup) ? escapeHtml(part) : part
    throw new PythonError("TypeError", `sequence item ${i}: expected str instance, ${typeName(item)} found`)
  })
  const result = parts.join(self)
  return markup ? new Markup(result) : result
}

/** Code points of a string from `start` to `end` in steps, for slices. */
export function pickPoints(self: string, indexes: Iterable<number>): string {
  const all = points(self)
  let picked = ""
  for (const i of indexes) picked += all[i]
  return picked
}
