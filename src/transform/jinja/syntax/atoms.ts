import { int } from "../values/numbers.ts"
import { float } from "../values/types.ts"
import type { Expression } from "./ast.ts"
import { describe, type TokenStream } from "./token-stream.ts"

export interface TupleOptions {
  /** Only names and literals, as targets of assignments are. */
  simple?: boolean
  /** No inline if: its `if` belongs to the statement. */
  noCondition?: boolean
  /** A name that ends the tuple. */
  end?: string
  /** In parentheses: may be empty. */
  parentheses?: boolean
  /** `ns.attribute` is a target. */
  namespace?: boolean
}

const PLAIN: TupleOptions = {}

/** Reads names, literals and tuples. */
export abstract class AtomParser {
  readonly stream: TokenStream

  constructor(stream: TokenStream) {
    this.stream = stream
  }

  abstract expression(): Expression

  /** An expression without inline if. */
  abstract simpleExpression(): Expression

  /** A name or a literal. */
  primary(withNamespace = false): Expression {
    const { stream } = this
    const { type, text, at } = stream.current
    if (type === "[") return this.#list()
    if (type === "{") return this.#dict()
    if (type === "string") {
      let value = ""
      while (stream.is("string")) value += stream.next().text
      return { kind: "const", value, at }
    }
    if (type !== "name" && type !== "int" && type !== "float" && type !== "(") {
      throw stream.fail(`unexpected '${describe(stream.current)}'`)
    }
    stream.next()
    if (type === "name") return this.#name(text, at, withNamespace)
    if (type === "(") {
      const node = this.tuple({ parentheses: true })
      stream.expect(")")
      return node
    }
    const digits = text.replaceAll("_", "").toLowerCase()
    return { kind: "const", value: type === "int" ? int(BigInt(digits)) : float(Number(digits)), at }
  }

  #name(name: string, at: number, withNamespace: boolean): Expression {
    if (name === "true" || name === "True") return { kind: "const", value: true, at }
    if (name === "false" || name === "False") return { kind: "const", value: false, at }
    if (name === "none" || name === "None") return { kind: "const", value: null, at }
    if (withNamespace && this.stream.skip(".")) {
      return { kind: "nsref", name, attribute: this.stream.expectName().text, at }
    }
    return { kind: "name", name, ctx: "load", at }
  }

  /** One expression, or several with commas: then a tuple. */
  tuple(options: TupleOptions = PLAIN): Expression {
    const { stream } = this
    const { at } = stream.current
    const items: Expression[] = []
    let isTuple = false
    for (;;) {
      if (items.length > 0) stream.expect(",")
      if (this.#tupleEnds(options.end)) break
      items.push(
        options.simple === true
          ? this.primary(options.namespace)
          : options.noCondition === true
            ? this.simpleExpression()
            : this.expression(),
      )
      if (!stream.is(",")) break
      isTuple = true
    }
    if (isTuple) return { kind: "tuple", items, at }
    const only = items[0]
    if (only !== undefined) return only
    if (options.parentheses !== true) {
      throw stream.fail(`Expected an expression, got '${describe(stream.current)}'`)
    }
    return { kind: "tuple", items, at }
  }

  #tupleEnds(end: string | undefined): boolean {
    const { stream } = this
    const { type } = stream.current
    if (type === "}}" || type === "%}" || stream.is(")")) return true
    return end !== undefined && stream.isName(end)
  }

  #list(): Expression {
    const { at } = this.stream.expect("[")
    const items: Expression[] = []
    while (!this.stream.is("]")) {
      if (items.length > 0) this.stream.expect(",")
      if (this.stream.is("]")) break
      items.push(this.expression())
    }
    this.stream.expect("]")
    return { kind: "list", items, at }
  }

  #dict(): Expression {
    const { at } = this.stream.expect("{")
    const items: [Expression, Expression][] = []
    while (!this.stream.is("}")) {
      if (items.length > 0) this.stream.expect(",")
      if (this.stream.is("}")) break
      const key = this.expression()
      this.stream.expect(":")
      items.push([key, this.expression()])
    }
    this.stream.expect("}")
    return { kind: "dict", items, at }
  }
}
