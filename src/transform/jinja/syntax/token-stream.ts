import type { JinjaError } from "../errors.ts"
import type { Source } from "./source.ts"
import { Lexer, type OperatorText, type Token, type TokenType } from "./lexer.ts"

/** The tokens of a template with one current token, as the parsers read them. */
export class TokenStream {
  readonly source: Source
  readonly #lexer: Lexer
  /** The tokens that were read last; the current one is at the index. */
  readonly #tokens: Token[] = []
  #index = 0
  current: Token

  constructor(source: Source) {
    this.source = source
    this.#lexer = new Lexer(source)
    this.#lexer.read(this.#tokens)
    this.current = this.#tokens[0] as Token
  }

  /** The token after the current one. */
  get ahead(): Token {
    if (this.#index + 1 >= this.#tokens.length) this.#lexer.read(this.#tokens)
    return this.#tokens[this.#index + 1] as Token
  }

  /** Gives the current token and goes on. */
  next(): Token {
    const token = this.current
    if (++this.#index >= this.#tokens.length) {
      this.#tokens.length = 0
      this.#index = 0
      this.#lexer.read(this.#tokens)
    }
    this.current = this.#tokens[this.#index] as Token
    return token
  }

  is(type: TokenType): boolean {
    return this.current.type === type
  }

  isName(text: string): boolean {
    return this.current.text === text && this.current.type === "name"
  }

  skip(type: OperatorText): boolean {
    if (this.current.type !== type) return false
    this.next()
    return true
  }

  skipName(text: string): boolean {
    if (!this.isName(text)) return false
    this.next()
    return true
  }

  expectName(text?: string): Token {
    const { current } = this
    if (current.type === "name" && (text === undefined || current.text === text)) return this.next()
    throw this.#expected(text ?? "name")
  }

  expect(type: OperatorText | "}}" | "%}"): Token {
    if (this.current.type === type) return this.next()
    throw this.#expected(TAG_ENDS[type] ?? type)
  }

  #expected(what: string): JinjaError {
    if (this.current.type === "eof") return this.fail(`unexpected end of template, expected '${what}'.`)
    return this.fail(`expected token '${what}', got '${describe(this.current)}'`)
  }

  fail(message: string, at: number = this.current.at): JinjaError {
    return this.source.error(message, at)
  }
}

const TAG_ENDS: Record<string, string> = { "}}": "end of print statement", "%}": "end of statement block" }

/** How an error message names a token. */
export function describe(token: Token): string {
  return DESCRIPTIONS[token.type] ?? token.text
}

const DESCRIPTIONS: Record<string, string> = {
  data: "template data / text",
  "{{": "begin of print statement",
  "}}": "end of print statement",
  "{%": "begin of statement block",
  "%}": "end of statement block",
  eof: "end of template",
  int: "integer",
  float: "float",
  string: "string",
}
