import { PythonError } from "../errors.ts"
import { Dict, PySet } from "../values/dict.ts"
import { int } from "../values/numbers.ts"
import { str } from "../values/text.ts"
import { float, isInt, isNumeric, NativeMarker, Tuple } from "../values/types.ts"
import { unary } from "../values/arithmetic.ts"
import { unescapeString } from "../syntax/string-literal.ts"
import { Source } from "../syntax/source.ts"

/** What a native template renders to: the only item itself, several ones as text. */
export function nativeResult(items: readonly unknown[]): unknown {
  if (items.length === 0) return ""
  if (items.length > 1) return items.map(str).join("")
  const only = items[0]
  if (!(only instanceof NativeMarker)) return only
  if (only.kind === "text") return only.text
  const value = literalValue(only.text)
  const fits =
    only.kind === "native" ||
    (only.kind === "bool" ? typeof value === "boolean" : isNumeric(value) && typeof value !== "boolean")
  if (fits) return value
  throw new PythonError("ValueError", `Could not convert value '${only.text}' into type '${only.kind}'`)
}

/** Python's `ast.literal_eval`; the text itself where it is no literal. */
function literalValue(text: string): unknown {
  try {
    const reader = new LiteralReader(text.replace(/^[ \t]+/, ""))
    return reader.whole()
  } catch (error) {
    if (error instanceof NoLiteral) return text
    throw error
  }
}

class NoLiteral extends Error {}

const NAMES: ReadonlyMap<string, unknown> = new Map([
  ["True", true],
  ["False", false],
  ["None", null],
])

const TOKEN =
  /\s*(?:([A-Za-z_]\w*)|(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?\.?)|('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|([-+()[\]{},:]))/y

class LiteralReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): unknown {
    const value = this.#value()
    if (this.#peek() !== ",") {
      this.#end()
      return value
    }
    const items = [value]
    while (this.#skip(",")) if (this.#peek() !== "") items.push(this.#value())
    this.#end()
    return Tuple.from(items)
  }

  #end(): void {
    if (this.#text.slice(this.#at).trim() !== "") throw new NoLiteral()
  }

  #token(): RegExpExecArray {
    TOKEN.lastIndex = this.#at
    const match = TOKEN.exec(this.#text)
    if (match === null) throw new NoLiteral()
    this.#at = TOKEN.lastIndex
    return match
  }

  #peek(): string {
    return this.#text.slice(this.#at).trimStart().charAt(0)
  }

  #skip(char: string): boolean {
    if (this.#peek() !== char) return false
    this.#token()
    return true
  }

  #value(): unknown {
    const [, name, number, string, sign] = this.#token()
    if (name !== undefined) {
      if (NAMES.has(name)) return NAMES.get(name)
      throw new NoLiteral()
    }
    if (number !== undefined) return this.#number(number)
    if (string !== undefined) return this.#string(string)
    if (sign === "-" || sign === "+") {
      const value = this.#value()
      if (!isNumeric(value) || typeof value === "boolean") throw new NoLiteral()
      return unary(sign, value)
    }
    if (sign === "[") return this.#items("]")[0]
    if (sign === "(") {
      const [items, commas] = this.#items(")")
      return items.length === 1 && commas === 0 ? items[0] : Tuple.from(items)
    }
    if (sign === "{") return this.#braces()
    throw new NoLiteral()
  }

  #number(text: string): unknown {
    const digits = text.replaceAll("_", "")
    if (/^0[xob]/i.test(digits) || /^\d+$/.test(digits)) {
      if (/^0\d/.test(digits) && /[1-9]/.test(digits)) throw new NoLiteral()
      const value = int(BigInt(digits))
      if (isInt(value)) return value
    }
    return float(Number(digits))
  }

  #string(first: string): string {
    const source = new Source("", "")
    let value = unescapeString(first.slice(1, -1), source, 0)
    while (this.#peek() === "'" || this.#peek() === '"') {
      const [, , , next = ""] = this.#token()
      if (next === "") throw new NoLiteral()
      value += unescapeString(next.slice(1, -1), source, 0)
    }
    return value
  }

  #items(close: string): [items: unknown[], commas: number] {
    const items: unknown[] = []
    let commas = 0
    while (!this.#skip(close)) {
      if (items.length > commas) {
        if (!this.#skip(",")) throw new NoLiteral()
        commas++
        continue
      }
      items.push(this.#value())
    }
    return [items, commas]
  }

  #braces(): unknown {
    if (this.#skip("}")) return new Dict()
    const first = this.#value()
    if (this.#peek() !== ":") {
      const items = [first]
      while (!this.#skip("}")) {
        if (!this.#skip(",")) throw new NoLiteral()
        if (this.#peek() !== "}") items.push(this.#value())
      }
      return new PySet(items)
    }
    const dict = new Dict()
    let key = first
    for (;;) {
      if (!this.#skip(":")) throw new NoLiteral()
      dict.set(key, this.#value())
      const more = this.#skip(",")
      if (this.#skip("}")) return dict
      if (!more) throw new NoLiteral()
      key = this.#value()
    }
  }
}
