import type { JinjaError } from "../errors.ts"
import type {
  BlockKind,
  CallBlock,
  Data,
  Expression,
  Filter,
  For,
  If,
  Macro,
  NameContext,
  Statement,
} from "./ast.ts"
import { boundName, NO_PARAMETERS, parseMaterialization, parseSignature } from "./signatures.ts"
import { ExpressionParser } from "./expressions.ts"
import type { Source } from "./source.ts"
import { TokenStream } from "./token-stream.ts"

/** Parses a whole template. @throws JinjaError at the first mistake */
export function parseTemplate(source: Source): Statement[] {
  return new Parser(new TokenStream(source)).statements([])
}

const UNSUPPORTED: ReadonlySet<string> = new Set([
  "block",
  "extends",
  "include",
  "import",
  "from",
  "autoescape",
])

const BLOCK_KINDS: ReadonlySet<string> = new Set(["macro", "test", "materialization", "snapshot", "docs"])

class Parser {
  readonly #stream: TokenStream
  readonly #expressions: ExpressionParser
  readonly #openTags: string[] = []
  readonly #awaited: (readonly string[])[] = []
  /** Offset of the `{%` of the tag that is being read. */
  #tagStart = 0

  constructor(stream: TokenStream) {
    this.#stream = stream
    this.#expressions = new ExpressionParser(stream)
  }

  /** Statements up to one of the end tags, whose name is then the current token; without end tags up to the end. */
  statements(ends: readonly string[]): Statement[] {
    const stream = this.#stream
    const body: Statement[] = []
    let printed: (Data | Expression)[] = []
    const flush = (): void => {
      if (printed.length > 0) body.push({ kind: "output", nodes: printed, at: printed[0]?.at ?? 0 })
      printed = []
    }
    if (ends.length > 0) this.#awaited.push(ends)
    while (stream.current.type !== "eof") {
      const token = stream.next()
      if (token.type === "data") printed.push({ kind: "data", text: token.text, at: token.at })
      else if (token.type === "{{") {
        printed.push(this.#expressions.tuple())
        stream.expect("}}")
      } else {
        flush()
        this.#tagStart = token.at
        if (ends.length > 0 && stream.current.type === "name" && ends.includes(stream.current.text)) {
          this.#awaited.pop()
          return body
        }
        body.push(this.#statement())
        stream.expect("%}")
      }
    }
    flush()
    if (ends.length > 0) throw this.#unknown(undefined)
    return body
  }

  /** The body of a tag: an optional colon, the end of the tag, statements up to an end tag. */
  #body(...ends: string[]): Statement[] {
    this.#stream.skip(":")
    this.#stream.expect("%}")
    return this.statements(ends)
  }

  #bodyThenSkip(end: string): Statement[] {
    const body = this.#body(end)
    this.#stream.next()
    return body
  }

  #statement(): Statement {
    const { current } = this.#stream
    if (current.type !== "name") throw this.#stream.fail("tag name expected")
    if (UNSUPPORTED.has(current.text)) {
      throw this.#stream.fail(`not supported by the embedded runner: {% ${current.text} %}; use --engine dbt`)
    }
    this.#openTags.push(current.text)
    const statement = this.#tag(current.text, current.at)
    this.#openTags.pop()
    return statement
  }

  #tag(tag: string, at: number): Statement {
    const stream = this.#stream
    if (BLOCK_KINDS.has(tag)) return this.#block(tag as BlockKind, at)
    switch (tag) {
      case "if":
        return this.#if()
      case "for":
        return this.#for()
      case "set":
        return this.#set()
      case "call":
        return this.#callBlock()
      case "with":
        return this.#with()
      case "filter": {
        stream.next()
        const filter = this.#expressions.filter(undefined, true) as Filter
        return { kind: "filterblock", filter, body: this.#bodyThenSkip("endfilter"), at }
      }
      case "print": {
        stream.next()
        const nodes: Expression[] = []
        while (stream.current.type !== "%}") {
          if (nodes.length > 0) stream.expect(",")
          nodes.push(this.#expressions.expression())
        }
        return { kind: "output", nodes, at }
      }
      case "do":
        stream.next()
        return { kind: "do", node: this.#expressions.tuple(), at }
      case "break":
      case "continue":
        stream.next()
        return { kind: tag, at }
      default:
        this.#openTags.pop()
        throw this.#unknown(tag)
    }
  }

  #if(): If {
    const { at } = this.#stream.next()
    const [test, body] = this.#branch()
    const elifs: If[] = []
    let otherwise: Statement[] = []
    for (;;) {
      const end = this.#stream.next()
      if (end.text === "elif") {
        const [test, body] = this.#branch()
        elifs.push({ kind: "if", test, body, elifs: [], otherwise: [], at: end.at })
        continue
      }
      if (end.text === "else") otherwise = this.#bodyThenSkip("endif")
      return { kind: "if", test, body, elifs, otherwise, at }
    }
  }

  #branch(): [Expression, Statement[]] {
    return [this.#expressions.tuple({ noCondition: true }), this.#body("elif", "else", "endif")]
  }

  #for(): For {
    const stream = this.#stream
    const { at } = stream.next()
    const target = this.#target({ end: "in" })
    stream.expectName("in")
    const iterable = this.#expressions.tuple({ noCondition: true, end: "recursive" })
    const test = stream.skipName("if") ? this.#expressions.expression() : undefined
    const recursive = stream.skipName("recursive")
    const body = this.#body("endfor", "else")
    const otherwise = stream.next().text === "else" ? this.#bodyThenSkip("endfor") : []
    return { kind: "for", target, iterable, test, recursive, body, otherwise, at }
  }

  #set(): Statement {
    const { at } = this.#stream.next()
    const target = this.#target({ namespace: true })
    if (this.#stream.skip("=")) return { kind: "set", target, value: this.#expressions.tuple(), at }
    const filter = this.#expressions.filter(undefined) as Filter | undefined
    return { kind: "setblock", target, filter, body: this.#bodyThenSkip("endset"), at }
  }

  #with(): Statement {
    const stream = this.#stream
    const { at } = stream.next()
    const targets: Expression[] = []
    const values: Expression[] = []
    while (stream.current.type !== "%}") {
      if (targets.length > 0) stream.expect(",")
      targets.push(this.#target({}, "param"))
      stream.expect("=")
      values.push(this.#expressions.expression())
    }
    return { kind: "with", targets, values, body: this.#bodyThenSkip("endwith"), at }
  }

  #callBlock(): CallBlock {
    const stream = this.#stream
    const { at } = stream.next()
    const signature = stream.is("(") ? parseSignature(this.#expressions) : NO_PARAMETERS
    const call = this.#expressions.expression()
    if (call.kind !== "call") throw stream.fail("expected call", at)
    return { kind: "callblock", ...signature, call, body: this.#bodyThenSkip("endcall"), at }
  }

  #block(block: BlockKind, at: number): Macro {
    const stream = this.#stream
    const from = this.#tagStart
    stream.next()
    const label = stream.expectName().text
    let adapter: string | undefined
    let signature = NO_PARAMETERS
    if (block === "macro" || block === "test") signature = parseSignature(this.#expressions)
    else if (block === "materialization")
      [adapter, signature] = parseMaterialization(this.#expressions, label)
    stream.skip(":")
    const bodyFrom = stream.expect("%}").end
    const body = this.statements([`end${block}`])
    const bodyTo = this.#tagStart
    stream.next()
    const to = stream.current.end
    const name = boundName(block, label, adapter)
    return { kind: "macro", block, label, adapter, name, ...signature, body, at, from, to, bodyFrom, bodyTo }
  }

  #target(options: { end?: string; namespace?: boolean }, ctx: NameContext = "store"): Expression {
    const target = this.#expressions.tuple({ simple: true, ...options })
    this.#assignable(target, ctx)
    return target
  }

  #assignable(target: Expression, ctx: NameContext): void {
    if (target.kind === "name") target.ctx = ctx
    else if (target.kind === "tuple") for (const item of target.items) this.#assignable(item, ctx)
    else if (target.kind !== "nsref") throw this.#stream.fail(`can't assign to '${target.kind}'`, target.at)
  }

  #unknown(tag: string | undefined): JinjaError {
    const ends = this.#awaited.at(-1)
    const message = [tag === undefined ? "Unexpected end of template." : `Encountered unknown tag '${tag}'.`]
    if (ends !== undefined) {
      const wanted = ends.map((end) => `'${end}'`).join(" or ")
      const elsewhere = tag !== undefined && this.#awaited.some((list) => list.includes(tag))
      message.push(
        elsewhere
          ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${wanted}.`
          : `Jinja was looking for the following tags: ${wanted}.`,
      )
    }
    const open = this.#openTags.at(-1)
    if (open !== undefined) message.push(`The innermost block that needs to be closed is '${open}'.`)
    return this.#stream.fail(message.join(" "))
  }
}
