import { PythonError } from "../errors.ts"
import { add, operate } from "../values/arithmetic.ts"
import { attributeOf, getAttribute, getSlice } from "../values/attributes.ts"
import { Dict, dictOf } from "../values/dict.ts"
import { iterate, length, list, truthy, unpack } from "../values/iteration.ts"
import { index } from "../values/numbers.ts"
import { replace } from "../values/string-search.ts"
import { repr, str, textOf } from "../values/text.ts"
import { typeName } from "../values/type-names.ts"
import { Callable, Markup, Tuple, Undefined } from "../values/types.ts"
import { type Builtin, define } from "./filter.ts"
import { escaped, escapeHtml, stripTags } from "./html.ts"
import { toJson } from "./json.ts"
import { wrapText } from "./wrap-text.ts"

/** A string of any value; Markup stays Markup. */
const softString = (value: unknown): string | Markup => (value instanceof Markup ? value : str(value))

/** Calls a method of a string by its Python name. */
function method(value: unknown, name: string, ...args: unknown[]): unknown {
  if (value instanceof Undefined) return getAttribute(value, name)
  const found = attributeOf(value, name)
  if (found instanceof Callable) return found.invoke(args, {})
  throw new PythonError("AttributeError", `'${typeName(value)}' object has no attribute '${name}'`)
}

/** A filter that is a method of the value as a string. */
const stringFilter = (name: string): [string, Builtin] =>
  define(name, "", (_, value) => method(softString(value), name))

function title(value: unknown): string {
  const parts = textOf(softString(value))?.split(/([-\s({[<]+)/) ?? []
  return parts.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase()).join("")
}

function indent(value: unknown, width: unknown, first: unknown, blank: unknown): unknown {
  const unit = width === undefined ? "    " : (textOf(width) ?? " ".repeat(Math.max(0, index(width))))
  const indention = value instanceof Markup ? new Markup(unit) : unit
  const newline = value instanceof Markup ? new Markup("\n") : "\n"
  const lines = list(method(add(value, newline), "splitlines"))
  let result: unknown
  if (truthy(blank)) result = method(add(newline, indention), "join", lines)
  else {
    const rest = lines.slice(1).map((line) => (truthy(line) ? add(indention, line) : line))
    result = rest.length === 0 ? lines[0] : add(add(lines[0], newline), method(newline, "join", rest))
  }
  return truthy(first) ? add(indention, result) : result
}

function truncate(value: unknown, size: unknown, kill: unknown, end: unknown, leeway: unknown): unknown {
  const limit = size === undefined ? 255 : index(size)
  const tail = end === undefined ? "..." : end
  const slack = leeway === undefined || leeway === null ? 5 : index(leeway)
  const tailLength = length(tail)
  if (limit < tailLength) {
    throw new PythonError("ValueError", `expected length >= ${tailLength}, got ${limit}`)
  }
  if (slack < 0) throw new PythonError("ValueError", `expected leeway >= 0, got ${slack}`)
  if (length(value) <= limit + slack) return value
  const cut = getSlice(value, null, limit - tailLength, null)
  if (truthy(kill)) return add(cut, tail)
  return add(list(method(cut, "rsplit", " ", 1))[0], tail)
}

function urlQuote(value: unknown, forQuery: boolean): string {
  const quoted = encodeURIComponent(str(value)).replace(/[!'()*]/g, (char) => {
    return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  })
  return forQuery ? quoted.replaceAll("%20", "+") : quoted.replaceAll("%2F", "/")
}

function urlEncode(value: unknown): string {
  if (textOf(value) !== undefined) return urlQuote(value, false)
  const dict = dictOf(value)
  let pairs: Iterable<unknown>
  if (dict !== undefined) pairs = Array.from(dict.entries(), (entry) => Tuple.from(entry))
  else {
    try {
      pairs = iterate(value)
    } catch {
      return urlQuote(value, false)
    }
  }
  return Array.from(pairs, (pair) => {
    const [key, item] = unpack(pair, 2)
    return `${urlQuote(key, true)}=${urlQuote(item, true)}`
  }).join("&")
}

function xmlAttributes(value: unknown, autospace: unknown): string {
  if (value instanceof Undefined && value.lenient) return ""
  const dict = dictOf(value)
  if (dict === undefined) {
    throw new PythonError("AttributeError", `'${typeName(value)}' object has no attribute 'items'`)
  }
  const attributes: string[] = []
  for (const [key, item] of dict.entries()) {
    if (item === null || item instanceof Undefined) continue
    const name = textOf(key)
    if (name === undefined) {
      throw new PythonError("TypeError", `expected string or bytes-like object, got '${typeName(key)}'`)
    }
    if (/[\s/>=]/.test(name))
      throw new PythonError("ValueError", `Invalid character in attribute name: ${repr(name)}`)
    attributes.push(`${escapeHtml(name)}="${escaped(item).text}"`)
  }
  const text = attributes.join(" ")
  return text !== "" && (autospace === undefined || truthy(autospace)) ? ` ${text}` : text
}

/** Python's pprint, for what fits on one line of 80. */
function prettyPrint(value: unknown): string {
  const text = repr(sortedKeys(value))
  if (text.length <= 80) return text
  throw new PythonError(
    "RuntimeError",
    "not supported by the embedded runner: pprint of more than 80 characters",
  )
}

function sortedKeys(value: unknown): unknown {
  if (value instanceof Tuple) return Tuple.from(Array.from(value, sortedKeys))
  if (Array.isArray(value)) return value.map(sortedKeys)
  const dict = dictOf(value)
  if (dict === undefined) return value
  const entries = [...dict.entries()].sort(([a], [b]) => (str(a) < str(b) ? -1 : 1))
  return Dict.fromEntries(entries.map(([key, item]) => [key, sortedKeys(item)] as const))
}

const jsonSafe = (text: string): string =>
  text.replace(/[<>&']/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)

function unsupported(name: string): [string, Builtin] {
  return [
    name,
    () => {
      const what = `not supported by the embedded runner: the filter '${name}'; use --engine dbt`
      throw new PythonError("RuntimeError", what)
    },
  ]
}

export const TEXT_FILTERS: readonly [string, Builtin][] = [
  stringFilter("upper"),
  stringFilter("lower"),
  stringFilter("capitalize"),
  define("title", "", (_, value) => title(value)),
  define("trim", "chars?", (_, value, chars) => method(softString(value), "strip", chars)),
  define("center", "width?", (_, value, width) => method(softString(value), "center", width ?? 80)),
  define("replace", "old new count?", (_, value, old, by, count) => {
    const max = count === undefined || count === null ? -1 : index(count)
    return replace(str(value), str(old), str(by), max)
  }),
  define("string", "", (_, value) => softString(value)),
  define("safe", "", (_, value) => new Markup(str(value))),
  define("e", "", (_, value) => escaped(value)),
  define("escape", "", (_, value) => escaped(value)),
  define("forceescape", "", (_, value) => new Markup(escapeHtml(str(value)))),
  define("striptags", "", (_, value) => stripTags(value)),
  define("indent", "width? first? blank?", (_, value, width, first, blank) =>
    indent(value, width, first, blank),
  ),
  define("truncate", "length? killwords? end? leeway?", (_, value, size, kill, end, leeway) =>
    truncate(value, size, kill, end, leeway),
  ),
  define("wordcount", "", (_, value) => str(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  define(
    "wordwrap",
    "width? break_long_words? wrapstring? break_on_hyphens?",
    (_, value, width, long, by, hyphens) => {
      const options = {
        width: width === undefined ? 79 : index(width),
        breakLongWords: long === undefined || truthy(long),
        breakOnHyphens: hyphens === undefined || truthy(hyphens),
      }
      const joint = by === undefined || by === null ? "\n" : str(by)
      return list(method(value, "splitlines"))
        .map((line) => wrapText(str(line), options).join(joint))
        .join(joint)
    },
  ),
  [
    "format",
    (_, value, args, kwargs) => {
      const named = Object.entries(kwargs)
      if (args.length > 0 && named.length > 0) {
        const what = "can't handle positional and keyword arguments at the same time"
        throw new PythonError("TypeError", what)
      }
      return operate("%", softString(value), named.length > 0 ? Dict.fromEntries(named) : Tuple.from(args))
    },
  ],
  define("urlencode", "", (_, value) => urlEncode(value)),
  define("xmlattr", "autospace?", (_, value, autospace) => xmlAttributes(value, autospace)),
  define("tojson", "indent?", (_, value, width) => {
    const spaces = width === undefined || width === null ? undefined : (textOf(width) ?? index(width))
    return new Markup(jsonSafe(toJson(value, { sortKeys: true, indent: spaces })))
  }),
  define("pprint", "", (_, value) => prettyPrint(value)),
  define("attr", "name", (context, value, name) => {
    const key = str(name)
    if (value instanceof Undefined) return getAttribute(value, key, context.lenient)
    return attributeOf(value, key) ?? new Undefined({ object: value, name: key, lenient: context.lenient })
  }),
  unsupported("urlize"),
  unsupported("random"),
]
