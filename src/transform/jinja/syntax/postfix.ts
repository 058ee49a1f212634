import type { Arguments, Call, Expression, Filter } from "./ast.ts"
import { AtomParser } from "./atoms.ts"

const NO_ARGUMENTS: Arguments = { args: [], kwargs: [], dynArgs: undefined, dynKwargs: undefined }

/** Reads what follows a value: attributes, items, calls, filters and tests. */
export abstract class PostfixParser extends AtomParser {
  /** Attributes, items and calls. */
  postfix(node: Expression): Expression {
    let result = node
    for (;;) {
      const { type } = this.stream.current
      if (type === "." || type === "[") result = this.#subscript(result)
      else if (type === "(") result = this.#call(result)
      else return result
    }
  }

  filters(node: Expression): Expression {
    let result = node
    for (;;) {
      const { type, text } = this.stream.current
      if (type === "|") result = this.filter(result) as Expression
      else if (type === "name" && text === "is") result = this.#test(result)
      else if (type === "(") result = this.#call(result)
      else return result
    }
  }

  #subscript(node: Expression): Expression {
    const { stream } = this
    const { type, at } = stream.next()
    if (type === ".") {
      const token = stream.next()
      if (token.type === "name") return { kind: "attribute", node, name: token.text, at: token.at }
      if (token.type !== "int") throw stream.fail("expected name or number", token.at)
      const key: Expression = { kind: "const", value: Number(token.text.replaceAll("_", "")), at: token.at }
      return { kind: "item", node, key, at }
    }
    const keys: Expression[] = []
    while (!stream.is("]")) {
      if (keys.length > 0) stream.expect(",")
      keys.push(this.#subscribed())
    }
    stream.expect("]")
    const key: Expression = keys.length === 1 ? (keys[0] as Expression) : { kind: "tuple", items: keys, at }
    return { kind: "item", node, key, at }
  }

  #subscribed(): Expression {
    const { stream } = this
    const { at } = stream.current
    let start: Expression | undefined
    if (!stream.is(":")) {
      start = this.expression()
      if (!stream.is(":")) return start
    }
    stream.next()
    const bound = (): Expression | undefined =>
      stream.is(":") || stream.is("]") || stream.is(",") ? undefined : this.expression()
    const stop = bound()
    const step = stream.skip(":") ? bound() : undefined
    return { kind: "slice", start, stop, step, at }
  }

  #call(node: Expression): Call {
    const { at } = this.stream.current
    return { kind: "call", node, ...this.arguments(), at }
  }

  arguments(): Arguments {
    const { stream } = this
    const open = stream.expect("(")
    const args: Expression[] = []
    const kwargs: [string, Expression][] = []
    let dynArgs: Expression | undefined
    let dynKwargs: Expression | undefined
    const ensure = (holds: boolean): void => {
      if (!holds) throw stream.fail("invalid syntax for function call expression", open.at)
    }
    for (let first = true; !stream.is(")"); first = false) {
      if (!first) {
        stream.expect(",")
        if (stream.is(")")) break
      }
      if (stream.is("*")) {
        ensure(dynArgs === undefined && dynKwargs === undefined)
        stream.next()
        dynArgs = this.expression()
      } else if (stream.is("**")) {
        ensure(dynKwargs === undefined)
        stream.next()
        dynKwargs = this.expression()
      } else if (stream.current.type === "name" && stream.ahead.type === "=") {
        ensure(dynKwargs === undefined)
        const { text, at } = stream.next()
        if (kwargs.some(([name]) => name === text))
          throw stream.fail(`keyword argument repeated: ${text}`, at)
        stream.next()
        kwargs.push([text, this.expression()])
      } else {
        ensure(dynArgs === undefined && dynKwargs === undefined && kwargs.length === 0)
        args.push(this.expression())
      }
    }
    stream.expect(")")
    return { args, kwargs, dynArgs, dynKwargs }
  }

  /** Zero or more `| name(…)`; with `inline` the first has no bar. */
  filter(node: Expression | undefined, inline = false): Expression | undefined {
    const { stream } = this
    let result = node
    for (let first = inline; first || stream.is("|"); first = false) {
      if (!first) stream.next()
      const { at } = stream.current
      const name = this.#dottedName()
      const args = stream.is("(") ? this.arguments() : NO_ARGUMENTS
      result = { kind: "filter", node: result, name, ...args, at } satisfies Filter
    }
    return result
  }

  #dottedName(): string {
    let name = this.stream.expectName().text
    while (this.stream.skip(".")) name += `.${this.stream.expectName().text}`
    return name
  }

  #test(node: Expression): Expression {
    const { stream } = this
    stream.next()
    const { at } = stream.current
    const negated = stream.skipName("not")
    const name = this.#dottedName()
    const test: Expression = { kind: "test", node, name, ...this.#testArguments(), at }
    return negated ? { kind: "not", node: test, at } : test
  }

  #testArguments(): Arguments {
    const { stream } = this
    if (stream.is("(")) return this.arguments()
    const { type, text } = stream.current
    const starts = type === "name" || type === "string" || type === "int" || type === "float"
    const opens = stream.is("[") || stream.is("{")
    if ((!starts && !opens) || (type === "name" && (text === "else" || text === "or" || text === "and"))) {
      return NO_ARGUMENTS
    }
    if (stream.isName("is")) throw stream.fail("You cannot chain multiple tests with is")
    return { ...NO_ARGUMENTS, args: [this.postfix(this.primary())] }
  }
}
